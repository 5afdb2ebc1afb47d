#!/usr/bin/env python3
"""Shows that every rule of tidy.py finds what it is there to find.

Each test plants one violation in a copy of this tree, and expects a finding that the tree does not have
without it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import tidy

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRIVATE_KEY = "-----BEGIN PRIVATE" + " KEY-----"


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def copy_tree(target):
    """The tree without what is built. Files may be links, so a change has to replace the file."""
    shutil.copytree(ROOT, target, copy_function=link_or_copy, symlinks=True,
                    ignore=lambda folder, names: {"build", ".git"} & set(names) if folder == str(ROOT) else ())


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # In the tree's file system where possible, so that files can be linked.
        build = ROOT / "build"
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="tidy-", dir=build if build.is_dir() else None))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.proved = set()

    def setUp(self):
        self.tree = self.work / "tree"
        copy_tree(self.tree)
        self.addCleanup(shutil.rmtree, self.tree)

    def write(self, path, text):
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(text)

    def plant(self, path, line):
        """Appends a line; makes the file if there is none."""
        file = self.tree / path
        self.write(path, (file.read_text() if file.exists() else "") + line + "\n")

    def change(self, path, regex, replacement):
        text = (self.tree / path).read_text()
        changed, count = re.subn(regex, replacement, text, flags=re.M)
        self.assertGreater(count, 0, f"the test's own change of {path} finds nothing: {regex}")
        self.write(path, changed)

    def expect(self, rule, regex):
        """`rule` finds `regex` now, and does not in the tree as it is."""
        Planted.proved.add(rule)
        matches = lambda root: [line for line in tidy.check(root, [rule]) if re.search(regex, line)]
        self.assertEqual([], matches(ROOT))
        self.assertNotEqual([], matches(self.tree), f"{rule} does not find {regex}")

    def test_code_map_names_a_missing_folder(self):
        self.change("README.md", r"^## Code map[^#]*?^```\n", r"\g<0>src/planted/   planted\n")
        self.expect("code_map_names_the_tree", r"^README.md:\d+: the code map names src/planted/")

    def test_folder_is_missing_on_the_code_map(self):
        self.plant("src/planted/new.cc", "// planted")
        self.expect("folders_are_on_code_map", "^src/planted:1: is not on the code map")

    def test_line_of_a_folder_is_removed(self):
        self.change("README.md", r"^src/core/ .*\n", "")
        self.expect("folders_are_on_code_map", "^src/core:1: is not on the code map")

    def test_there_is_no_code_map(self):
        self.change("README.md", "^## Code map", "## Something else")
        self.expect("folders_are_on_code_map", "^README.md:1: there is no code map")

    def test_files_without_a_first_sentence(self):
        for name, text in {"none.h": "#pragma once", "words.h": "// Planted things", "short.cc": "// Planted.",
                           "page.mjs": "export const planted = 1;"}.items():
            with self.subTest(name):
                self.plant(f"src/core/{name}", text)
                self.expect("files_say_what_they_are", f"^src/core/{name}:1: does not say what it is")

    def test_file_with_a_long_first_sentence(self):
        self.plant("src/core/planted.h", "// " + "planted " * 30 + "is long.")
        self.expect("files_say_what_they_are", "^src/core/planted.h:1: begins with a sentence of over")

    def test_two_files_with_one_first_sentence(self):
        for name in ("planted_1.h", "planted_2.h"):
            self.plant(f"src/core/{name}", "// This file was planted.")
        self.expect("files_say_what_they_are", "^src/core/planted_2.h:1: begins with the sentence of src/core/planted_1.h")

    def test_source_of_a_header_needs_no_sentence(self):
        self.plant("src/core/planted.h", "// This file was planted.")
        self.plant("src/core/planted.cc", '#include "core/planted.h"')
        self.assertEqual([], [line for line in tidy.check(self.tree, ["files_say_what_they_are"]) if "planted" in line])

    def test_unregistered_test(self):
        self.plant("tests/core/planted_test.cc", "// planted")
        self.expect("tests_are_registered", "^tests/core/planted_test.cc:1: is built by no")

    def test_includes_against_the_arrows(self):
        for path, target in {"core/planted.h": "host/imds.h", "agent/planted.cc": "issuer/records.h",
                             "host/planted.cc": "emulator/api.h"}.items():
            with self.subTest(path):
                self.plant(f"src/{path}", f'#include "{target}"')
                here, there = path.split("/")[0], target.split("/")[0]
                self.expect("includes_point_one_way", f"^src/{path}:1: src/{here} must not include {there}/")

    def test_core_reaches_outside(self):
        for line in ["#include <curl/curl.h>", "#include <spdlog/spdlog.h>", "#include <syslog.h>", "#include <fstream>",
                     "#include <sys/socket.h>", "auto now = std::time(nullptr);", "auto now = time(nullptr);",
                     'char* home = getenv("HOME");', "auto now = std::chrono::system_clock::now();"]:
            with self.subTest(line):
                self.write("src/core/planted.cc", line + "\n")
                self.expect("core_has_no_outside", "^src/core/planted.cc:1: src/core reaches outside")

    def test_reason_without_explanation_and_vector(self):
        self.plant("src/core/reason.cc", '    {Reason::kPlanted, "planted-reason", 5, false},')
        self.expect("reasons_are_explained", r"^src/core/reason.cc:\d+: doc/design.md does not explain planted-reason")
        self.expect("reasons_have_vectors", r"^src/core/reason.cc:\d+: no vector expects planted-reason")

    def test_explained_reason_that_does_not_exist(self):
        self.plant("doc/design.md", "\n## Reasons, planted\n| `planted-reason` | never |")
        self.expect("reasons_are_explained", r"^doc/design.md:\d+: the code knows no reason planted-reason")

    def test_exceptions_that_are_not_needed_or_not_explained(self):
        self.plant("tests/tidy/reasons_without_vector.txt", "planted-reason  it does not exist\ninternal-error")
        self.expect("reasons_have_vectors", "planted-reason needs no exception")
        self.expect("reasons_have_vectors", "internal-error has no explanation")

    def test_long_file(self):
        self.plant("src/core/planted.cc", "\n".join(["// planted"] * 401))
        self.expect("files_are_short", "^src/core/planted.cc:401: is longer than 400 lines")
        self.plant("tests/tidy/long_files.txt", "src/core/reason.h  it is short")
        self.expect("files_are_short", "src/core/reason.h needs no exception")

    def test_long_line(self):
        self.plant("src/core/planted.cc", "// " + "x" * 98)
        self.expect("lines_are_short", "^src/core/planted.cc:1: is longer than 100 columns")

    def test_include_twice(self):
        self.plant("src/core/base64.cc", '#include "core/base64.h"')
        self.expect("files_include_once", r"^src/core/base64.cc:\d+: includes what a line above includes")

    def test_version_written_twice(self):
        self.plant("src/agent/planted.cc", f"// {tidy.version(tidy.Tree(ROOT))}")
        self.expect("version_is_written_once", "^src/agent/planted.cc:1: repeats the version")

    def test_versions_that_differ(self):
        self.change("CMakeLists.txt", r"^(project\(.* VERSION )[0-9.]+", r"\g<1>9.9.9")
        self.expect("version_is_written_once", r"^CHANGELOG.md:\d+: the newest version is not 9.9.9")
        self.plant("doc/planted.8", '.TH PLANTED 8 2000-01-01 "planted 0.0.1"')
        self.expect("version_is_written_once", "^doc/planted.8:1: names another version")

    def test_private_key(self):
        self.plant("planted/key.pem", PRIVATE_KEY)
        self.expect("keys_are_throw_away", "^planted/key.pem:1: holds a private key")

    def test_quiet_grep_behind_a_pipe(self):
        self.plant("tests/planted.sh", "ldd planted |" + " grep -qF libasan")
        self.expect("pipes_are_read_to_the_end", "^tests/planted.sh:1: the quiet grep at the end of a pipe")

    def test_threats_that_name_no_test(self):
        for name in ["99-planted", "planted-vector", "tests/host/planted_test.cc"]:
            with self.subTest(name):
                self.change("doc/design.md", r"^(\| \| print a key .*)$", rf"\1\n| planted | | | | `{name}` |")
                self.expect("threats_name_tests", f"^doc/design.md:\\d+: the table of threats names {name},")

    def test_the_program(self):
        program = [sys.executable, str(ROOT / "tests/tidy/tidy.py"), str(self.tree)]
        run = lambda *names: subprocess.run(program + list(names), capture_output=True, text=True)
        self.assertEqual(0, run("lines_are_short").returncode)
        self.plant("src/core/planted.cc", "// " + "x" * 98)
        failed = run("lines_are_short")
        self.assertEqual((1, "tidy: 1 findings"), (failed.returncode, failed.stdout.splitlines()[-1]))
        self.assertEqual(64, run("no_such_rule").returncode)


def tearDownModule():
    missing = set(tidy.RULES) - Planted.proved
    if missing and len(sys.argv) == 1:
        raise AssertionError(f"no violation is planted for {', '.join(sorted(missing))}")


if __name__ == "__main__":
    unittest.main()
