#!/bin/sh
# Writes the bitstream to the board's flash: program.sh BITSTREAM. The iCEBreaker needs no jumper for that.
exec iceprog "$1"
