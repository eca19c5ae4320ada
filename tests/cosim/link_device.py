"""A device that speaks docs/link_protocol.md over TCP: registers as a test wants them, and nothing behind them."""

import pathlib
import re
import socket
import struct
import threading
import zlib

HEADER = pathlib.Path(__file__).resolve().parents[2] / "spec/gen/crucible_spec.h"
SPEC = {name: int(value, 16) for name, value in re.findall(r"#define CRUCIBLE_(\w+) (0x[0-9A-F]+)u", HEADER.read_text())}


def field(name, value):
    """A register field's value at its place in the word."""
    return (value << SPEC[f"{name}_LSB"]) & SPEC[f"{name}_MASK"]


def identity_words(identity):
    """The identity registers of the device that `crucible info --json` describes."""
    major, minor = map(int, identity["map"].split("."))
    return {
        "MAGIC": int(identity["magic"], 16),
        "VERSION": field("VERSION_MAP_MINOR", minor) | field("VERSION_MAP_MAJOR", major)
        | field("VERSION_PROTOCOL", identity["protocol"]),
        "MAP_HASH": int(identity["map_hash"], 16),
        "CONFIG_HASH": int(identity["config_hash"], 16),
        "GEOM_ARRAY": field("GEOM_ARRAY_ROWS", identity["rows"]) | field("GEOM_ARRAY_COLS", identity["cols"]),
        "GEOM_BANKS": field("GEOM_BANKS_BANKS", identity["banks"]) | field("GEOM_BANKS_IN_BITS", identity["in_bits"])
        | field("GEOM_BANKS_CELL_BITS", identity["cell_bits"]) | field("GEOM_BANKS_SLICES", identity["slices"])
        | field("GEOM_BANKS_OFFSET_BITS", identity["offset_bits"]),
        "BUFFERS": field("BUFFERS_IN_WORDS", identity["in_words"]) | field("BUFFERS_OUT_WORDS", identity["out_words"]),
        "LINK_INFO": field("LINK_INFO_KEPT", identity["kept_responses"])
        | field("LINK_INFO_MAX_PAYLOAD", identity["max_payload"]),
        "FEATURES": field("FEATURES_EFFECTS", int(identity["effects"])),
    }


def words_to_bytes(words):
    return struct.pack(f"<{len(words)}I", *words)


class LinkDevice:
    """Serves one client after the other until it is closed; words that nobody named read as 0, writes are taken and forgotten.

    `frames` is how many frames it answers before it falls silent (None: all of them).
    """

    def __init__(self, registers, frames=None):
        self.words = {SPEC[f"REG_{name}"]: value for name, value in registers.items()}
        self.frames = frames
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp:127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                self.talk(client)

    def talk(self, client):
        received = b""
        while data := client.recv(65536):
            received += data
            while (taken := self.take(received)) is not None:
                answer, received = taken
                if self.frames is not None:
                    self.frames -= 1
                    if self.frames < 0:
                        continue
                client.sendall(answer)

    def take(self, data):
        """The answer to the first whole frame in `data` and the bytes behind it; None when there is no whole frame."""
        start = data.find(words_to_bytes([SPEC["PREAMBLE"]]))
        if start < 0 or len(data) < start + 20:
            return None
        command, identity, address, check = struct.unpack_from("<4I", data, start + 4)
        if zlib.crc32(data[start + 4:start + 16]) != check:
            raise ValueError("the host sent a damaged header")
        op, length, end = command & 0xFF, command >> 16, start + 20
        if op in (SPEC["OP_WRITE"], SPEC["OP_WRITE_FIXED"]):
            end += 4 * length + 4
            if len(data) < end:
                return None
        payload = []
        if op == SPEC["OP_SYNC"]:
            payload = [self.words[SPEC[f"REG_{name}"]] for name in ("MAGIC", "VERSION", "LINK_INFO")]
        elif op == SPEC["OP_READ"]:
            payload = [self.words.get(address + 4 * i, 0) for i in range(length)]
        head = words_to_bytes([op | 0x80 | len(payload) << 16, identity, 0])
        answer = words_to_bytes([SPEC["PREAMBLE"]]) + head + words_to_bytes([zlib.crc32(head)])
        if payload:
            answer += words_to_bytes(payload) + words_to_bytes([zlib.crc32(words_to_bytes(payload))])
        return answer, data[end:]
