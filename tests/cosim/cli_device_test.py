#!/usr/bin/python3
"""Devices that are not what the program needs: another identity, no answer, cells that hold nothing, no device at all."""

import json
import re
import socket
import threading
import unittest

from cli_support import Workplace, crucible
from link_device import LinkDevice, field, identity_words


class WrongDevice(Workplace):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = crucible("info", "--address", "model", "--hardware", "full", "--json", folder=cls.folder)
        cls.identity = json.loads(done.stdout)["device"]

    def device(self, frames=None, **changed):
        device = LinkDevice({**identity_words(self.identity), **changed}, frames)
        self.addCleanup(device.close)
        return device.address

    def changed(self, register, **values):
        """One register of the identity with other fields."""
        return {register: identity_words({**self.identity, **values})[register]}

    def test_a_device_that_fits_is_described(self):
        done = crucible("info", "--address", self.device(), "--json", folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)["device"]
        for key in ("config", "rows", "cols", "banks", "map_hash", "config_hash", "kept_responses", "max_payload"):
            self.assertEqual(found[key], self.identity[key])

    def test_another_identity_is_refused_with_both_sides(self):
        words = identity_words(self.identity)
        for registers, pattern in (
                ({"MAGIC": 0xDEADBEEF}, f"MAGIC is 0xdeadbeef instead of 0x{words['MAGIC']:08x}; this is no Crucible device"),
                ({"VERSION": words["VERSION"] + field("VERSION_MAP_MAJOR", 1)}, r"register map 2\.\d+ .* this host 1\.\d+ .*one version"),
                ({"VERSION": words["VERSION"] + field("VERSION_PROTOCOL", 1)}, "link protocol 2, this host 1; use matching versions"),
                ({"MAP_HASH": 0x12345678}, rf"register map is 0x12345678, this host's 0x{words['MAP_HASH']:08x}"),
                (self.changed("GEOM_ARRAY", rows=64), r"rows is 64 on the device and 128 in configuration 'full'"),
                (self.changed("GEOM_BANKS", slices=4), r"slices is 4 on the device and 2 in this host's numerics"),
                ({**self.changed("GEOM_ARRAY", cols=6), "CONFIG_HASH": 1}, r"geometry of 128 rows, 6 columns, .* is impossible")):
            address = self.device(**registers)
            for command in (("info",), ("eval", "--config", "small.yaml")):
                with self.subTest(registers=registers, command=command[0]):
                    self.expect_error(4, re.escape(address) + ": .*" + pattern, *command, "--address", address)

    def test_a_device_of_another_configuration_is_named(self):
        for command in ("run", "eval", "program", "verify"):
            self.expect_error(4, r"model:tiny: the device is 'tiny' \(16 rows, 4 columns, 4 banks\), the configuration asks for 'full'",
                              command, "--config", "small.yaml", "--address", "model:tiny")

    def test_an_unknown_configuration_is_shown_and_works_only_where_its_geometry_fits(self):
        other = {"CONFIG_HASH": 1, **self.changed("GEOM_BANKS", banks=71)}
        done = crucible("info", "--address", self.device(**other), folder=self.folder)
        self.assertIn("'unknown', 128 rows x 64 columns x 71 banks, hash 00000001", done.stdout, done.stderr)
        self.expect_error(4, r"the device is 'unknown' \(128 rows, 64 columns, 71 banks\), the configuration asks for 'full'",
                          "eval", "--config", "small.yaml", "--address", self.device(**other))

    def test_cells_that_do_not_hold_what_was_written_are_a_mismatch(self):
        for command in ("program", "eval", "run"):
            self.expect_error(6, r"read-back differs: the level of bank 0, row \d+, column \d+ is 0, [1-3] was written; \d+ of \d+",
                              command, "--config", "small.yaml", "--address", self.device())
        self.assertFalse((self.folder / "runs").exists(), "a run that failed leaves no folder")

    def test_a_device_that_does_not_answer_is_a_time_out(self):
        self.expect_error(5, "no answer to SYNC; is the device powered, clocked and out of reset, and is this its port",
                          "info", "--address", self.device(frames=0))

    def test_what_listens_there_is_no_device(self):
        for answer, code, pattern in (
                (b"HTTP/1.1 400 Bad Request\r\n\r\n", 5, r"no answer to SYNC, only \d+ other bytes; is this the right"),
                (b"", 4, r"the device has gone away \(.*\); does another program use it, is its power on")):
            server = socket.create_server(("127.0.0.1", 0))

            def serve():
                client, _ = server.accept()
                with client:
                    while answer and client.recv(4096):
                        client.sendall(answer)
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            self.expect_error(code, pattern, "info", "--address", f"tcp:127.0.0.1:{server.getsockname()[1]}")
            thread.join()
            server.close()

    def test_no_device_at_the_address(self):
        for address, pattern in (("tcp:127.0.0.1:1", r"nothing listens there; start the board \(crucible-board\) or correct"),
                                 ("unix:/nowhere/x", "there is no such socket; start the board"),
                                 (f"unix:{self.folder}/small.yaml", "nothing listens there"),
                                 ("uart:/dev/none?baud=3000000", "there is no '/dev/none'; is the board plugged in and powered"),
                                 (f"uart:{self.folder}/small.yaml", "is not a serial port")):
            self.expect_error(4, "cannot open " + re.escape(address) + ": .*" + pattern, "info", "--address", address)
        for address, pattern in (("usb:1", "usb"), ("tcp:localhost", r"no port; write tcp:localhost:5555"),
                                 ("uart:/dev/ttyS0?baud=fast", "baud rate 'fast' is not a number"),
                                 ("uart:/dev/ttyS0?parity=even", "unknown option 'parity=even'")):
            self.expect_error(2, re.escape(address) + ".*" + pattern, "info", "--address", address)


if __name__ == "__main__":
    unittest.main(verbosity=2)
