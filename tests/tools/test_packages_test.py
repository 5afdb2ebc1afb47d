#!/usr/bin/env python3
# The runner of `./dev test-packages`: the choice of cases, results, the table, wrong usage.
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import test_packages  # noqa: E402


class TestPackages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def case(self, name, script="true", heads=()):
        path = self.folder / f"{name}.sh"
        lines = "".join(f"# {head}\n" for head in heads)
        path.write_text(f"#!/bin/sh\n{lines}{script}\n")
        path.chmod(0o755)
        return path

    def run_case(self, script, seconds=60):
        """The result of a case that runs `script`, and what was printed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            result = test_packages.run_case(self.case("01-a", script), self.folder, seconds)
        return result, printed.getvalue()

    def test_cases_are_chosen_by_name_and_for_ci(self):
        for name, heads in {"00-a": ["CI: yes"], "01-rhel": [], "02-rhel-b": ["CI: yes"]}.items():
            self.case(name, heads=heads)
        self.case("lib")
        for names, for_ci, expected in [([], False, "00-a 01-rhel 02-rhel-b"), ([], True, "00-a 02-rhel-b"),
                                        (["rhel", "00"], False, "00-a 01-rhel 02-rhel-b"),
                                        (["rhel"], True, "02-rhel-b"), (["none"], False, "")]:
            with self.subTest(names=names, for_ci=for_ci):
                chosen = test_packages.choose(self.folder, names, for_ci)
                self.assertEqual(expected, " ".join(case.stem for case in chosen))

    def test_what_a_case_says_counts(self):
        with mock.patch.dict(os.environ):
            os.environ.pop("EIC_REQUIRE_ALL", None)
            result, said = self.run_case("echo quiet")
            self.assertEqual("passed", result)
            self.assertNotIn("quiet", said)
            result, said = self.run_case("echo loud; exit 3")
            self.assertEqual("failed", result)
            self.assertIn("loud", said)
            self.assertEqual("skipped", self.run_case("exit 77")[0])
            os.environ["EIC_REQUIRE_ALL"] = "1"
            self.assertEqual("failed", self.run_case("exit 77")[0])

    def test_a_case_that_does_not_end_fails(self):
        self.assertEqual("failed", self.run_case("exec sleep 60", seconds=1)[0])

    def test_the_table_is_replaced_and_the_text_before_it_kept(self):
        cases = [self.case("00-a", heads=["Goal: it goes", "System: Debian 12", "Note: twice"]), self.case("01-b")]
        text = test_packages.table("# Title\n<!-- table -->\n\n| old |\n", cases, ["passed", "failed"], "abc1234", "the payload")
        self.assertTrue(text.startswith("# Title\n<!-- table -->\n\n| case |"))
        self.assertIn("| 00-a | it goes | Debian 12; twice | passed | abc1234 |\n", text)
        self.assertIn("| 01-b |  |  | failed | abc1234 |\n", text)
        self.assertTrue(text.endswith("wrap the payload.\n"))
        self.assertNotIn("old", text)

    def test_wrong_usage(self):
        for arguments in (["no-such-case"], ["--bogus"]):
            with self.subTest(arguments), contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(64, test_packages.main(arguments))

    def test_every_case_has_its_head(self):
        cases = test_packages.choose(ROOT / "tests/packages", [], False)
        self.assertGreater(len(cases), 20)
        for case in cases:
            for word in ("Goal", "System"):
                self.assertTrue(test_packages.head(case, word), f"{case} lacks # {word}:")


if __name__ == "__main__":
    unittest.main()
