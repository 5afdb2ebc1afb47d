#!/usr/bin/env python3
# `./dev test-all`: runs what takes longer than CI has, or needs trees of other releases, row by row.
"""usage: ./dev test-all [--document] [ROW...]

Runs these rows, or all. A row that fails does not keep the next from running; the status is then 1.
--document also writes doc/test-all.md, from the last run of each row.
"""

import argparse
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys
import time

# Each row: its name, and the arguments of ./dev. A row needs no other, except where a comment says so.
ROWS = {
    "load": "load",
    "taken-over": "taken-over",
    "console": "console-long",
    "fuzz": "fuzz --seconds 120",
    "payload": "payload",
    "reproducible": "reproducible",
    "payload-scenarios": "payload scenarios",
    # bullseye runs the payload on older libraries, trixie on newer ones.
    "tree-bullseye": "test-tree bullseye",
    "payload-bullseye": "payload scenarios --tree bullseye",  # needs tree-bullseye and payload
    "tree-trixie": "test-tree trixie",
    "payload-trixie": "payload scenarios --tree trixie",  # needs tree-trixie and payload
    "packages": "test-packages",
    "doctor": "test-doctor",
    "sessions": "test-sessions",
    "vm": "test-vm",
}

SKIPPED = re.compile(r"\*\*\*(Skipped|Not Run)|: skipped$|^skipped [0-9]", re.M)

COLUMNS = "| command | time | verdict | commit |\n|---|---:|---|---|\n"

INTRODUCTION = """\
# What takes longer than CI has

`.ci/run` says what CI runs. What takes longer, or needs trees of other releases, is run by hand, as root:

    ./dev test-all             # all rows; with the name of a row, that one alone
    ./dev test-all --document  # the same, and writes this file from the last run of each row

If a row fails, the next ones still run, and the command ends with status 1. `build/test-all/` has the output of each
row. The verdict also counts the tests that were skipped because a program is missing. Existing trees and builds are
used again, so a fresh machine takes longer.

"""


def verdict(status, output):
    """How a run ended, as the table says it; `output` is everything that it printed."""
    skipped = len(SKIPPED.findall(output))
    words = "passed" if status == 0 else f"**failed**, status {status}"
    return words + (f"; {skipped} skipped" if skipped else "")


def table_row(arguments, seconds, words, commit):
    return f"| `./dev {arguments}` | {seconds // 60} min {seconds % 60} s | {words} | {commit} |\n"


def run_row(name, logs, commit, dev):
    """Runs one row, keeps its output and its row of the table below `logs`; true when it passed."""
    started = time.monotonic()
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        status = subprocess.run([*dev, *shlex.split(ROWS[name])], stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.STDOUT, check=False).returncode
    words = verdict(status, log.read_text("utf-8", "replace"))
    row = table_row(ROWS[name], int(time.monotonic() - started), words, commit)
    (logs / f"{name}.row").write_text(row)
    print(row, end="", flush=True)
    return status == 0


def machine():
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    name = next((line.split("=", 1)[1].strip('"') for line in lines if line.startswith("PRETTY_NAME=")), "an unknown system")
    return f"{len(os.sched_getaffinity(0))} cores of {name}, {platform.system()} {platform.release().split('-')[0]}"


def document(logs):
    """The text of doc/test-all.md, from the last run of each row."""
    rows = ""
    for name, arguments in ROWS.items():
        kept = logs / f"{name}.row"
        rows += kept.read_text() if kept.exists() else f"| `./dev {arguments}` | | not run | |\n"
    return f"{INTRODUCTION}On {machine()}:\n\n{COLUMNS}{rows}"


def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev test-all", description="Runs what takes longer than CI has.",
                                     epilog="rows: " + ", ".join(ROWS))
    parser.add_argument("--document", action="store_true", help="also write doc/test-all.md")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="run these rows alone")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as ended:
        return 64 if ended.code else 0
    unknown = [name for name in options.rows if name not in ROWS]
    if unknown:
        print(f"./dev test-all has no row {unknown[0]}; the rows are {', '.join(ROWS)}", file=sys.stderr)
        return 64
    if os.geteuid() != 0:
        print("./dev test-all makes trees and namespaces, and needs root", file=sys.stderr)
        return 2
    if options.document and git("status", "--porcelain"):
        print("./dev test-all --document names a commit, and this tree has changes that no commit has: commit them first",
              file=sys.stderr)
        return 2
    logs = pathlib.Path("build/test-all")
    logs.mkdir(parents=True, exist_ok=True)
    commit = git("describe", "--always", "--dirty", "--exclude", "*")
    print(COLUMNS, end="", flush=True)
    passed = [run_row(name, logs, commit, ["./dev"]) for name in options.rows or ROWS]
    if options.document:
        pathlib.Path("doc/test-all.md").write_text(document(logs))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
