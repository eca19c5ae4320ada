#!/bin/busybox sh
# First process of the guest with QEMU's edu device: the host's VFIO class.
. /support.sh
for module in irqbypass vfio_virqfd vfio vfio_iommu_type1 vfio-pci-core vfio-pci; do
  busybox insmod "/modules/$module.ko"
done
edu=$(basename "$(dirname "$(grep -l 0x11e8 /sys/bus/pci/devices/*/device)")")
step unbound crucible info --address "vfio:$edu"
echo vfio-pci >"/sys/bus/pci/devices/$edu/driver_override"
echo "$edu" >/sys/bus/pci/drivers_probe
step no_card crucible info --address "vfio:$edu"
step vfio edu_vfio "$edu"
busybox poweroff -f
