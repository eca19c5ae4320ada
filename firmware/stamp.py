#!/usr/bin/python3
"""Writes the CRC-32 of an ELF's loaded bytes into its note, as boot/note.S and firmware/README.md have it."""

import struct
import sys
import zlib


def main(path: str) -> None:
    with open(path, "rb") as file:
        elf = bytearray(file.read())
    program_at, section_at = struct.unpack_from("<II", elf, 28)
    program_size, programs, section_size, sections, names = struct.unpack_from("<HHHHH", elf, 42)
    loaded = []
    for i in range(programs):
        kind, offset, address, _, size = struct.unpack_from("<IIIII", elf, program_at + i * program_size)
        if kind == 1 and size > 0:
            loaded.append((address, bytes(elf[offset:offset + size])))
    crc = zlib.crc32(b"".join(data for _, data in sorted(loaded)))
    headers = [struct.unpack_from("<IIIIII", elf, section_at + i * section_size) for i in range(sections)]
    for name, _, _, _, offset, size in headers:
        at = headers[names][4] + name
        if elf[at:elf.index(0, at)] == b".note.crucible":
            struct.pack_into("<I", elf, offset + size - 4, crc)
            break
    else:
        sys.exit(f"{path}: no section .note.crucible")
    with open(path, "wb") as file:
        file.write(elf)


if __name__ == "__main__":
    main(sys.argv[1])
