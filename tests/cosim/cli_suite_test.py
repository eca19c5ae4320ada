#!/usr/bin/python3
"""`crucible regress --suite`: order, tags, seeds, limits, retries, interruption and resumption, reports, strict YAML."""

import json
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

from cli_support import PROGRAM, ROOT, crucible, interrupt_when_ready

SHELL = 'command: [/bin/sh, "-c", "%s"]'


def test(name, script, more="tags: [a]"):
    return f"  - {{name: {name}, {SHELL % script}, limit_s: 60, {more}}}\n"


class Suites(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="crucible-suite-")
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def write(self, tests, head="seed: 5\n"):
        (self.folder / "suite.yaml").write_text(f"schema: crucible.suite/1\nname: own\n{head}tests:\n{tests}")

    def regress(self, *more, code=0):
        out = () if "--out" in more else ("--out", "out")
        done = crucible("regress", "--suite", "suite.yaml", *out, "-j", 2, *more, folder=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def outcomes(self):
        report = json.loads((self.folder / "out/report.json").read_text())
        return {o["name"]: o for o in report["outcomes"]}

    def statuses(self):
        return {name: o["status"] for name, o in self.outcomes().items()}

    def test_runs_every_test_once_a_seed_and_reports_in_three_forms(self):
        self.write(test("good", "echo seed {seed} $X; touch {out}/wave.fst", 'tags: [a], seeds: [1, 2], environment: ["X=<{seed}>"]') +
                   test("bad", "echo first; echo 'the <last> line'; exit 3") +
                   test("crash", "kill -SEGV $$"))
        done = self.regress(code=6)
        self.assertEqual(self.statuses(), {"good@1": "passed", "good@2": "passed", "bad": "failed", "crash": "crashed"})
        self.assertEqual((self.folder / "out/tests/good@2/log.txt").read_text(), "seed 2 <2>\n")
        self.assertEqual(self.outcomes()["bad"]["message"], "exit code 3; its last line: the <last> line")
        self.assertIn("signal 11", self.outcomes()["crash"]["message"])
        self.assertIn("FAILED: 2 of 4 tests; 2 passed, 0 not run.", done.stdout)
        suite = ElementTree.parse(self.folder / "out/junit.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("4", "1", "1"))
        self.assertEqual(suite.find("testcase/failure").get("message"), "exit code 3; its last line: the <last> line")
        page = (self.folder / "out/report.html").read_text()
        links = re.findall(r'href="([^"]*)"', page)
        self.assertIn("tests/good@1/wave.fst", links)
        self.assertIn("tests/bad/log.txt", links)
        for link in links:
            self.assertTrue((self.folder / "out" / link).is_file(), link)

    def test_nothing_is_removed_that_no_run_has_left(self):
        self.write(test("one", "true"))
        mine = self.folder / "out/tests/mine.txt"
        mine.parent.mkdir(parents=True)
        mine.write_text("precious")
        for more in ((), ("--restart",)):
            self.assertIn("what is in its 'tests' comes from no run", self.regress(*more, code=2).stderr)
        self.assertEqual(mine.read_text(), "precious")
        mine.unlink()
        self.regress()
        self.regress("--restart")
        (self.folder / "file").write_text("")
        self.assertIn("cannot be made a folder", self.regress("--out", "file", code=2).stderr)

    def test_the_printed_command_repeats_a_test(self):
        self.write(test("bad", "echo again $X; exit 3", "tags: [a], environment: [\"X={seed}\"]"))
        self.regress(code=6)
        again = subprocess.run(["/bin/sh", "-c", self.outcomes()["bad"]["repeat"]], capture_output=True, text=True, timeout=60)
        self.assertEqual((again.returncode, again.stdout), (3, "again 5\n"))

    def test_tags_names_and_the_seed_choose(self):
        self.write(test("one", "echo {seed}", "tags: [fast], seeds: [1, 2]") + test("two", "true", "tags: [slow, fast]") +
                   test("three", "true", "tags: [slow]"))
        self.regress("--tags", "fast", "--seed", 9)
        self.assertEqual(set(self.statuses()), {"one", "two"})
        self.assertEqual((self.folder / "out/tests/one/log.txt").read_text(), "9\n")
        self.regress("--restart", "--tags", "slow,fast", "--test", "three,two")
        self.assertEqual(set(self.statuses()), {"two", "three"})
        self.assertFalse((self.folder / "out/tests/one").exists())
        self.assertIn("--tags fats: the suite has fast, slow; did you mean 'fast'?", self.regress("--tags", "fats", code=2).stderr)

    def test_a_test_over_its_limit_is_killed_with_its_process_group(self):
        self.write(test("late", "sleep 1000 & echo $!; trap '' TERM; wait; wait").replace("limit_s: 60", "limit_s: 1"))
        self.regress(code=6)
        self.assertEqual(self.outcomes()["late"]["status"], "timeout")
        self.assertIn("time-out: killed after 1 s", self.outcomes()["late"]["message"])
        child = int((self.folder / "out/tests/late/log.txt").read_text().split()[0])
        status = pathlib.Path(f"/proc/{child}/status")
        self.assertTrue(not status.exists() or "zombie" in status.read_text())

    def test_retries_are_off_by_default_and_are_counted(self):
        script = "test -e {source}/../none || test -e %s && exit 0; touch %s; exit 1"
        self.write(test("flaky", script % ((self.folder / "flag",) * 2), "tags: [a], retries: 2") +
                   test("strict", script % ((self.folder / "strict",) * 2)))
        self.regress(code=6)
        self.assertEqual(self.statuses(), {"flaky": "passed", "strict": "failed"})
        self.assertEqual({n: o["retries"] for n, o in self.outcomes().items()}, {"flaky": 1, "strict": 0})

    def test_an_interrupted_run_keeps_what_is_finished_and_is_resumed(self):
        count, go = self.folder / "count", self.folder / "go"
        self.write(test("first", f"echo x >>{count}") +
                   test("second", f"echo started >{self.folder}/ready; while ! test -e {go}; do read -t 0.1 x </dev/zero; done",
                        "tags: [a]") + test("third", "true"))
        process = subprocess.Popen([PROGRAM, "regress", "--suite", "suite.yaml", "--out", "out"], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not (self.folder / "ready").exists():
            self.assertIsNone(process.poll())
        interrupt_when_ready(self, process)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertEqual(self.statuses(), {"first": "passed", "second": "not run", "third": "not run"})
        self.assertIn("Interrupted: 1 of 3 tests passed, 2 not run.", output)
        go.touch()
        self.assertIn("holds a run already; go on with --resume", self.regress(code=2).stderr)
        self.regress("--resume")
        self.assertEqual(set(self.statuses().values()), {"passed"})
        self.assertEqual(count.read_text(), "x\n")  # not run again
        self.assertIn("begin anew with --restart", self.regress("--resume", "--seed", 3, code=6).stderr)

    def test_a_suite_with_a_mistake_is_named_by_line_and_column(self):
        good = test("one", "true")
        for tests, pattern in (
                (good.replace("limit_s: 60, ", ""), r"suite\.yaml:5:5: missing key 'limit_s' in tests\[0\]"),
                (good.replace("limit_s", "limits"), r":5:\d+: unknown key 'limits' in tests\[0\]; did you mean 'limit_s'\?"),
                (good.replace("true", "echo {sed}"), r":5:\d+: .* in braces stand bin, source, out or seed"),
                (good + good, r":6:5: the name 'one' stands twice"),
                (good.replace("name: one", "name: a/b"), r":5:12: a name is letters, digits"),
                (good.replace("tags: [a]", "tags: [a], retries: -1"), r"'retries' must be 0 \.\. 10, found -1")):
            with self.subTest(pattern=pattern):
                self.write(tests)
                self.assertRegex(self.regress(code=2).stderr, pattern)

    def test_the_shipped_suites_are_whole(self):
        for name in ("smoke", "nightly"):
            done = crucible("regress", "--suite", ROOT / f"tests/suites/{name}.yaml", "--tags", "none-of-these", "--out", "x",
                            folder=self.folder)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"--tags none-of-these: the suite has ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
