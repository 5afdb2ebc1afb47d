#!/usr/bin/python3
"""What eic-console carries and costs without a browser, and ttyd beside it: called by bench_console.sh, on
the stage, as root.

usage: measure_console.py FIGURES.json MEGABYTES SESSIONS [TTYD_PORT]

Measures a websocket's MB/s, the bytes it loses, and the memory of many sessions at once. The sockets are the
person's, whom alone the console answers; memory is read by root. A run that fails ends with status 1.
"""
import hashlib
import json
import os
import re
import resource
import selectors
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, "/opt/eic/scenarios")
from console_client import Console, Terminal, fail, printed_url  # pylint: disable=wrong-import-position

PERSON = 58010
INSTANCE = "i-0123456789abcdef1"
RUNS = 3
AT_ONCE = 4  # logins under way
TTYD_SESSIONS = 20
HERTZ = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Persons(Console):
    """A browser of the person, in a process of root's."""

    def connect(self):
        os.seteuid(PERSON)
        try:
            return super().connect()
        finally:
            os.seteuid(0)


class Wire:
    """Frames as they come, with little work of ours beside."""

    def __init__(self, sock, data=b""):
        self.sock = sock
        self.space = bytearray(1 << 21)
        self.view = memoryview(self.space)
        self.view[:len(data)] = data
        self.begin, self.end = 0, len(data)

    def need(self, count):
        while self.end - self.begin < count:
            if len(self.space) - self.end < 1 << 18:
                left = self.end - self.begin
                self.view[:left] = bytes(self.view[self.begin:self.end])
                self.begin, self.end = 0, left
            got = self.sock.recv_into(self.view[self.end:])
            if not got:
                raise EOFError("the websocket has ended")
            self.end += got

    def frame(self):
        """Opcode and payload; the payload is good until the next call."""
        self.need(2)
        first, length = self.space[self.begin], self.space[self.begin + 1] & 0x7F
        head = 2
        if length >= 126:
            head = 4 if length == 126 else 10
            self.need(head)
            length = int.from_bytes(self.view[self.begin + 2:self.begin + head], "big")
        self.need(head + length)
        payload = self.view[self.begin + head:self.begin + head + length]
        self.begin += head + length
        return first & 0xF, payload


def masked(opcode, data):
    length = len(data)
    head = bytes([0x80 | opcode]) + (
        bytes([0x80 | length]) if length < 126 else bytes([0xFE]) + struct.pack(">H", length))
    return head + b"\0\0\0\0" + data  # a mask of zeros


def processes(*names):
    """Ids of the processes of these names."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/comm", encoding="utf-8") as file:
                if file.read().strip() in names:
                    found.append(int(name))
        except OSError:
            pass
    return found


def private_kib(pids):
    """Memory that is theirs alone, and how many of them were still there."""
    total = count = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
                text = file.read()
        except OSError:
            continue
        total += sum(int(value) for value in re.findall(r"^Private_\w+: +(\d+) kB", text, re.M))
        count += 1
    return total, count


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / HERTZ


class Ours:
    """One session's websocket, at the prompt of a shell that neither echoes nor changes line ends."""

    processes = ("eic-console", "eic-worker")

    def __init__(self, console):
        page = console.terminal(console.begin(INSTANCE)).until_ready()
        if page.end:
            fail("no session: %r" % page.end)
        page.run("stty -echo -onlcr; PS1=")
        self.received = self.acked = page.received
        self.sock = page.sock
        self.wire = Wire(page.sock, page.buffer)

    def type(self, text):
        self.sock.sendall(masked(2, text.encode()))

    def output(self):
        while True:
            opcode, payload = self.wire.frame()
            if opcode == 2:
                self.received += len(payload)
                if self.received - self.acked >= 65536:
                    self.acked = self.received
                    self.sock.sendall(masked(1, b'{"type":"ack","bytes":%d}' % self.received))
                return payload
            message = json.loads(bytes(payload)) if opcode == 1 else {"type": "closed"}
            if message["type"] == "ping":
                self.sock.sendall(masked(1, b'{"type":"pong","n":%d}' % message["n"]))
            elif message["type"] in ("end", "closed"):
                fail("the session has ended: %r" % message)

    def leave(self):
        self.sock.sendall(masked(1, b'{"type":"end"}'))
        self.sock.close()


class Ttyd:
    """The same of ttyd, which runs ssh."""

    processes = ("ttyd", "ssh")

    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.sock.sendall(
            b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Sec-WebSocket-Protocol: tty\r\n\r\n" % port)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.sock.recv(1)
        self.wire = Wire(self.sock)
        self.sock.sendall(masked(2, b'{"AuthToken":"","columns":80,"rows":24}'))
        self.until(b"$ ")
        self.type("stty -echo -onlcr; PS1=; echo qui''et\r")
        self.until(b"quiet")

    def until(self, mark):
        seen = b""
        while mark not in seen:
            seen = (seen + bytes(self.output()))[-1000:]

    def type(self, text):
        self.sock.sendall(masked(2, b"0" + text.encode()))

    def output(self):
        while True:
            opcode, payload = self.wire.frame()
            if opcode == 8:
                fail("ttyd has closed")
            if opcode in (1, 2) and payload[:1] == b"0":
                return payload[1:]

    def leave(self):
        self.sock.close()


def throughput(make, path):
    """Best of RUNS, and CPU seconds of the programs for it. Each byte has to arrive as it was."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        data = file.read()
    head, wanted = data[:64], hashlib.sha256(data).hexdigest()
    result = {"megabytes_per_s": 0}
    for _ in range(RUNS):
        session = make()
        time.sleep(0.5)
        pids = processes(*session.processes)
        used = cpu_seconds(pids)
        kept, got, goal = [], 0, None
        start = time.monotonic()
        session.type(f"cat {path}\r")
        while goal is None or got < goal:
            part = bytes(session.output())
            kept.append(part)
            got += len(part)
            if goal is None:
                # What the shell has to say before is none of the file.
                at = b"".join(kept).find(head)
                goal = None if at < 0 else at + size
        took = time.monotonic() - start
        used = cpu_seconds(pids) - used
        whole = b"".join(kept)[goal - size:goal]
        if hashlib.sha256(whole).hexdigest() != wanted:
            fail("what arrived is not the file: bytes were lost or changed on the way")
        if size / took / 1e6 > result["megabytes_per_s"]:
            result.update(megabytes_per_s=size / took / 1e6, cpu_s=used)
        session.leave()
        time.sleep(0.5)
    return result


class Keeper(threading.Thread):
    """Answers the pings of all sessions at once."""

    def __init__(self):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        self.lock = threading.Lock()
        self.failures = []
        self.is_over = False

    def add(self, page):
        page.sock.settimeout(30)
        with self.lock:
            self.selector.register(page.sock, selectors.EVENT_READ, page)

    def run(self):
        while not self.is_over:
            with self.lock:
                ready = self.selector.select(0)
                for key, _ in ready:
                    page = key.data
                    if not page.read():
                        self.failures.append(page.end or page.closed)
                        self.selector.unregister(page.sock)
                    elif page.received != page.acked:
                        page.acknowledge()
            time.sleep(0.02)


def open_sessions(console, count, keeper, pages):
    """Sessions until there are `count`; AT_ONCE logins at a time."""
    wanted = count - len(pages)
    lock = threading.Lock()
    todo = iter(range(wanted))
    failures = []

    def work():
        while True:
            with lock:
                if next(todo, None) is None:
                    return
            try:
                # Who connects is the process's user, of all its threads: one at a time.
                with lock:
                    page = console.terminal(console.begin(INSTANCE))
                page.until_ready(60)
                if page.end:
                    failures.append(page.end)
                    continue
                page.until_output(r"[$#] $", 60)
            except SystemExit:
                failures.append("no prompt")
                continue
            with lock:
                pages.append(page)
            keeper.add(page)

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def memory(console):
    workers, count = private_kib(processes("eic-worker"))
    front, _ = private_kib(processes("eic-console"))
    forker, _ = private_kib(processes("eic-forker"))
    descriptors = len(os.listdir(f"/proc/{processes('eic-console')[0]}/fd"))
    return {"workers": count, "workers_kib": workers, "front_kib": front, "forker_kib": forker,
            "descriptors": descriptors}


def many_sessions(console, most):
    keeper, pages, failures = Keeper(), [], []
    keeper.start()
    time.sleep(2)
    curve = [dict(memory(console), sessions=0)]
    start = time.monotonic()
    for count in sorted({1, most // 10, most // 4, most // 2, most * 3 // 4, most}):
        failures += open_sessions(console, count, keeper, pages)
        time.sleep(1)
        curve.append(dict(memory(console), sessions=len(pages)))
        say(f"{curve[-1]}")
    opened_s = time.monotonic() - start
    # Each still answers, while all are there.
    keeper.is_over = True
    keeper.join()
    answered = 0
    start = time.monotonic()
    for number, page in enumerate(pages):
        page.output = b""
        page.type(f"echo number$(({number}+0))x\r")
    for number, page in enumerate(pages):
        try:
            page.until_output(rf"number{number}x", 120)
            answered += 1
        except SystemExit:
            failures.append(f"session {number} does not answer")
    answered_s = time.monotonic() - start
    for page in pages:
        page.tell(type="end")
        page.sock.close()
    return {"wanted": most, "opened": len(pages), "opened_s": opened_s, "answered": answered,
            "answered_s": answered_s, "failures": [str(one) for one in failures + keeper.failures][:5],
            "failed": len(failures) + len(keeper.failures), "curve": curve}


def ttyd_memory(port):
    before, _ = private_kib(processes("ttyd"))
    sessions = [Ttyd(port) for _ in range(TTYD_SESSIONS)]
    time.sleep(1)
    after, _ = private_kib(processes("ttyd"))
    children, count = private_kib(processes("ssh"))
    for session in sessions:
        session.leave()
    return {"session_kib": children / count + (after - before) / TTYD_SESSIONS, "sessions": count}


def main():
    out, megabytes, most, *ttyd = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    console = Persons(printed_url())
    with open("/run/eic/cookie", encoding="utf-8") as file:
        console.cookie = file.read().strip()
    path = f"/tmp/much.{megabytes}"
    figures = {"megabytes": int(megabytes), "ours": {}, "ttyd": {}}
    say(f"websocket, {megabytes} MB: ours")
    figures["ours"]["websocket"] = throughput(lambda: Ours(console), path)
    if ttyd:
        say(f"websocket, {megabytes} MB: ttyd")
        figures["ttyd"]["websocket"] = throughput(lambda: Ttyd(int(ttyd[0])), path)
        figures["ttyd"]["memory"] = ttyd_memory(int(ttyd[0]))
    say(f"{most} sessions")
    figures["ours"]["sessions"] = many_sessions(console, int(most))
    with open(out, "w", encoding="utf-8") as file:
        json.dump(figures, file)


main()
