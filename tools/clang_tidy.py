#!/usr/bin/env python3
"""clang-tidy over every compiled file below src, several files at a time. `./dev lint` calls it.

usage: clang_tidy.py BUILD_FOLDER

Most of clang-tidy's time goes into headers, which files of one folder share. So up to FILES_AT_ONCE of
them, all with the same compiler flags, are joined into one file and checked as one; names of findings and
lines are then those of the files themselves. Files whose names collide (two helpers called Trim) cannot be
joined: such a group is halved until each half compiles. readability-duplicate-include looks at the joined
file and is off here: tests/tidy has that rule.

Exit status: 0 no finding, 1 findings (on standard output), 2 wrong usage.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

FILES_AT_ONCE = 10

# Most of what clang-tidy would read of these is a library's, for minutes: Boost's.
NOT_CHECKED = {"src/console/front/server.cc"}


def compiler_flags(entry):
    """The flags of a compile_commands.json entry, without compiler, launcher, input and output."""
    words = shlex.split(entry["command"])
    flags, skip = [], False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in ("-o", "-c"):
            skip = word == "-o"
        elif word != entry["file"] and not word.endswith(("/c++", "/g++", "/clang++")):
            flags.append(word)
    return tuple(flags)


def groups_of(entries):
    """Groups of files that may be checked as one: one folder, the same flags, FILES_AT_ONCE at most."""
    by_kind = {}
    for entry in sorted(entries, key=lambda entry: entry["file"]):
        kind = (os.path.dirname(entry["file"]), entry["directory"], compiler_flags(entry))
        by_kind.setdefault(kind, []).append(entry["file"])
    for (_, folder, flags), files in by_kind.items():
        for first in range(0, len(files), FILES_AT_ONCE):
            yield folder, flags, files[first : first + FILES_AT_ONCE]


def join(files):
    """The joined text, and for each of its lines the file and line that it came from."""
    text, origins = [], []
    for file in files:
        lines = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
        text += lines
        origins += [(file, number) for number in range(1, len(lines) + 1)]
    return "\n".join(text) + "\n", origins


def check(folder, flags, files):
    """What clang-tidy finds in `files`, with the files' own names; "" is nothing."""
    with tempfile.TemporaryDirectory(prefix="eic-clang-tidy-") as work:
        joined = os.path.join(work, "joined.cc")
        text, origins = join(files)
        pathlib.Path(joined).write_text(text, encoding="utf-8")
        if len(files) > 1:
            compiles = subprocess.run(
                ["clang++", *flags, "-w", "-fsyntax-only", joined],
                cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            if compiles.returncode != 0:
                half = len(files) // 2
                return check(folder, flags, files[:half]) + check(folder, flags, files[half:])
        run = subprocess.run(
            ["clang-tidy", "--quiet", "--config-file=" + os.path.abspath(".clang-tidy"),
             "--checks=-readability-duplicate-include", joined, "--", *flags],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

        def name_origin(match):
            file, line = origins[min(int(match.group(1)), len(origins)) - 1]
            return f"{os.path.relpath(file)}:{line}:"

        findings = re.sub(re.escape(joined) + r":(\d+):", name_origin, run.stdout)
        if run.returncode != 0 and not findings:
            findings = f"{files[0]}: clang-tidy ended with status {run.returncode}\n{run.stderr}"
        return findings


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    entries = json.loads(pathlib.Path(arguments[0], "compile_commands.json").read_text(encoding="utf-8"))
    source = os.path.join(os.getcwd(), "src", "")
    entries = [entry for entry in entries if entry["file"].startswith(source)
               and os.path.relpath(entry["file"]) not in NOT_CHECKED]
    if not entries:
        print(f"{arguments[0]} compiles nothing below {source}", file=sys.stderr)
        return 1
    found = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(lambda group: check(*group), groups_of(entries)):
            print(findings, end="", flush=True)
            found = found or bool(findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
