#!/bin/busybox sh
# First process of the guest that has the emulated card in a slot: the program through sysfs.
. /support.sh
step lspci lspci -n -d 1234:c1c1
card=$(basename "$(dirname "$(grep -l 0xc1c1 /sys/bus/pci/devices/*/device)")")
step info crucible info --address "pcie:$card"
step mvm crucible mvm --levels l.npy --offsets o.npy --inputs x.npy --out /r.npy --lsb-exp 10 --base 32 --adc-shift 10 \
  --backend "board:pcie:$card"
step equal cmp /r.npy expected.npy
step eval crucible eval --data strokes --network /network --images 2 --threads 1 --address "pcie:$card"
busybox poweroff -f
