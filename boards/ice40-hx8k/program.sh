#!/bin/sh
# Writes the bitstream to the board's flash: program.sh BITSTREAM. Jumpers as delivered (J6: flash).
exec iceprog "$1"
