#!/bin/sh
# Loads the bitstream until the next power cycle: program.sh BITSTREAM. NOT RUN HERE. Into the flash: add --write-flash.
exec openFPGALoader --board ulx3s "$1"
