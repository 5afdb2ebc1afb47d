#!/usr/bin/python3
"""Measures on the stage: called by tests/scenarios/bench.sh as the agent's ordinary user.

--plan prints what is to be served, a line for each server: PORT NAME DELAY_MS RECORDS ISSUERS
CERTIFICATES. Without it, measures and writes one JSON object to descriptor 3; what it is doing is said
on standard error. A run with another status or output than expected ends everything with status 1.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import shlex
import statistics
import subprocess
import sys

EXTRA = "/opt/eic/extra"
AGENT = "/opt/eic/bin/eic-authorized-keys"
SYSTEM_AGENT = f"{EXTRA}/eic-authorized-keys-system"
SYMBOLS_AGENT = f"{EXTRA}/eic-authorized-keys-symbols"  # the same, before its symbols were taken off
EVIDENCE = "/run/eic/evidence"
ADDRESS = "169.254.169.254"

BASE = {"records": 1, "issuers": 1, "certificates": 140}
RECORDS = [1, 2, 4, 8, 16, 32, 64]
ISSUERS = [0, 1, 2, 3, 4, 5, 6]  # one staple more than issuers below the root
CERTIFICATES = [1, 16, 64, 140, 512]
DELAYS_MS = [0, 1, 5, 20]
AT_ONCE = [1, 2, 4, 8, 16, 32, 64]
LOGINS = {"pushed key": "2201", "authorized_keys": "2202"}


def servers(options):
    """The evidence and delay behind each port, by the name of the server."""
    plan = {"base": dict(BASE, evidence="base", delay=0)}
    if not options.instructions_only and not options.quick:
        for count in RECORDS:
            plan[f"records-{count}"] = dict(BASE, records=count)
        for count in ISSUERS:
            plan[f"issuers-{count}"] = dict(BASE, issuers=count)
        for count in CERTIFICATES:
            plan[f"certificates-{count}"] = dict(BASE, certificates=count)
        for delay in DELAYS_MS:
            plan[f"delay-{delay}"] = dict(BASE, evidence="base", delay=delay)
    for port, (name, server) in enumerate(plan.items(), start=8000):
        server.setdefault("evidence", name)
        server.setdefault("delay", 0)
        server["port"] = 80 if name == "base" else port
    return plan


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    say(f"bench: {text}")
    sys.exit(1)


class Bench:
    def __init__(self, options):
        self.options = options
        self.servers = servers(options)

    def folder(self, name):
        return f"{EVIDENCE}/{self.servers[name]['evidence']}"

    def expected(self, name):
        """What is to be printed for ec2-user."""
        path = f"{self.folder(name)}/root/latest/meta-data/managed-ssh-keys/active-keys/ec2-user"
        with open(path, encoding="ascii") as blob:
            keys = [line.split()[:2] for line in blob if line.startswith("ssh-")]
        return "".join(f"{kind} {key}\n" for kind, key in keys)

    def fingerprint(self):
        key = base64.b64decode(self.expected("base").split()[1])
        return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")

    def yardstick(self, name, user, store="store"):
        port = self.servers[name]["port"]
        return [f"{EXTRA}/eic-yardstick", ADDRESS, str(port), user, f"{self.folder(name)}/{store}"]

    def agent(self, name, user, store="store", program=AGENT, words=()):
        port = self.servers[name]["port"]
        return [program, "--imds-endpoint", f"http://{ADDRESS}:{port}", "--ca-store",
                f"{self.folder(name)}/{store}", "--", user, *words]

    def against(self, user):
        """--against CMD as sshd would start it: %u, %f and %t are filled in."""
        tokens = {"%u": user, "%f": self.fingerprint(), "%t": "ssh-ed25519"}
        words = shlex.split(self.options.against)
        if not any(word in tokens for word in words):
            words.append("%u")
        return [tokens.get(word, word) for word in words]

    def measure(self, commands, expected, rounds, at_once=1):
        """Medians and extremes for each command, by its name; they run by turns."""
        arguments = []
        for command in commands.values():
            self.check_output(command, expected)
            arguments += ["---", *command]
        lines = subprocess.run(
            [f"{EXTRA}/eic-run-alternating", str(rounds), str(at_once), *arguments[1:]],
            stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
        rows = [[int(word) for word in line.split()] for line in lines]
        result = {}
        for index, name in enumerate(commands):
            mine = [row for row in rows if row[0] == index]
            if any(row[5] != len(expected) * at_once for row in mine):
                fail(f"{name}: a run printed something else")
            result[name] = {key: extremes([row[at] / unit for row in mine]) for key, at, unit in (
                ("wall_ms", 1, 1000), ("cpu_ms", 2, 1000), ("faults", 3, 1), ("peak_kib", 4, 1))}
        return result

    def check_output(self, command, expected):
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
        if done.returncode != 0 or done.stdout != expected:
            fail(f"{shlex.join(command)}: status {done.returncode}, output {done.stdout!r}")

    def paths(self):
        """The two paths as sshd asks for them: the user, and what is printed."""
        return {"no key": ("root", ""), "accepted": ("ec2-user", self.expected("base"))}

    def programs(self, user):
        words = (self.fingerprint(), "ssh-ed25519")
        commands = {"agent": self.agent("base", user, words=words),
                    "yardstick": self.yardstick("base", user)}
        if os.path.exists(SYSTEM_AGENT):
            commands["agent, system libraries"] = self.agent("base", user, program=SYSTEM_AGENT,
                                                             words=words)
        return commands

    def headline(self):
        rounds = 30 if self.options.quick else 200
        result = {}
        for path, (user, expected) in self.paths().items():
            say(f"{path}: {rounds} rounds")
            commands = self.programs(user)
            result[path] = self.measure(commands, expected, rounds)
            if self.options.against:
                other = {"against": self.against(user)}
                result[path].update(self.measure(other, expected, max(5, rounds // 10)))
            for name, count in self.instructions(commands, expected, path).items():
                result[path][name]["instructions"] = count
        return result

    def instructions(self, commands, expected, path):
        return {name: count_instructions(command, expected, name, f"{name} {path}.callgrind")
                for name, command in commands.items()}

    def logins(self):
        """What a person feels: ssh to `true`, by the two sshd of tests/scenarios/bench.sh."""
        rounds = 10 if self.options.quick else 60
        say(f"logins: {rounds} rounds")
        ssh = ["/usr/bin/ssh", "-F", "none", "-i", "key", "-o", "IdentitiesOnly=yes", "-o",
               "BatchMode=yes", "-o", "UserKnownHostsFile=known_hosts"]  # fmt: skip
        return self.measure({name: [*ssh, "-p", port, "ec2-user@127.0.0.1", "true"]
                             for name, port in LOGINS.items()}, "", rounds)

    def functions(self):
        """Instructions of the agent's own functions, with all that they call, by path."""
        program = SYMBOLS_AGENT if os.path.exists(SYMBOLS_AGENT) else AGENT
        words = (self.fingerprint(), "ssh-ed25519")
        result = {}
        for path, (user, expected) in self.paths().items():
            command = self.agent("base", user, program=program, words=words)
            count_instructions(command, expected, "agent", f"functions {path}.callgrind")
            result[path] = functions_of(f"functions {path}.callgrind")
        return result

    def curve(self, points, server_of, rounds, user="ec2-user", store="store", at_once=None):
        """[{x, agent, yardstick}] over `points`; `server_of` names the server of a point."""
        rows = []
        for point in points:
            name = server_of(point)
            expected = "" if user == "root" else self.expected(name)
            measured = self.measure({"agent": self.agent(name, user, store),
                                     "yardstick": self.yardstick(name, user, store)},
                                    expected, rounds, at_once(point) if at_once else 1)
            rows.append({"x": point, **{key: value["wall_ms"] for key, value in measured.items()}})
        return rows

    def curves(self):
        rounds = 30
        say("curves")
        result = {
            "records": self.curve(RECORDS, lambda n: f"records-{n}", rounds),
            "staples": self.curve(ISSUERS, lambda n: f"issuers-{n}", rounds),
            "certificates, folder": self.curve(CERTIFICATES, lambda n: f"certificates-{n}", rounds),
            "certificates, bundle": self.curve(CERTIFICATES, lambda n: f"certificates-{n}", rounds,
                                               store="bundle.pem"),
            "delay, no key": self.curve(DELAYS_MS, lambda n: f"delay-{n}", rounds, user="root"),
            "delay, accepted": self.curve(DELAYS_MS, lambda n: f"delay-{n}", rounds),
            "at once": self.curve(AT_ONCE, lambda n: "base", max(3, rounds // 4),
                                  at_once=lambda n: n),
        }
        for row in result["staples"]:
            row["x"] += 1
        return result

    def phases(self):
        say("phases")
        rounds = 15
        words = (self.fingerprint(), "ssh-ed25519")
        return {path: phases_of(self.agent("base", user, words=words), rounds)
                for path, (user, _) in self.paths().items()}


def extremes(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def count_instructions(command, expected, name, profile):
    """By callgrind; the confinement of an agent is pretended (pretend_confinement.c)."""
    environment = {"PATH": "/usr/bin:/bin"}
    if name != "yardstick":
        environment["LD_PRELOAD"] = f"{EXTRA}/eic-pretend-confinement.so"
    done = subprocess.run(["valgrind", "--tool=callgrind",
                           f"--callgrind-out-file={profile}", *command],
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, text=True)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or done.stdout != expected or not counted:
        fail(f"callgrind: {shlex.join(command)}: {done.stderr[-2000:]}")
    return int(counted.group(1))


# In the order of a run.
FUNCTIONS = [
    ("dynamic loader", re.compile(r"rtld\.c:_dl_start ")),
    ("main", re.compile(r":main ")),
    ("... CurlHttp", re.compile(r"eic::CurlHttp::CurlHttp\(")),
    ("... FindTrustStore", re.compile(r":eic::FindTrustStore\b")),
    ("... ConfineForNetwork", re.compile(r":eic::ConfineForNetwork\(")),
    ("... all requests (PerformAll)", re.compile(r":eic::CurlHttp::PerformAll\(")),
    ("... SelectCandidates", re.compile(r":eic::SelectCandidates\b")),
    ("... ParseServedChain", re.compile(r":eic::ParseServedChain\b")),
    ("... SelectStapleNames", re.compile(r":eic::SelectStapleNames\b")),
    ("... ConfineForVerification", re.compile(r":eic::ConfineForVerification\(")),
    ("... OpenTrustStore", re.compile(r":eic::OpenTrustStore\b")),
    ("... VerifyCandidates", re.compile(r":eic::VerifyCandidates\(")),
    ("...... VerifyChain", re.compile(r":eic::VerifyChain\(")),
    ("...... VerifyRevocation", re.compile(r":eic::VerifyRevocation\(")),
    ("...... VerifySignature", re.compile(r":eic::VerifySignature\(")),
    ("... RecordDecision", re.compile(r":eic::RecordDecision\b")),
    ("exit", re.compile(r"exit\.c:exit ")),
]


def functions_of(profile):
    lines = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", profile],
                           stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    counts = {}
    for name, pattern in FUNCTIONS:
        for line in lines:
            count = re.match(r" *([0-9,]+) \(", line)
            if count and pattern.search(line + " "):
                counts[name] = int(count.group(1).replace(",", ""))
                break
    return counts


# Where one phase of a run ends and the next begins: the first call of that kind after the marker before.
# The connection for the first request is begun before the confinement, and waited for behind it.
# strace stops at these calls only, so that the others take as long as they do.
MARKS = [
    ("loader, initialisers, options", re.compile(r"timer_create\(|setitimer\(")),
    ("libraries, user, instance, CA store", re.compile(r"prctl\(PR_SET_NO_NEW_PRIVS")),
    ("confinement", re.compile(r"poll\(")),
    ("requests", re.compile(r"SECCOMP_SET_MODE_FILTER|PR_SET_SECCOMP")),
    ("verification", re.compile(r"sendto\(")),
]
REST = "audit line, output, exit"
MARK_CALLS = "execve,timer_create,setitimer,prctl,?poll,ppoll,seccomp,sendto"


def phases_of(command, rounds):
    """Milliseconds of each phase, as medians."""
    samples = {}
    for _ in range(rounds):
        trace = "trace.log"
        subprocess.run(["strace", "-f", "--seccomp-bpf", "-ttt", "-o", trace, "-e",
                        f"trace={MARK_CALLS}", *command],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        with open(trace, encoding="utf-8", errors="replace") as lines:
            for phase, took_ms in divide(lines.read().splitlines()).items():
                samples.setdefault(phase, []).append(took_ms)
    return {phase: statistics.median(values) for phase, values in samples.items()}


def divide(lines):
    """A run without a key ends with its requests: the phase whose end is not met goes to the end."""
    events = [(float(line.split()[1]), line) for line in lines if line]
    start, end, times = events[0][0], events[-1][0], {}
    for phase, mark in MARKS:
        later = [time for time, line in events if time > start and mark.search(line)]
        if not later:
            times[phase] = (end - start) * 1000
            return times
        times[phase] = (later[0] - start) * 1000
        start = later[0]
    times[REST] = (end - start) * 1000
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--instructions-only", action="store_true")
    parser.add_argument("--against")
    options = parser.parse_args()
    if options.plan:
        for server in servers(options).values():
            print(server["port"], server["evidence"], server["delay"], server["records"],
                  server["issuers"], server["certificates"])
        return
    bench = Bench(options)
    result = {}
    if options.instructions_only:
        result["instructions"] = {
            path: bench.instructions(bench.programs(user), expected, path)
            for path, (user, expected) in bench.paths().items()}
    else:
        result["paths"] = bench.headline()
        result["logins"] = bench.logins()
        result["functions"] = bench.functions()
        result["phases"] = bench.phases()
        if not options.quick:
            result["curves"] = bench.curves()
    with os.fdopen(3, "w") as out:
        json.dump(result, out, indent=1)


main()
