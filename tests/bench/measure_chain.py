#!/usr/bin/env python3
"""usage: measure_chain.py [--quick]

What eic-chain adds to the slowest of its members. On a stage, as root (tests/scenarios/bench_chain.sh).

Each row is a chain. Its slowest member is run alone and the chain is run, one after the other, many
times; both are started in the same way, and end when their output has ended. What the chain adds is
the difference of the medians. Status 1 where it is more than 3 ms.
"""
import os
import statistics
import sys
import time

CHAIN = "/opt/eic/bin/eic-chain"
FOLDER = "/etc/ec2-instance-connect/chain.d"
MAX_MS = 3.0
ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
FINGERPRINT = "SHA256:" + "A" * 43
AGENT = "/opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem -- %u %f %t"
SLOW = "/opt/eic/members/slow %u"  # 20 ms
QUICK = "/opt/eic/members/quick %u"

# Name; members as (command, user), the slowest first.
ROWS = [
    ("one script, 20 ms", [(SLOW, "root")]),
    ("three scripts of root", [(SLOW, "root"), (QUICK, "root"), (QUICK, "root")]),
    ("three scripts of three users", [(SLOW, "root"), (QUICK, "ubuntu"), (QUICK, "ec2-user")]),
    ("the agent, and two scripts", [(SLOW, "root"), (AGENT, "ec2-instance-connect"), (QUICK, "ubuntu")]),
    ("eight scripts", [(SLOW, "root")] + [(QUICK, "ubuntu")] * 7),
]


def milliseconds(words):
    """One run, to the end of its output and of itself."""
    read_end, write_end = os.pipe()
    begin = time.monotonic()
    child = os.posix_spawn(words[0], words, ENVIRONMENT, file_actions=[
        (os.POSIX_SPAWN_DUP2, write_end, 1)])
    os.close(write_end)
    while os.read(read_end, 65536):
        pass
    _, status = os.waitpid(child, 0)
    took = (time.monotonic() - begin) * 1000
    os.close(read_end)
    if status != 0:
        sys.exit(f"{words[0]} ended with {status}")
    return took


def write_members(members):
    for name in os.listdir(FOLDER):
        os.unlink(f"{FOLDER}/{name}")
    for number, (command, user) in enumerate(members):
        with open(f"{FOLDER}/{10 + number}-member.conf", "w", encoding="ascii") as file:
            file.write(f"command = {command}\nuser = {user}\n")


def expanded(command):
    values = {"%u": "ec2-user", "%f": FINGERPRINT, "%t": "ssh-ed25519"}
    return [values.get(word, word) for word in command.split()]


def main():
    runs = 60 if "--quick" in sys.argv else 300
    chain = [CHAIN, "--", "ec2-user", FINGERPRINT, "ssh-ed25519"]
    worst = 0.0
    print(f"{'chain':<32} {'slowest alone':>14} {'the chain':>11} {'adds':>9}")
    for name, members in ROWS:
        write_members(members)
        alone, together = [], []
        for _ in range(runs):
            alone.append(milliseconds(expanded(members[0][0])))
            together.append(milliseconds(chain))
        adds = statistics.median(together) - statistics.median(alone)
        worst = max(worst, adds)
        print(f"{name:<32} {statistics.median(alone):>11.2f} ms {statistics.median(together):>8.2f} ms "
              f"{adds:>6.2f} ms")
    print(f"at most {worst:.2f} ms above the slowest member; the limit is {MAX_MS:.0f} ms")
    return 1 if worst > MAX_MS else 0


sys.exit(main())
