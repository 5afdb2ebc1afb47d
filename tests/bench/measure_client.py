#!/usr/bin/python3
"""What the client adds to a login: called by tests/scenarios/bench_client.sh, on the stage, as root.

Measures whole runs of a remote `true`, in turn: plain ssh with a key that was pushed beforehand, the
wrapper, ssh by its configuration, and where there is a tree of Debian 13 its AWS CLI. All of them log in
to the same sshd, and all but plain ssh push over HTTPS to the same emulator. Writes one JSON object to
descriptor 3. A run that fails ends everything with status 1.
"""
import glob
import json
import os
import statistics
import subprocess
import sys
import threading
import time

WORK = "/run/eic"
INSTANCE = os.environ["INSTANCE"]
ADDRESS = os.environ["ADDRESS"]
TREE = "/opt/eic/tree"
HOME = "/home/person"
OURS = {"eic", "mssh", "msftp"}


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    say(f"bench: {text}")
    sys.exit(1)


def person(endpoint, *words):
    """The command line that runs `words` as the person."""
    return [
        "setpriv", "--reuid", "person", "--regid", "person", "--clear-groups",
        "env", "-i", "-C", HOME, f"PATH={os.environ['PATH']}", f"HOME={HOME}", "USER=person",
        "LOGNAME=person", "SHELL=/bin/sh", "LC_ALL=C.UTF-8", "AWS_REGION=us-west-2",
        "AWS_EC2_METADATA_DISABLED=true", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        f"AWS_ENDPOINT_URL={endpoint}", *words,
    ]  # fmt: skip


def run(words, before=None, input_text=None):
    """Milliseconds of one run."""
    if before:
        before()
    start = time.monotonic()
    done = subprocess.run(words, input=input_text, capture_output=True, text=True, timeout=60)
    elapsed = (time.monotonic() - start) * 1000
    if done.returncode != 0:
        fail(f"status {done.returncode}: {' '.join(words[-6:])}\n{done.stdout}{done.stderr}")
    return elapsed


def push():
    words = ["eic", "push", INSTANCE, "--os-user", "ec2-user", "--public-key", f"{HOME}/key.pub"]
    run(person(os.environ["ENDPOINT"], *words))


def rows(endpoint, address, port, has_aws):
    """Name, command line, what comes before each run, what is typed."""
    hosts = ["-o", f"UserKnownHostsFile={HOME}/known_hosts", "-o", "BatchMode=yes"]
    table = [
        ("ssh -i KEY", person(endpoint, "ssh", "-F", "none", "-i", f"{HOME}/key", "-o", "IdentitiesOnly=yes",
                              *hosts, "-p", port, f"ec2-user@{address}", "true"), push, None),
        ("mssh", person(endpoint, "mssh", "-p", port, f"ec2-user@{INSTANCE}", "true"), None, None),
        ("ssh by configuration", person(endpoint, "ssh", "-p", port, f"ec2-user@{INSTANCE}", "true"), None,
         None),
    ]  # fmt: skip
    if has_aws:
        words = ["chroot", "--userspec=client", TREE, *person(endpoint)[6:]]
        words[words.index("-C") + 1] = "/home/client"
        words = ["HOME=/home/client" if word.startswith("HOME=") else word for word in words]
        words += ["AWS_CA_BUNDLE=/tmp/bundle.pem", "aws", "ec2-instance-connect", "ssh",
                  "--connection-type", "direct", "--instance-id", INSTANCE]  # fmt: skip
        table.append(("aws ec2-instance-connect ssh", words, None, "true\n"))
    return table


def measure(table, runs):
    times = {name: [] for name, *_ in table}
    for turn in range(runs + 1):  # the first is not counted
        for name, words, before, typed in table:
            elapsed = run(words, before, typed)
            if turn > 0:
                times[name].append(elapsed)
    return {
        name: {"median_ms": statistics.median(t), "min_ms": min(t), "max_ms": max(t), "runs": len(t)}
        for name, t in times.items()
    }


def processes_of_ours():
    """pid -> peak kilobytes of resident memory, of the client's processes."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/status"):
        try:
            with open(path, encoding="utf-8") as file:
                fields = dict(line.split(":", 1) for line in file if ":" in line)
        except OSError:
            continue
        if fields.get("Name", "").strip() in OURS and "VmHWM" in fields:
            found[int(fields["Pid"])] = int(fields["VmHWM"].split()[0])
    return found


def memory_and_processes(words):
    """The highest peak of any process of ours in one login, and how many live while it transfers."""
    peaks = {}
    done = threading.Event()

    def watch():
        while not done.is_set():
            for pid, peak in processes_of_ours().items():
                peaks[pid] = max(peak, peaks.get(pid, 0))
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    watcher.start()
    login = subprocess.Popen(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if login.stdout.readline() != b"in\n":
        fail("the login that is watched failed")
    time.sleep(0.5)
    alive = len(processes_of_ours())
    status = login.wait(timeout=30)
    done.set()
    watcher.join()
    if status != 0 or not peaks:
        fail("the login that is watched was not seen")
    return max(peaks.values()), alive


def main():
    quick = "--quick" in sys.argv
    has_aws = os.path.exists(f"{TREE}/usr/bin/aws")
    figures = {"has_aws": has_aws}
    near = rows(os.environ["ENDPOINT"], ADDRESS, "22", has_aws)
    say("no delay")
    figures["near"] = measure(near, 5 if quick else 20)
    say("50 ms each way")
    far = rows(os.environ["FAR_ENDPOINT"], ADDRESS, os.environ["FAR_PORT"], False)
    figures["far"] = measure(far, 2 if quick else 5)
    say("memory")
    watched = person(os.environ["ENDPOINT"], "mssh", f"ec2-user@{INSTANCE}", "echo in; sleep 1.5")
    figures["peak_kib"], figures["alive_in_transfer"] = memory_and_processes(watched)
    watched = person(os.environ["ENDPOINT"], "ssh", f"ec2-user@{INSTANCE}", "echo in; sleep 1.5")
    peak, alive = memory_and_processes(watched)
    figures["peak_kib"] = max(peak, figures["peak_kib"])
    figures["alive_in_transfer"] = max(alive, figures["alive_in_transfer"])
    with os.fdopen(3, "w", encoding="utf-8") as out:
        json.dump(figures, out)


main()
