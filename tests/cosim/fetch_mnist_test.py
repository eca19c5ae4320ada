#!/usr/bin/python3
"""scripts/fetch_mnist.sh against a server of this test: what it keeps, what it refuses, what it leaves behind."""

import functools
import http.server
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST, LAST = "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"


def mnist_folder():
    """The real files, where there are any: they alone have the right checksums."""
    for folder in (os.environ.get("CRUCIBLE_DATA"), ROOT / "data", ROOT.parent / "shared/data"):
        for place in (pathlib.Path(folder or "/nonexistent"), pathlib.Path(folder or "/nonexistent") / "mnist"):
            if (place / FIRST).is_file():
                return place
    return None


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@unittest.skipUnless(shutil.which("curl"), "no curl")
class FetchMnist(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="crucible-fetch-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.served = self.folder / "served"
        self.served.mkdir()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=self.served))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.mirror = f"http://127.0.0.1:{server.server_address[1]}"

    def environment(self, **more):
        return {**os.environ, "CRUCIBLE_MNIST_MIRROR": self.mirror, **more}

    def fetch(self, **more):
        return subprocess.run([ROOT / "scripts/fetch_mnist.sh", "data/mnist"], cwd=self.folder, text=True, capture_output=True,
                              timeout=60, env=self.environment(**more))

    def files(self):
        return sorted(path.name for path in (self.folder / "data/mnist").iterdir())

    def test_a_wrong_checksum_is_not_kept(self):
        (self.served / FIRST).write_bytes(b"not what was meant")
        done = self.fetch()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"error: {self.mirror}/{FIRST} has another SHA-256 than [0-9a-f]{{64}}; it was not kept")
        self.assertEqual(self.files(), [])

    def test_a_file_that_the_mirror_lacks_is_named(self):
        done = self.fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"cannot download {self.mirror}/{FIRST}; set CRUCIBLE_MNIST_MIRROR to another mirror", done.stderr)
        self.assertEqual(self.files(), [])

    def test_no_network_is_an_error(self):
        done = self.fetch(CRUCIBLE_MNIST_MIRROR="http://127.0.0.1:1")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"cannot download http://127.0.0.1:1/{FIRST}", done.stderr)

    def test_an_interrupted_download_leaves_nothing(self):
        slow = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(slow.close)
        process = subprocess.Popen([ROOT / "scripts/fetch_mnist.sh", "data/mnist"], cwd=self.folder, stderr=subprocess.DEVNULL,
                                   start_new_session=True,
                                   env=self.environment(CRUCIBLE_MNIST_MIRROR=f"http://127.0.0.1:{slow.getsockname()[1]}"))
        self.addCleanup(process.kill)
        client, _ = slow.accept()
        with client:
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + bytes(100_000))
            os.killpg(process.pid, signal.SIGTERM)
            self.assertEqual(process.wait(timeout=60), 130)
        self.assertEqual(self.files(), [])

    @unittest.skipUnless(mnist_folder(), "no MNIST")
    def test_fetches_what_is_missing_and_only_that(self):
        for file in mnist_folder().glob("*-ubyte.gz"):
            (self.served / file.name).symlink_to(file)
        (self.folder / "data/mnist").mkdir(parents=True)
        (self.folder / "data/mnist" / LAST).write_bytes(b"damaged")
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(": downloaded"), 4)
        self.assertEqual(len(self.files()), 4)
        again = self.fetch(CRUCIBLE_MNIST_MIRROR="http://127.0.0.1:1")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(again.stdout.count(": here and correct"), 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
