#!/usr/bin/python3
"""The proof against a real kernel: the emulated card in a slot of a machine in QEMU, and the VFIO back end against QEMU's edu.

Usage: prove.py BUILD. Both guests run a stock Debian kernel under software emulation, with an initramfs made here of busybox,
the unmodified programs of BUILD/bin and their libraries. Writes build/pcie/*.log and the line of the status table.
"""

import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from status_line import write_status  # noqa: E402  pylint: disable=wrong-import-position

SEED = 20261126
LIMIT_S = 900  # for one guest, on a machine with other work
MODULES = ("virt/lib/irqbypass", "drivers/vfio/vfio_virqfd", "drivers/vfio/vfio", "drivers/vfio/vfio_iommu_type1",
           "drivers/vfio/pci/vfio-pci-core", "drivers/vfio/pci/vfio-pci")


class Failed(Exception):
    """What did not hold."""


def kernel():
    """The newest installed kernel and its modules."""
    images = sorted(pathlib.Path("/boot").glob("vmlinuz-*-amd64"), key=lambda path: path.stat().st_mtime)
    if not images:
        raise Failed("there is no /boot/vmlinuz-*-amd64: install scripts/packages-pcie.txt")
    return images[-1], pathlib.Path("/lib/modules") / images[-1].name.removeprefix("vmlinuz-") / "kernel"


def libraries(program):
    """Paths of the shared libraries that a program needs, the loader among them."""
    text = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return {pathlib.Path(path) for path in re.findall(r"(/\S+) \(0x", text)}


def initramfs(folder, init, programs, data=(), modules=()):
    """A root folder packed for the kernel; returns the archive's path."""
    root = folder / init
    for place in ("bin", "lib", "lib64", "data", "modules"):
        (root / place).mkdir(parents=True)
    for source, place in ((ROOT / f"tests/pcie/{init}.sh", "init"), (ROOT / "tests/pcie/support.sh", "support.sh"),
                          ("/bin/busybox", "bin/busybox")):
        shutil.copy(source, root / place)
    (root / "init").chmod(0o755)
    for program in programs:
        shutil.copy(program, root / "bin")
        for library in libraries(program):
            shutil.copy(library, root / ("lib64" if library.name.startswith("ld-") else "lib"))
    for path in data:
        if path.is_dir():
            shutil.copytree(path, root / "network")
        else:
            shutil.copy(path, root / "data")
    for module in modules:
        shutil.copy(module, root / "modules")
    archive = folder / f"{init}.cpio"
    names = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, capture_output=True).stdout
    with archive.open("wb") as file:
        subprocess.run(["cpio", "--null", "--create", "--format=newc", "--quiet"], cwd=root, input=names, stdout=file, check=True)
    return archive


def run_guest(name, archive, log, arguments, descriptors=()):
    """Runs a machine until it powers off; returns {step: (exit code, output)}."""
    image, _ = kernel()
    command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nodefaults", "-nographic", "-no-reboot",
               "-serial", "stdio", "-kernel", image, "-initrd", archive, *arguments]
    deadline = time.monotonic() + LIMIT_S
    text = b""
    with subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, pass_fds=descriptors) as machine, log.open("wb") as file:
        while select.select([machine.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
            piece = os.read(machine.stdout.fileno(), 65536)
            if not piece:
                break
            text += piece
            file.write(piece)
            file.flush()
        else:
            machine.kill()
            raise Failed(f"{name}: the guest has not ended after {LIMIT_S} s; see {log}")
    lines = text.decode(errors="replace").replace("\r", "")
    found = re.findall(r"@@ begin (\w+)\n(.*?)@@ end \1 (\d+)\n", lines, re.DOTALL)
    return {step: (int(code), output) for step, output, code in found}


def require(steps, step, code, pattern, log):
    """A step's exit code and what it printed."""
    if step not in steps:
        raise Failed(f"{step}: has not run; see {log}")
    found, output = steps[step]
    print(f"-- {step}: exit code {found}\n{output}", flush=True)
    if found != code or not re.search(pattern, output):
        raise Failed(f"{step}: exit code {found}, expected {code} and /{pattern}/; see {log}")


def card_leg(build, folder, out):
    """The emulated card in a slot: lspci, info, mvm and eval of the unmodified program, through sysfs."""
    random = np.random.default_rng(SEED)
    arrays = {"l": random.integers(0, 4, (32, 16)).astype(np.uint8), "o": random.integers(-128, 128, (32, 16)).astype(np.int8),
              "x": random.integers(0, 256, (5, 32)).astype(np.uint8)}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    subprocess.run([build / "bin/crucible", "mvm", "--levels", "l.npy", "--offsets", "o.npy", "--inputs", "x.npy", "--out",
                    "expected.npy", "--lsb-exp", "10", "--base", "32", "--adc-shift", "10"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    archive = initramfs(folder, "card", (build / "bin/crucible", "/usr/bin/lspci"),
                        [folder / f"{name}.npy" for name in (*arrays, "expected")] + [ROOT / "models/zoo/lenet-strokes"])
    ours, qemus = socket.socketpair()
    log = out / "card.log"
    with ours, qemus:
        with subprocess.Popen([build / "bin/crucible-board", "--config", "full", "--pci-proxy", str(ours.fileno())],
                              pass_fds=[ours.fileno()], stdout=subprocess.DEVNULL) as board:
            ours.close()
            try:
                steps = run_guest("card", archive, log, [
                    "-machine", "q35,memory-backend=memory", "-object", "memory-backend-memfd,id=memory,size=1024M,share=on",
                    "-append", "console=ttyS0 quiet panic=-1 no_timer_check", "-device", f"x-pci-proxy-dev,id=card,fd={qemus.fileno()}"],
                    [qemus.fileno()])
                qemus.close()
                code = board.wait(30)
            finally:
                board.kill()
    require(steps, "lspci", 0, r"1200: 1234:c1c1", log)
    require(steps, "info", 0, r"'full', 128 rows", log)
    require(steps, "mvm", 0, "", log)
    require(steps, "equal", 0, "", log)
    require(steps, "eval", 0, r"pcie:\S+ .*2 images, every logit equal to the model's", log)
    if code != 0:
        raise Failed(f"crucible-board ended with exit code {code} after its machine")


def edu_leg(build, folder, out):
    """QEMU's edu device: what the VFIO back end says before and after it is bound, and the device itself."""
    _, modules = kernel()
    archive = initramfs(folder, "edu", (build / "bin/crucible", build / "bin/edu_vfio"), (),
                        [modules / f"{name}.ko" for name in MODULES])
    log = out / "edu.log"
    steps = run_guest("edu", archive, log, [
        "-machine", "q35,kernel-irqchip=split", "-device", "intel-iommu,intremap=on", "-append",
        "console=ttyS0 quiet panic=-1 no_timer_check intel_iommu=on", "-device", "pcie-root-port,id=root1,chassis=1", "-device", "edu,bus=root1"])
    require(steps, "unbound", 4, r"bound to no driver, not to vfio-pci; as root: modprobe vfio-pci", log)
    require(steps, "no_card", 4, r"\(1234:11e8, class 00ff00\): BAR2 has 0 bytes, a Crucible card's has 1048576", log)
    require(steps, "vfio", 0, r"bytes that came back by DMA: 0x800\s+identity after a reset: 0x10000ed", log)


def main():
    """Command line."""
    build = pathlib.Path(sys.argv[1]).resolve()
    out = build / "pcie"
    out.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="crucible-pcie-") as folder:
            card_leg(build, pathlib.Path(folder), out)
            edu_leg(build, pathlib.Path(folder), out)
    except (Failed, OSError, subprocess.SubprocessError) as error:
        write_status("pcie", "make test-pcie", str(error), passed=False)
        return 1
    write_status("pcie", "make test-pcie", "under a stock kernel in QEMU: lspci, info, mvm and eval through sysfs on the emulated "
                 f"card, VFIO with MSI, DMA and reset on edu; {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
