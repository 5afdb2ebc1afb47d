"""A browser's part, for the scenarios of eic-console: HTTP and a websocket, with nothing but Python's
own library, and with every header in the test's hand."""
import base64
import json
import os
import re
import socket
import struct
import sys
import time
import urllib.parse

WORK = "/run/eic"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


def read_head(sock):
    head = b""
    while b"\r\n\r\n" not in head:
        part = sock.recv(1)
        if not part:
            raise EOFError("closed within %r" % head)
        head += part
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        if ":" in line:
            name, value = line.split(":", 1)
            headers.setdefault(name.strip().lower(), value.strip())
    return int(lines[0].split(" ")[1]), headers


class Console:
    """One browser. `url` is what eic-console printed."""

    def __init__(self, url, address="127.0.0.1"):
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self.host = parts.netloc
        self.origin = "http://" + parts.netloc
        self.port = parts.port
        self.address = address
        self.token_path = parts.path + "?" + parts.query
        self.cookie = None

    def connect(self):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(20)
        sock.connect((self.address, self.port))
        return sock

    def raw(self, data):
        """Sends bytes; gives all that comes back until the console closes."""
        sock = self.connect()
        sock.sendall(data)
        sock.settimeout(5)
        got = b""
        try:
            while True:
                part = sock.recv(65536)
                if not part:
                    break
                got += part
        except (socket.timeout, ConnectionResetError):
            pass
        return got

    def ask(self, method, path, body=None, **changed):
        """Headers by name, `_` for `-`; None leaves one out."""
        headers = {"host": self.host, "connection": "close"}
        if self.cookie:
            headers["cookie"] = "eic=" + self.cookie
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers["content-type"] = "application/json"
        if method not in ("GET", "HEAD"):
            headers["origin"] = self.origin
            headers["content-length"] = str(len(data))
        for name, value in changed.items():
            headers[name.replace("_", "-")] = value
        text = "%s %s HTTP/1.1\r\n" % (method, path)
        text += "".join("%s: %s\r\n" % item for item in headers.items() if item[1] is not None)
        sock = self.connect()
        sock.sendall(text.encode() + b"\r\n" + data)
        status, answered = read_head(sock)
        length = int(answered.get("content-length", "0"))
        body = b""
        while len(body) < length and method != "HEAD":
            part = sock.recv(65536)
            if not part:
                raise EOFError("a body of %d bytes ended at %d" % (length, len(body)))
            body += part
        sock.close()
        return Answer(status, answered, body)

    def enter(self):
        answer = self.ask("GET", self.token_path)
        expect(answer.status, 303, "the token")
        expect(answer.headers["location"], "/", "the clean address")
        self.cookie = re.match(r"eic=([0-9a-f]+); Path=/; HttpOnly; SameSite=Strict$",
                               answer.headers["set-cookie"]).group(1)
        return self

    def begin(self, instance, **more):
        body = {"instance": instance, "profile": "", "region": "", "user": "", "address": "auto"}
        body.update(more)
        answer = self.ask("POST", "/api/sessions", body)
        expect(answer.status, 201, "a session: %r" % answer.body)
        return answer.json()["session"]

    def files(self, session, **changed):
        """A panel of files of the session."""
        return Files(self, session, 0, 0, 0, dict(changed, what="files", starts=False))

    def fetch(self, path):
        """The connection of a GET, its status and headers: the body is still to be read."""
        sock = self.connect()
        sock.sendall(("GET %s HTTP/1.1\r\nhost: %s\r\ncookie: eic=%s\r\n\r\n"
                      % (path, self.host, self.cookie)).encode())
        return (sock,) + read_head(sock)

    def terminal(self, session, start=0, columns=80, rows=24, **changed):
        return Terminal(self, session, start, columns, rows, changed)


class Terminal:
    """A websocket with the protocol of doc/console.md. Acknowledges what it reads, unless `acks`."""

    def __init__(self, console, session, start, columns, rows, changed):
        self.console, self.session = console, session
        self.received = start
        self.output = b""
        self.frames = []
        self.ready = self.end = self.closed = None
        self.moved = False
        self.acks = True
        self.acked = start
        self.buffer = b""
        self.sock = console.connect()
        starts = changed.pop("starts", True)
        what = changed.pop("what", "socket")
        headers = {"host": console.host, "origin": console.origin, "upgrade": "websocket",
                   "connection": "Upgrade", "sec-websocket-version": "13",
                   "sec-websocket-key": base64.b64encode(os.urandom(16)).decode()}
        if console.cookie:
            headers["cookie"] = "eic=" + console.cookie
        for name, value in changed.items():
            headers[name.replace("_", "-")] = value
        text = "GET /api/sessions/%s/%s HTTP/1.1\r\n" % (session, what)
        text += "".join("%s: %s\r\n" % item for item in headers.items() if item[1] is not None)
        self.sock.sendall(text.encode() + b"\r\n")
        self.status, _ = read_head(self.sock)
        if self.status == 101 and starts:
            self.tell(type="start", columns=columns, rows=rows, **{"from": start})

    # Bytes would be copied whole with each frame.
    @property
    def output(self):
        return self._output

    @output.setter
    def output(self, value):
        self._output = bytearray(value)

    def frame(self, opcode, data):
        mask = os.urandom(4)
        length = len(data)
        head = bytes([0x80 | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        key = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
        masked = (int.from_bytes(data, "big") ^ key).to_bytes(length, "big") if length else b""
        self.sock.sendall(head + mask + masked)

    def tell(self, **message):
        self.frame(1, json.dumps(message).encode())

    def type(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        for at in range(0, len(data), 16384):
            self.frame(2, data[at:at + 16384])

    def take(self, count):
        while len(self.buffer) < count:
            part = self.sock.recv(1 << 18)
            if not part:
                raise EOFError
            self.buffer += part
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self):
        """One frame; False once the websocket has ended."""
        if self.closed is not None:
            return False
        try:
            first, second = self.take(2)
            length = second & 0x7f
            if length == 126:
                length = struct.unpack(">H", self.take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.take(8))[0]
            data = self.take(length)
        except (EOFError, ConnectionResetError):
            self.closed = 1006
            return False
        opcode = first & 0xf
        if opcode == 2:
            self._output.extend(data)
            self.received += len(data)
            if self.acks and self.received - self.acked >= 65536:
                self.acknowledge()
        elif opcode == 1:
            self.hear(json.loads(data))
        elif opcode == 8:
            self.closed = struct.unpack(">H", data[:2])[0] if data else 1005
            try:
                self.frame(8, data[:2])
            except OSError:
                pass
            return False
        elif opcode == 9:
            self.frame(10, data)
        return True

    def acknowledge(self):
        self.acked = self.received
        self.tell(type="ack", bytes=self.received)

    def hear(self, message):
        self.frames.append(message)
        kind = message["type"]
        if kind == "ready":
            self.ready = message
            self.received = self.acked = message.get("from", 0)
        elif kind == "ping":
            self.tell(type="pong", n=message["n"])
        elif kind == "end":
            self.end = message
        elif kind == "moved":
            self.moved = True

    def until(self, test, seconds=20, what="something"):
        ends = time.monotonic() + seconds
        while not test():
            left = ends - time.monotonic()
            if left <= 0:
                fail("no %s within %s s; frames %r, output ends %r"
                     % (what, seconds, self.frames[-6:], self.output[-300:]))
            self.sock.settimeout(left)
            try:
                if not self.read():
                    break
            except socket.timeout:
                continue
        if not test():
            fail("the websocket ended (%s) before %s; frames %r, output ends %r"
                 % (self.closed, what, self.frames[-6:], self.output[-300:]))
        return self

    def until_ready(self, seconds=20):
        return self.until(lambda: self.ready or self.end, seconds, "ready")

    def until_output(self, pattern, seconds=20):
        regex = re.compile(pattern if isinstance(pattern, bytes) else pattern.encode())
        self.until(lambda: regex.search(self.output), seconds, "output %r" % pattern)
        return regex.search(self.output)

    def until_end(self, seconds=20):
        self.until(lambda: self.end, seconds, "end")
        return self.end

    def run(self, command, seconds=20):
        """Runs a command line; gives what it printed."""
        mark = "mark%d" % time.monotonic_ns()
        self.output = b""
        # The terminal echoes the line; the marks it prints are joined by the shell alone.
        self.type("echo %s''begin; %s; echo %s''end\r" % (mark, command, mark))
        begin, end = (mark + "begin").encode(), (mark + "end").encode()
        found = self.until_output(re.escape(begin) + b"\r?\n(?s:(.*?))" + re.escape(end), seconds)
        return bytes(found.group(1)).replace(b"\r\n", b"\n").decode()

    def cut(self):
        self.sock.close()
        self.closed = 1006


def quoted(path):
    return urllib.parse.quote(path, safe="/")


class Files(Terminal):
    """A panel of files, with the protocol of doc/console.md."""

    def next(self, *kinds, seconds=20):
        """The next frame of one of these kinds; those before it are left out."""
        self.frames.clear()
        self.until(lambda: [f for f in self.frames if f["type"] in kinds], seconds, kinds)
        return [f for f in self.frames if f["type"] in kinds][0]

    def list(self, path=""):
        """The folder's path, its names in full, and the slug of its end."""
        self.frames.clear()
        self.tell(type="list", path=path)
        self.until(lambda: any(f["type"] == "listed" for f in self.frames), 20, "listed")
        folder = [f["path"] for f in self.frames if f["type"] == "folder"]
        names = [n for f in self.frames if f["type"] == "names" for n in f["names"]]
        slug = [f for f in self.frames if f["type"] == "listed"][0]["slug"]
        return (folder or [None])[0], names, slug

    def put(self, path, data, replace=False):
        """Uploads; gives the frame of the end."""
        self.tell(type="put", path=path, replace=replace)
        room = sent = 0
        while True:
            frame = self.next("send", "done")
            if frame["type"] == "done":
                return frame
            room += sum(f["bytes"] for f in self.frames if f["type"] == "send")
            while room > 0 and sent < len(data):
                part = data[sent:sent + min(room, 32768)]
                self.frame(2, part)
                room -= len(part)
                sent += len(part)
            if sent == len(data):
                self.tell(type="put-end")
                return self.next("done")

    def get(self, path):
        """Downloads: the bytes or None, the headers, the frame of the end."""
        self.tell(type="get", path=path)
        frame = self.next("fetch", "done")
        if frame["type"] == "done":
            return None, None, frame
        sock, status, headers = self.console.fetch(frame["url"])
        expect(status, 200, "the download")
        body = read_body(sock, headers)
        return body, headers, self.next("done")


def read_body(sock, headers):
    """A body to its end, by length or in chunks; fails where it is cut."""
    sock.settimeout(20)
    got = bytearray()
    while True:
        part = sock.recv(1 << 18)
        if not part:
            break
        got += part
    if "content-length" in headers:
        expect(len(got), int(headers["content-length"]), "the length of a body")
        return bytes(got)
    body = bytearray()
    while True:
        line, _, rest = bytes(got).partition(b"\r\n")
        size = int(line, 16)
        if size == 0:
            return bytes(body)
        body += rest[:size]
        got = rest[size + 2:]


def fail(words):
    print("failed: " + words, file=sys.stderr)
    sys.exit(1)


def expect(got, wanted, what):
    if got != wanted:
        fail("%s: got %r, wanted %r" % (what, got, wanted))


def expect_in(part, whole, what):
    if part not in whole:
        fail("%s: no %r in %r" % (what, part, whole))


def printed_url():
    with open(WORK + "/console.out") as file:
        return file.readline().strip()


def saved():
    """The browser that entered before, in a scenario of several scripts."""
    console = Console(printed_url())
    with open(WORK + "/cookie") as file:
        console.cookie = file.read().strip()
    return console


def save(console):
    with open(WORK + "/cookie", "w") as file:
        file.write(console.cookie)
