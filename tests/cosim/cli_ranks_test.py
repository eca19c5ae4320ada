#!/usr/bin/python3
"""`mpirun -n N crucible search`: the same bytes for every N, and what becomes of ranks that differ, die or stand still.

MPIRUN names Open MPI's mpirun.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from cli_support import PROGRAM, Workplace, crucible

MPIRUN = os.environ["MPIRUN"]
# Tests run as root in containers, with fewer cores than ranks, and where processes may not read each other's memory.
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_btl": "self,vader"}
SEARCH = ["search", "--config", "small.yaml", "--on", "train", "--images", "120"]
SHORT = ["--effort", "0.2"]
LONG = ["--effort", "50"]


def without_seconds(document):
    """A JSON document without what differs from run to run."""
    if isinstance(document, dict):
        return {key: without_seconds(value) for key, value in document.items() if key != "seconds"}
    return [without_seconds(item) for item in document] if isinstance(document, list) else document


class Mpirun(Workplace):
    def start(self, *arguments):
        environment = {key: value for key, value in os.environ.items() if key != "CRUCIBLE_DATA"} | ENVIRONMENT
        process = subprocess.Popen([MPIRUN, *map(str, arguments)], cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def mpirun(self, ranks, *arguments):
        process = self.start("-n", ranks, PROGRAM, *arguments)
        output, errors = process.communicate(timeout=100)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def expect_refusal(self, code, pattern, *arguments):
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, code, errors)
        self.assertRegex(errors, r"crucible: error: " + pattern)
        self.assertEqual(len(re.findall("crucible: error: ", errors)), 1, errors)
        self.assertEqual(output, "")

    def bytes_of(self, folder):
        files = self.files_of(folder)
        files.pop("timing.json")
        return files

    def rank_of(self, mpirun, rank):
        """The process of a rank, as /proc tells."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.assertIsNone(mpirun.poll(), "the job ended early")
            for folder in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    parent = re.search(r"PPid:\s*(\d+)", (folder / "status").read_text()).group(1)
                    variables = (folder / "environ").read_bytes().split(b"\0")
                except OSError:
                    continue
                if int(parent) == mpirun.pid and b"OMPI_COMM_WORLD_RANK=%d" % rank in variables:
                    return int(folder.name)
        self.fail(f"no rank {rank}")

    def start_search(self, name, *more):
        """Two ranks whose search goes on for long, after its first checkpoint; the process of rank 1."""
        mpirun = self.start("-n", 2, PROGRAM, *SEARCH, *more, "--name", name)
        other = self.rank_of(mpirun, 1)
        while not (self.folder / f"runs/{name}.checkpoint").exists():
            self.assertIsNone(mpirun.poll(), "the search ended before its checkpoint was seen")
        return mpirun, other


class Ranks(Mpirun):
    def test_every_number_of_ranks_and_threads_gives_the_same_bytes(self):
        alone = crucible(*SEARCH, *SHORT, "--name", "same", "--out", "alone", folder=self.folder)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        expected = self.bytes_of("alone/same")
        self.assertIn("rows/auto/offsets_fc1.npy", expected)
        self.assertIn("convergence.csv", expected)
        for ranks in (1, 2, 3):
            done = self.mpirun(ranks, *SEARCH, *SHORT, "--name", "same", "--out", f"ranks{ranks}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.bytes_of(f"ranks{ranks}/same"), expected)
            self.assertEqual(done.stdout.count("Result folder"), 1)
            self.assertEqual(json.loads((self.folder / f"ranks{ranks}/same/timing.json").read_text())["machine"]["ranks"], ranks)
        done = self.mpirun(2, *SEARCH, *SHORT, "--name", "same", "--out", "threads", "--threads", 3)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = self.bytes_of("threads/same")
        # The configuration says how many threads were asked for.
        found.pop("config.yaml"), expected.pop("config.yaml")
        self.assertEqual(found, expected)

    def test_random_chips_are_shared_too(self):
        common = ["--config", "small.yaml", "--images", "40", "--json"]
        for command in (["search", "--method", "monte-carlo", "--chips", "5", "--name", "chance"],
                        ["chance", "--chips", "7", "--quantiles", "0.5,0.1", "--subset-simulation", "--chains", "5", "--levels", "1"]):
            alone = crucible(*command, *common, folder=self.folder)
            shared = self.mpirun(3, *command, *common)
            self.assertEqual(shared.returncode, 0, shared.stderr)
            self.assertEqual(without_seconds(json.loads(shared.stdout)), without_seconds(json.loads(alone.stdout)))

    def test_studies_are_shared_too(self):
        common = ["--config", "small.yaml", "--effort", "0.1", "--chips", "3", "--certify", "5", "--name", "study"]
        for command, files in ((["compare", "--bound", "0.03", "--chip-images", "20", "--chains", "0"], ["compare.json", "compare.md"]),
                               (["write-verify", "--tolerance", "0.1", "--images", "20"], ["write-verify.json", "write-verify.md"])):
            name = command[0]
            alone = crucible(*command, *common, "--out", f"{name}-alone", folder=self.folder)
            self.assertEqual(alone.returncode, 0, alone.stderr)
            shared = self.mpirun(3, *command, *common, "--out", f"{name}-shared")
            self.assertEqual(shared.returncode, 0, shared.stderr)
            self.assertEqual(shared.stdout.count("Folder: "), 1)
            expected = self.bytes_of(f"{name}-alone/study")
            self.assertEqual(sorted(expected), files)
            self.assertEqual(self.bytes_of(f"{name}-shared/study"), expected)
            self.expect_refusal(2, f"{name}: .*is there already", "-n", 2, PROGRAM, *command, *common, "--out", f"{name}-shared")
        for differing, first, second in (("bounds", ["--bound", "0.01"], ["--bound", "0.02"]), ("networks", ["net"], ["./net"])):
            self.expect_refusal(6, rf"compare: the ranks do not do the same work.*\n  {differing}: rank 0 has '{first[-1]}', rank 1 has '{second[-1]}'",
                                "-n", 1, PROGRAM, "compare", *first, *common, ":", "-n", 1, PROGRAM, "compare", *second, *common)

    def test_each_rank_has_a_device_in_its_loop(self):
        in_loop = ["search", "--config", "small.yaml", "--method", "straight-through", "--images", "40", "--effort", "0.05", "--hidden-adc", "1",
                   "--json", "--name", "loop"]
        alone = crucible(*in_loop, "--out", "one", folder=self.folder)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        shared = self.mpirun(3, *in_loop, "--out", "three")
        self.assertEqual(shared.returncode, 0, shared.stderr)
        one, three = json.loads(alone.stdout), json.loads(shared.stdout)
        for document in (one, three):
            document.pop("timing"), document.pop("folder")
        self.assertEqual(three, one)
        self.assertGreater(one["measurements"], 3)
        self.assertEqual(self.bytes_of("three/loop"), self.bytes_of("one/loop"))

    def test_a_stop_by_the_clock_is_that_of_all_ranks(self):
        done = self.mpirun(2, *SEARCH, *SHORT, "--name", "clock", "--seconds", "0.001")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("STOPPED BY THE CLOCK", done.stdout)

    def test_a_process_that_was_not_started_by_mpirun_leaves_mpi_alone(self):
        # With no way between ranks MPI cannot start.
        environment = dict(os.environ, OMPI_MCA_btl="none", OMPI_MCA_pml="none")
        done = subprocess.run([PROGRAM, *SEARCH, "--name", "plain", "--seconds", "0.001"], cwd=self.folder, text=True, capture_output=True,
                              timeout=100, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)


class RanksInTrouble(Mpirun):
    def test_a_killed_rank_ends_the_job_and_the_search_goes_on_with_another_number_of_ranks(self):
        whole = crucible(*SEARCH, *SHORT, "--name", "killed", "--out", "whole", folder=self.folder)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        mpirun, other = self.start_search("killed", *SHORT)
        os.kill(other, signal.SIGKILL)
        _, errors = mpirun.communicate(timeout=100)
        self.assertEqual(mpirun.returncode, 128 + signal.SIGKILL, errors)
        self.assertRegex(errors, r"rank 1 .*exited on signal 9")
        self.assertTrue((self.folder / "runs/killed.checkpoint").exists())
        resumed = self.mpirun(3, *SEARCH, *SHORT, "--name", "killed", "--resume")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(self.bytes_of("runs/killed"), self.bytes_of("whole/killed"))
        self.assertFalse((self.folder / "runs/killed.checkpoint").exists())

    def test_a_rank_that_stands_still_is_named_and_ends_the_job(self):
        mpirun, other = self.start_search("stopped", *LONG, "--rank-timeout", "1")
        os.kill(other, signal.SIGSTOP)
        self.addCleanup(lambda: pathlib.Path(f"/proc/{other}/cwd").exists() and os.kill(other, signal.SIGKILL))
        _, errors = mpirun.communicate(timeout=100)
        self.assertEqual(mpirun.returncode, 5, errors)
        self.assertRegex(errors, r"crucible: error: mpi: rank 0 has waited 1.\d s for rank 1; is it stopped")
        self.assertTrue((self.folder / "runs/stopped.checkpoint").exists())

    def test_an_interrupt_ends_all_ranks_with_the_result_so_far(self):
        mpirun, _ = self.start_search("cut", *LONG)
        mpirun.send_signal(signal.SIGUSR1)  # passed on to the ranks; after SIGINT mpirun leaves them one second
        output, errors = mpirun.communicate(timeout=100)
        self.assertEqual(mpirun.returncode, 128 + signal.SIGUSR1, errors)
        self.assertIn("INTERRUPTED", output, errors)
        self.assertTrue(json.loads((self.folder / "runs/cut/result.json").read_text())["interrupted"])

    def test_ranks_that_would_do_different_work_are_refused(self):
        other = [*SEARCH, "--name", "differ", "--seed"]
        self.expect_refusal(6, "mpirun: the ranks do not do the same work.*\n  configuration, line +3: rank 0 has 'seed: 3', rank 1 has 'seed: 4'",
                            "-n", 1, PROGRAM, *other, 3, ":", "-n", 1, PROGRAM, *other, 4)
        other = ["chance", "--config", "small.yaml", "--chips"]
        self.expect_refusal(6, "chance: the ranks do not do the same work.*\n  chips: rank 0 has '5', rank 1 has '6'",
                            "-n", 1, PROGRAM, *other, 5, ":", "-n", 1, PROGRAM, *other, 6)

    def test_a_rank_that_fails_says_why_and_ends_the_others(self):
        self.expect_refusal(2, "rank 1: network: nowhere is not a folder",
                            "-n", 1, PROGRAM, *SEARCH, "--name", "fail", ":", "-n", 1, PROGRAM, *SEARCH, "--name", "fail", "--network", "nowhere")

    def test_an_error_of_all_ranks_is_told_once(self):
        self.expect_refusal(2, "network: nowhere is not a folder", "-n", 3, PROGRAM, *SEARCH, "--name", "fail", "--network", "nowhere")
        self.expect_refusal(2, "search: no checkpoint runs/never.checkpoint to resume", "-n", 2, PROGRAM, *SEARCH, "--name", "never", "--resume")

    def test_commands_of_one_process_refuse_many_ranks(self):
        self.expect_refusal(2, "eval: does its work in one process, and mpirun started 2; start it without mpirun",
                            "-n", 2, PROGRAM, "eval", "--config", "small.yaml")
        self.assertEqual(self.mpirun(2, "--version").stdout.count("crucible"), 1)

    def test_two_ranks_on_one_device_are_refused(self):
        in_loop = ["search", "--config", "small.yaml", "--method", "block-flip", "--images", "20", "--name", "devices", "--address"]
        self.expect_refusal(2, r"device: ranks 0 and 1 would share .*:/dev/ttyUSB7, which serves one; write an address with \{rank\} in it",
                            "-n", 2, PROGRAM, *in_loop, "uart:/dev/ttyUSB7?baud=3000000")
        self.expect_refusal(2, "device address 'model,model': 2 addresses for 3 ranks", "-n", 3, PROGRAM, *in_loop, "model,model")
        self.expect_refusal(4, "cannot open unix:/nowhere/0", "-n", 1, PROGRAM, *in_loop, "unix:/nowhere/{rank}")
        self.expect_refusal(4, "cannot open unix:/nowhere/0|rank 1: cannot open unix:/nowhere/1", "-n", 2, PROGRAM, *in_loop, "unix:/nowhere/{rank}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
