#!/usr/bin/env bash
# Goal of this test
# What: no byte of a terminal is lost, whatever the page and the network do, and nothing waits for ever.
# How: as in 50; a page that is cut, reloaded, moved, slow, and that pastes much while much comes.
# Expected: 20 MB arrive byte by byte; 30 s of output without a drop; a cut websocket goes on at the last
#           byte in the same shell; a page that does not acknowledge gets 512 KiB at most, and its session
#           lives on, though the sshd asks each second whether the client is there; Ctrl+C ends `yes`
#           within a second; a paste of 1 MiB into `cat` comes back; what came before the end is
#           delivered before the end.
EIC_STAGE_SECONDS=170
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

# An sshd that soon ends the session of a client that does not answer.
StartInstances 1 "ClientAliveInterval 1" "ClientAliveCountMax 3"
CONSOLE_SECONDS=160 StartConsole
head -c 15000000 /dev/urandom | base64 -w 100 >/tmp/much
chmod 644 /tmp/much

# The instance's end of all connections, when the browser's part asks for that: closed, and then reset, which is
# how a system ends one that has bytes nobody read.
{
  WaitUntil 160 test -e /tmp/close-now
  pkill -KILL -f '^sshd: ec2-user'
  WaitUntil 160 test -e /tmp/stop-now
  pkill -STOP -f '^sshd: ec2-user'
  touch /tmp/stopped
  WaitUntil 160 test -e /tmp/reset-now
  pkill -KILL -f '^sshd: ec2-user'
} &

PERSON_SECONDS=150 BROWSE_SECONDS=140 Browse <<'END'
import hashlib
import random
import threading

one = "i-0123456789abcdef1"
console = Console(printed_url()).enter()
session = console.begin(one)
page = console.terminal(session).until_ready()
pid = page.run("echo $$")
page.run("stty -echo -onlcr; PS1=")

# 20 MB, while the websocket is cut again and again.
with open("/tmp/much", "rb") as file:
    much = file.read()
page.output = b""
page.type("cat /tmp/much; echo over\r")
got, cuts = bytearray(), 0
ends = time.monotonic() + 60
while not got.endswith(b"over\n") and time.monotonic() < ends:
    if not page.read():
        fail("the websocket ended by itself: %r" % page.closed)
    got += page.output
    page.output = b""
    if cuts < 4 and len(got) > (cuts + 1) * 3000000:
        cuts += 1
        page.cut()
        page = console.terminal(session, start=page.received).until_ready()
        got += page.output
        page.output = b""
got = bytes(got[got.index(much[:50]):])
expect(len(got), len(much) + 5, "the bytes")
expect(hashlib.sha256(got[:-5]).hexdigest(), hashlib.sha256(much).hexdigest(), "the bytes' hash")
expect(cuts, 4, "the cuts")
expect(page.run("echo $$"), pid, "the shell after the cuts")

# A page that acknowledges nothing any more, behind one that was slow.
before = page.received
page.type("cat /tmp/much\r")
slow = time.monotonic() + 1
while time.monotonic() < slow:
    page.read()
    time.sleep(0.02)
page.acks = False
page.acknowledge()
silent = page.received
page.sock.settimeout(2)
try:
    while page.read():
        pass
except socket.timeout:
    pass
if not 300000 <= page.received - silent <= 524288:
    fail("%d bytes without an acknowledgement" % (page.received - silent))
time.sleep(6)
page.acks = True
page.acknowledge()
page.until(lambda: page.received - before >= len(much), 30, "the rest")
page.run("true")

# Ctrl+C under `yes`.
worst = 0
for _ in range(5):
    page.type("yes\r")
    page.until(lambda: page.output.count(b"y\n") > 20000, 20, "the flood")
    page.output = b""
    began = time.monotonic()
    page.type(b"\x03")
    page.type("echo pro''mpt\r")
    page.until_output("prompt", 10)
    worst = max(worst, time.monotonic() - began)
    page.run("true")
print("Ctrl+C under yes, worst of 5: %.2f s" % worst)
if worst > 1:
    fail("Ctrl+C took %.2f s" % worst)

# A paste of 1 MiB that comes back while it is pasted.
page.run("stty -icanon min 1; true")
line = b"".join(b"%07d\n" % n for n in range(131072))
page.output = b""
page.type("cat | cat\r")
time.sleep(0.3)
page.output = b""
sender = threading.Thread(target=lambda: page.type(line))
sender.start()
page.until(lambda: len(page.output) >= len(line), 40, "the paste")
sender.join()
expect(hashlib.sha256(page.output[:len(line)]).hexdigest(), hashlib.sha256(line).hexdigest(), "the paste")
# Bash says so when it has the terminal again; what is typed before that, `cat` may still read.
page.output = b""
page.type(b"\x03")
page.until_output("\n")
page.run("stty icanon; true")

# A second tab takes the session; a reload gets the last bytes.
page.run("echo before")
tab = console.terminal(session, start=page.received).until_ready()
page.until(lambda: page.moved and page.closed == 4001, 5, "moved")
expect(tab.run("echo $$"), pid, "the shell in the other tab")
reload = console.terminal(session, start=0).until_ready()
reload.until(lambda: reload.received >= tab.received, 5, "the output again")
expect_in(pid.strip().encode(), reload.output, "the last bytes again")

# Everything before the end.
reload.output = b""
reload.type("tail -c 300000 /tmp/much; exit 3\r")
end = reload.until_end()
expect((end["slug"], end["status"]), ("exited", 3), "the end")
expect_in(much[-300000:], reload.output, "the output before the end")

# What had come before the connection was lost, though the page could not take it then: libssh's window of it.
def close(page):
    os.system("touch /tmp/close-now")

def reset(page):
    os.system("touch /tmp/stop-now")
    while not os.path.exists("/tmp/stopped"):
        time.sleep(0.05)
    page.type("x")
    time.sleep(0.5)
    os.system("touch /tmp/reset-now")

for lose in (close, reset):
    page = console.terminal(console.begin(one)).until_ready()
    page.run("stty -echo -onlcr; PS1=")
    page.acks = False
    page.output = b""
    page.type("cat /tmp/much\r")
    page.sock.settimeout(2)
    try:
        while page.read():
            pass
    except socket.timeout:
        pass
    lose(page)
    time.sleep(1.5)
    page.acks = True
    page.acknowledge()
    end = page.until_end()
    expect((end["slug"], end["step"]), ("cut", "session"), "the lost connection: " + lose.__name__)
    if len(page.output) < 524288 + 500000:
        fail("only %d bytes before the %s" % (len(page.output), lose.__name__))
    expect(bytes(page.output), much[:len(page.output)], "the output before the " + lose.__name__)

# A page that was away when the shell ended, and comes back in time; and one that asks for what is gone.
session = console.begin(one)
page = console.terminal(session).until_ready()
page.run("true")
page.type("sleep 0.5; echo last''words; exit 4\r")
time.sleep(0.2)
page.cut()
time.sleep(1)
page = console.terminal(session, start=page.received)
expect(page.until_end()["status"], 4, "the end, later")
expect_in(b"lastwords", page.output, "the last words")
expect(console.terminal("0" * 32).status, 404, "a session that never was")

# 30 s of output that the page can hardly follow.
page = console.terminal(console.begin(one)).until_ready()
page.type("stty -echo; yes 0123456789 | head -c 400000000; echo ov''er\r")
began = time.monotonic()
while time.monotonic() < began + 30:
    if not page.read():
        fail("dropped after %.1f s" % (time.monotonic() - began))
    page.output = page.output[-100:]
    if page.output.endswith(b"over\r\n"):
        page.type("yes 0123456789 | head -c 400000000; echo ov''er\r")
page.tell(type="end")
page.until_end()
END
Finish
