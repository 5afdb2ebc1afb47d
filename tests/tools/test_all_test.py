#!/usr/bin/env python3
# The runner of `./dev test-all`: verdicts, its table, the document, wrong usage.
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import test_all  # noqa: E402


class TestAll(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.logs = pathlib.Path(folder.name)

    def run_row(self, script):
        """Runs the row `load` with `script` in the place of ./dev; whether it passed, and its row."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            passed = test_all.run_row("load", self.logs, "abc1234", ["sh", "-c", script])
        return passed, printed.getvalue()

    def test_a_row_that_passes(self):
        passed, row = self.run_row("echo said")
        self.assertEqual((True, "| `./dev load` | 0 min 0 s | passed | abc1234 |\n"), (passed, row))
        self.assertEqual("said\n", (self.logs / "load.log").read_text())

    def test_a_row_that_fails(self):
        passed, row = self.run_row("exit 3")
        self.assertFalse(passed)
        self.assertIn("| **failed**, status 3 |", row)

    def test_skipped_tests_are_counted(self):
        for line in ["12/13 Test #12: x ...***Skipped   0.1 sec", "13/13 Test #13: y ...***Not Run",
                     "33-awscli-ssh: skipped", "skipped 12-removal (3 s)"]:
            with self.subTest(line):
                self.assertEqual("passed; 1 skipped", test_all.verdict(0, f"first\n{line}\nlast\n"))
        self.assertEqual("passed", test_all.verdict(0, "packages: 7 passed, 0 failed, 0 skipped\n"))

    def test_times_are_minutes_and_seconds(self):
        self.assertIn("| 2 min 5 s |", test_all.table_row("load", 125, "passed", "abc1234"))

    def test_the_document_has_every_row(self):
        self.run_row("true")
        text = test_all.document(self.logs)
        self.assertIn("| `./dev load` | 0 min 0 s | passed | abc1234 |\n", text)
        for arguments in list(test_all.ROWS.values())[1:]:
            self.assertIn(f"| `./dev {arguments}` | | not run | |\n", text)

    def test_wrong_usage(self):
        for arguments, words in {("no-such-row",): "has no row no-such-row", ("--bogus",): "--bogus"}.items():
            with self.subTest(arguments):
                said = io.StringIO()
                with contextlib.redirect_stderr(said):
                    self.assertEqual(64, test_all.main(arguments))
                self.assertIn(words, said.getvalue())

    def test_every_row_is_a_command_of_dev(self):
        dev = (ROOT / "dev").read_text()
        for arguments in test_all.ROWS.values():
            self.assertRegex(dev, rf"(?m)^  {arguments.split()[0]}\) ")


if __name__ == "__main__":
    unittest.main()
