#!/usr/bin/env python3
# `./dev test-packages`: chooses the cases of tests/packages, runs them, and keeps the table of its README.
"""usage: tools/test_packages.py [--ci] [--list] [NAME...]

Runs all cases, those that CI runs, or those whose names contain a NAME, as many at a time as there
are processors. build/test-packages has the output of each. A run of all cases also rewrites the
table in tests/packages/README.md. Status 0: all passed; 1: one did not; 64: no case has that name.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

CASES = pathlib.Path("tests/packages")
LOGS = pathlib.Path("build/test-packages")
CASE_SECONDS = 900  # The first case of a suite makes its base tree.
STOP_SECONDS = 30  # A case that was told to end takes its systems down in this time.
SKIPPED = 77

TABLE_MARK = "<!-- table -->"
COLUMNS = "| case | what it shows | system | result | commit |\n|---|---|---|---|---|\n"


def head(case, word):
    """What a case's head has behind `# word: `, or nothing."""
    found = re.search(rf"^# {word}: (.*)$", case.read_text(), re.M)
    return found.group(1) if found else ""


def choose(folder, names, for_ci):
    """The cases of `folder` whose names contain one of `names`, in order; all where none is given."""
    cases = sorted(folder.glob("[0-9][0-9]-*.sh"))
    if for_ci:
        cases = [case for case in cases if head(case, "CI")]
    return [case for case in cases if not names or any(name in case.stem for name in names)]


def result_of(status, requires_all):
    if status == 0:
        return "passed"
    return "skipped" if status == SKIPPED and not requires_all else "failed"


def run_case(case, logs, seconds=CASE_SECONDS):
    """Runs one case, keeps its output below `logs`, and returns its result."""
    started = time.monotonic()
    log = logs / f"{case.stem}.out"
    with log.open("wb") as output:
        # A case takes its systems down itself, when it is told to end or when this program is gone.
        command = ["setpriv", "--pdeathsig", "TERM",
                   "timeout", f"--kill-after={STOP_SECONDS}", str(seconds), str(case)]
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                check=False).returncode
    result = result_of(status, bool(os.environ.get("EIC_REQUIRE_ALL")))
    said = f"{result} {case.stem} ({int(time.monotonic() - started)} s)\n"
    if result != "passed":
        said += log.read_text("utf-8", "replace")
    print(said, end="", flush=True)
    return result


def table(readme, cases, results, commit, programs):
    """`readme`, its table replaced by one of these results."""
    rows = ""
    for case, result in zip(cases, results):
        system = "; ".join(filter(None, [head(case, "System"), head(case, "Note")]))
        rows += f"| {case.stem} | {head(case, 'Goal')} | {system} | {result} | {commit} |\n"
    kept = readme[: readme.index(TABLE_MARK) + len(TABLE_MARK)]
    return f"{kept}\n\n{COLUMNS}{rows}\nThe packages of this run wrap {programs}.\n"


def git_commit():
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev test-packages", description="Runs the package cases.")
    parser.add_argument("--ci", action="store_true", help="those that CI runs")
    parser.add_argument("--list", action="store_true", help="print the cases, and run none")
    parser.add_argument("names", nargs="*", metavar="NAME", help="those whose names contain NAME")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as ended:
        return 64 if ended.code else 0
    cases = choose(CASES, options.names, options.ci)
    if not cases:
        print(f"./dev test-packages: no case has such a name; {CASES} has them", file=sys.stderr)
        return 64
    if options.list:
        print("\n".join(case.stem for case in cases))
        return 0
    # Without waiting for the cases: each hears of this program's end.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os._exit(130))
    commit = git_commit()
    LOGS.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(lambda case: run_case(case, LOGS), cases))
    if not options.names and not options.ci:
        programs = ("the payload" if pathlib.Path("build/package/notices").is_dir()
                    else "programs that are linked to the machine's libraries")
        readme = CASES / "README.md"
        readme.write_text(table(readme.read_text(), cases, results, commit, programs))
    counts = [f"{results.count(word)} {word}" for word in ("passed", "failed", "skipped")]
    print(f"packages: {', '.join(counts)}")
    return 1 if "failed" in results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
