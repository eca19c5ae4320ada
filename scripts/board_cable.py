"""Why a programmer did not reach its board, as far as the operating system knows. For board.py."""
import os
import re
from pathlib import Path

USB = Path("/sys/bus/usb/devices")
NODES = Path("/dev/bus/usb")
PROCESSES = Path("/proc")


def adapters(rules):
    """USB identities, vendor:product, in a board's udev rules; none for a board with a cable of the user's choice."""
    return re.findall(r'SUBSYSTEM=="usb", ATTRS\{idVendor\}=="(\w+)", ATTRS\{idProduct\}=="(\w+)"', rules.read_text(encoding="utf-8"))


def nodes(identities):
    """The device files of the adapters that are plugged in."""
    found = []
    for device in sorted(USB.glob("*/idVendor")):
        of = {n: (device.parent / n).read_text(encoding="ascii").strip() for n in ("idVendor", "idProduct", "busnum", "devnum")}
        if (of["idVendor"], of["idProduct"]) in identities:
            found.append(NODES / f"{int(of['busnum']):03}" / f"{int(of['devnum']):03}")
    return found


def holders(node):
    """The programs that have the device file open, as 'name (process n)'; only those that this user may look into."""
    found = []
    for process in (p for p in PROCESSES.iterdir() if p.name.isdigit()):
        try:
            if any(Path(os.readlink(fd)) == node for fd in (process / "fd").iterdir()):
                found.append(f"{(process / 'comm').read_text(encoding='utf-8').strip()} (process {process.name})")
        except OSError:  # gone, or another user's
            continue
    return found


def why(rules):
    """One sentence, and what to do: no adapter, no permission, in use; or that the programmer knows more."""
    identities = adapters(rules)
    if not identities:
        return "its message above says why; is the cable plugged in, is it the one that program.sh names?"
    names = " or ".join(":".join(i) for i in identities)
    plugged = nodes(identities)
    if not plugged:
        return f"no USB device {names} is plugged in; plug the board in, with a cable that carries data (`lsusb` lists what there is)"
    for node in plugged:
        if not os.access(node, os.R_OK | os.W_OK):
            return (f"no permission for {node}, the adapter {names}; sudo cp {rules} /etc/udev/rules.d/ && sudo udevadm control --reload, "
                    "then plug the board in again")
        if users := holders(node):
            return f"the adapter {names} ({node}) is in use by {', '.join(users)}; end it and try again"
    return f"the adapter {names} is plugged in, free and may be written; the message above says more, or power-cycle the board"
