#!/bin/sh
# Loads the bitstream over JTAG (an adapter on the card's connector, FT232H by default) until the next power cycle:
# program.sh BITSTREAM. NOT RUN HERE. Then rescan the bus: echo 1 >/sys/bus/pci/rescan, or reboot.
exec openFPGALoader --cable "${CABLE:-ft232}" --fpga-part xc7a100tfgg484 "$1"
