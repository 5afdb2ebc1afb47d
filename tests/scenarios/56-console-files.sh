#!/usr/bin/env bash
# Goal of this test
# What: files go up and down through a panel of the terminal's page, by a login, key and worker of its own,
#       byte for byte; names that attack do not; what is cut says so; keys do not wait for a transfer.
# How: an emulator with an instance, its agent and sshd with internal-sftp; eic-console as an ordinary user;
#      a browser's part in Python.
# Expected: 20 MB come back as they went; nothing is replaced unasked; a transfer that is given up leaves
#           nothing behind; the audit has each; the echo of keys stays below 50 ms beside transfers.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"')"
StartSshdOf 1
home=$(getent passwd ec2-user | cut -d: -f6)
mkdir -p "$home/odd"
(
  cd "$home/odd"
  touch -- $'new\nline' $'\e[31mred' '<img src=x onerror=alert(1)>' $'latin-\xe9' $'turned-\xe2\x80\xae-txt' '%2e%2e' '..%2f' '-rf'
  printf hostile >$'bad\nname\e"; x=.html'
  mkfifo pipe
  ln -s /etc link-to-etc
)
mkdir "$home/many" "$home/closed"
(cd "$home/many" && seq -f 'file-%g' 6000 | xargs touch)
chown -R ec2-user: "$home"
chown root: "$home/closed"
chmod 700 "$home/closed"
CONSOLE_SECONDS=110 StartConsole

# With sanitizers everything takes several times as long, and nothing is said of times.
ECHO_MS=50
if grep -q __asan_init /opt/eic/bin/eic-console; then ECHO_MS=1000; fi
{
  echo "ECHO_MS = $ECHO_MS"
  echo "HOME = '$home'"
  cat <<'END'
import hashlib, random, statistics
from urllib.parse import unquote_to_bytes
one = "i-0123456789abcdef1"
console = Console(printed_url()).enter()
session = console.begin(one)
expect(console.files(session).status, 404, "files before there is a session")
terminal = console.terminal(session).until_ready()
expect(console.files(session, origin="http://evil.localhost").status, 403, "another Origin")
expect(console.files(session, cookie=None).status, 403, "no cookie")
files = console.files(session).until_ready()
expect(files.end, None, "an early end")

# Names.
folder, names, slug = files.list()
expect((folder, slug), (HOME, "done"), "where a login arrives")
expect(dict((n["name"], n["kind"]) for n in names if n["name"] in ("odd", "many")),
       {"odd": "folder", "many": "folder"}, "kinds")
folder, names, slug = files.list(HOME + "/odd")
raw = dict((unquote_to_bytes(n["name"]), n) for n in names)
expect(len(raw), 11, "all of the odd names: %r" % sorted(raw))
for name in raw.values():
    if not name["shown"].isprintable() or "\u202e" in name["shown"]:
        fail("a name is shown as %r" % name["shown"])
expect(raw[b"pipe"]["kind"], "other", "the pipe")
expect(raw[b"link-to-etc"]["kind"], "link", "the link")
body, headers, done = files.get(quoted(HOME + "/odd/bad\nname\x1b\"; x=.html"))
expect(body, b"hostile", "a file of an odd name")
expect(headers["content-disposition"],
       "attachment; filename*=UTF-8''bad%5Cx0aname%5Cx1b%22%3B%20x%3D.html", "what it is saved as")
expect(headers["x-content-type-options"], "nosniff", "its type is not guessed")
expect(headers["content-type"], "application/octet-stream", "its type")
body, _, done = files.get(quoted(HOME + "/odd/") + "latin-%E9")
expect((body, done["slug"]), (b"", "done"), "an empty file, whose name is no UTF-8")
for path, wanted in ((HOME + "/odd/pipe", "not-a-file"), (HOME + "/odd", "is-folder"),
                     (HOME + "/odd/link-to-etc", "is-folder"), ("/nothing", "no-such-file"),
                     ("/etc/shadow", "not-permitted")):
    expect(files.get(path)[2]["slug"], wanted, path)
expect(files.list(HOME + "/closed")[2], "not-permitted", "a closed folder")
_, names, slug = files.list(HOME + "/many")
expect((len(names), slug), (5000, "list-cut"), "a folder of 6000 files")
body, _, done = files.get("/proc/self/status")
expect((done["slug"], b"Name:" in body), ("done", True), "a file without a size")

# Bytes, there and back.
data = random.Random(7).randbytes(20 * 1000 * 1000 + 17)
target = HOME + "/big"
expect(files.put(target, data)["slug"], "done", "the upload")
body, headers, done = files.get(target)
expect((done["slug"], done["bytes"], headers["content-length"]),
       ("done", len(data), str(len(data))), "the download")
expect(body == data, True, "the same bytes")
for _ in range(20):
    # As browsers do: gone with the last byte, before the console closes.
    files.tell(type="get", path=quoted(HOME + "/odd/bad\nname\x1b\"; x=.html"))
    sock, _, headers = console.fetch(files.next("fetch")["url"])
    left = int(headers["content-length"])
    while left:
        left -= len(sock.recv(left))
    sock.close()
    expect(files.next("done")["slug"], "done", "a download whose browser has gone with its last byte")
expect(files.put(target, b"other")["slug"], "file-exists", "it is there already")
expect(terminal.run("stat -c %s " + target).strip(), str(len(data)), "nothing was replaced")
terminal.run("chmod 666 " + target)  # more than a umask leaves
expect(files.put(target, b"other", replace=True)["slug"], "done", "replaced, as asked for")
expect(terminal.run("cat %s; stat -c ' %%a' %s" % (target, target)).strip(), "other 666", "its place and mode")
expect(files.put(HOME + "/empty", b"")["slug"], "done", "an empty file")
expect(files.put(HOME + "/odd/link-to-etc", b"x", replace=True)["slug"], "not-a-file", "a link is not replaced")
expect(files.put(HOME + "/odd", b"x", replace=True)["slug"], "is-folder", "nor a folder")
expect(files.put(HOME + "/closed/x", b"x")["slug"], "not-permitted", "a folder that is not its own")

# Given up: nothing of it stays.
LEFT = "ls -A %s | grep -c eic-upload || true" % HOME
files.tell(type="put", path=HOME + "/given-up")
files.next("send")
files.frame(2, data[:32768])
files.tell(type="cancel")
expect(files.next("done")["slug"], "cancelled", "an upload that is cancelled")
expect(terminal.run("ls %s/given-up 2>&1 | grep -c No" % HOME).strip(), "1", "it has no name")
expect(terminal.run(LEFT).strip(), "0", "no part of it")
expect(files.put(HOME + "/big2", data)["slug"], "done", "another upload")
files.tell(type="get", path=HOME + "/big2")
sock, status, headers = console.fetch(files.next("fetch")["url"])
sock.recv(1000)
sock.close()
expect(files.next("done")["slug"], "stopped", "a download that the browser stops")
files.tell(type="get", path=HOME + "/big2")
url = files.next("fetch")["url"]
sock, status, headers = console.fetch(url)
expect(console.fetch(url)[1], 404, "a download's URL a second time")
files.tell(type="cancel")
expect(files.next("done")["slug"], "cancelled", "a download that is cancelled")
got = b""
try:
    while part := sock.recv(1 << 20):
        got += part
    expect("a clean end of %d bytes" % len(got), "a reset", "a body that was cut")
except ConnectionResetError:
    pass

# The terminal beside it.
def echo_ms(count):
    times = []
    for _ in range(count):
        terminal.output = b""
        began = time.monotonic()
        terminal.type("x")
        terminal.until(lambda: b"x" in terminal.output, 10, "the echo")
        times.append((time.monotonic() - began) * 1000)
        time.sleep(0.01)
    terminal.type("\x15")
    return times

import threading
other = console.files(session).until_ready()
def transfers():
    for _ in range(3):
        expect(other.get(HOME + "/big2")[2]["slug"], "done", "a download beside the keys")
        expect(other.put(HOME + "/big3", data, replace=True)["slug"], "done", "an upload beside the keys")
thread = threading.Thread(target=transfers)
thread.start()
times = []
while thread.is_alive():
    times += echo_ms(10)
times.sort()
print("echo beside transfers, ms: median %.1f, worst %.1f of %d" % (statistics.median(times), times[-1], len(times)))
if statistics.median(times) > ECHO_MS or times[int(len(times) * 0.95)] > ECHO_MS:
    fail("keys wait for a transfer")

# Closed during an upload: the worker takes its part away.
other.tell(type="put", path=HOME + "/cut")
other.next("send")
other.frame(2, data[:32768])
other.cut()
ends = time.monotonic() + 10
while terminal.run(LEFT).strip() != "0":
    if time.monotonic() > ends:
        fail("the part of an upload that was cut stays")
    time.sleep(0.1)

# What is not this protocol.
other = console.files(session).until_ready()
other.frame(2, b"x" * 100)  # no upload is under way: it may be late
other.tell(type="put", path=HOME + "/more")
other.frame(2, b"x")  # none was asked for yet
other.until(lambda: other.closed, 10, "a close")
expect(other.closed, 1008, "more bytes than were asked for")
terminal.tell(type="end")
terminal.until_end()
expect(files.until_end()["slug"], "session-over", "the panel ends with its session")
END
} | PERSON_SECONDS=85 BROWSE_SECONDS=80 Browse

WaitUntil 10 NothingOf eic-worker || Fail "a worker outlives its panel"
grep -E 'eic-console.*Files began: .*principal="arn:aws:.*" instance="i-0123456789abcdef1" user="ec2-user".* key="SHA256:[^"]*" request-id="[^"]+"' "$AUDIT" >/dev/null ||
  Fail "no audit line of a panel's beginning"
grep -E "Transfer began: .* direction=upload path=\"$home/big\"" "$AUDIT" >/dev/null ||
  Fail "no audit line of an upload's beginning"
grep -E "Transfer ended: .* direction=upload path=\"$home/big\" bytes=20000017 seconds=[0-9]+ reason=done" "$AUDIT" >/dev/null ||
  Fail "no audit line of an upload's end"
grep -E 'Transfer ended: .* direction=download path=".*bad\\x0aname\\x1b\\x22; x=.html" bytes=7 seconds=[0-9]+ reason=done' "$AUDIT" >/dev/null ||
  Fail "no audit line of the download of an odd name"
grep -E "Transfer ended: .* direction=upload path=\"$home/cut\" bytes=32768 seconds=[0-9]+ reason=cut" "$AUDIT" >/dev/null ||
  Fail "no audit line of an upload that was cut"
grep -E 'Files ended: .* bytes-in=[1-9][0-9]* bytes-out=[1-9][0-9]* seconds=[0-9]+ reason=session-over' "$AUDIT" >/dev/null ||
  Fail "no audit line of a panel's end"
# Each panel has a key of its own, which is pushed for it.
[ "$(grep -oE '(Session|Files) began: .* key="SHA256:[^"]*"' "$AUDIT" | grep -oE 'key="[^"]*"$' | sort -u | wc -l)" = 4 ] ||
  Fail "panels do not have keys of their own"
[ "$(Pushes)" = 4 ] || Fail "$(Pushes) keys were pushed instead of 4"
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker)' || Fail "eic-console does not end"
Finish
