#!/usr/bin/python3
"""scripts/fetch_picorv32.sh against a package index of this test: what it refuses, and that it asks only when it must."""

import functools
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = "pythondata-cpu-picorv32"
WHEEL = "pythondata_cpu_picorv32-1.0.post218-py3-none-any.whl"
CORE = os.environ.get("CRUCIBLE_PICORV32", "")   # the real file, where there is one: it alone has the right checksum


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@unittest.skipIf(subprocess.run(["/usr/bin/python3", "-m", "pip", "--version"], capture_output=True, check=False).returncode,
                 "no pip for /usr/bin/python3")
class FetchPicorv32(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-fetch-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.core = self.folder / "core" / "picorv32.v"

    def fetch(self, index):
        environment = {**os.environ, "PIP_INDEX_URL": index, "PIP_NO_CACHE_DIR": "1", "PIP_CONFIG_FILE": os.devnull}
        environment.pop("PIP_EXTRA_INDEX_URL", None)
        return subprocess.run([ROOT / "scripts/fetch_picorv32.sh", self.core.parent], text=True, capture_output=True, timeout=90,
                              env=environment, check=False)

    def test_a_package_with_another_checksum_is_not_kept(self):
        served = self.folder / "served" / PACKAGE
        served.mkdir(parents=True)
        (served / WHEEL).write_bytes(b"not what was meant")
        (served / "index.html").write_text(f'<!DOCTYPE html><html><body><a href="{WHEEL}">{WHEEL}</a></body></html>')
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                 functools.partial(QuietHandler, directory=served.parent))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = self.fetch(f"http://127.0.0.1:{server.server_address[1]}/")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("DO NOT MATCH", done.stderr)
        self.assertIn("error: cannot download", done.stderr)
        self.assertFalse(self.core.exists())

    def test_without_an_index_it_says_what_it_wanted(self):
        done = self.fetch("http://127.0.0.1:9/simple")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"error: cannot download {PACKAGE}==1.0.post218", done.stderr)
        self.assertFalse(self.core.exists())

    @unittest.skipUnless(CORE, "no PicoRV32 in this build")
    def test_what_is_there_and_correct_is_not_asked_for_again(self):
        self.core.parent.mkdir()
        shutil.copy(CORE, self.core)
        self.assertEqual(self.fetch("http://127.0.0.1:9/simple").returncode, 0)
        with self.core.open("ab") as file:
            file.write(b"\n")
        self.assertEqual(self.fetch("http://127.0.0.1:9/simple").returncode, 1)


if __name__ == "__main__":
    unittest.main()
