# What both guests do first, and how they say what a step gave: its output between two lines of the runner's.
export PATH=/bin LD_LIBRARY_PATH=/lib HOME=/
busybox mkdir -p /proc /sys /dev /tmp
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs dev /dev
cd /data
for tool in grep basename dirname cmp; do
  busybox ln -s busybox "/bin/$tool"
done

step() {
  name=$1
  shift
  echo "@@ begin $name"
  "$@" 2>&1
  echo "@@ end $name $?"
}
