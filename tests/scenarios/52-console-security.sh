#!/usr/bin/env bash
# Goal of this test
# What: nobody but the browser that was given the URL, and no page but the console's own in it, gets
#      anything of eic-console; odd HTTP does it no harm.
# How: as in 50; requests with one thing wrong each; another local user with the stolen cookie.
# Expected: 421 for another Host, 403 without cookie, with another Origin or of another site; a dropped
#           connection for another user; the headers of every answer; nothing but a status for what is no
#           HTTP; no environment, file or descriptor of the front in a worker.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

StartInstances 1
StartConsole

Browse <<'END'
one = "i-0123456789abcdef1"
console = Console(printed_url()).enter()
save(console)
if not re.match(r"http://[0-9a-f]{32}\.localhost:[0-9]+/\?token=[0-9a-f]{64}$", console.url):
    fail("the URL is %r" % console.url)

# The name.
for host in ("127.0.0.1:%d" % console.port, "localhost:%d" % console.port, console.host + "0",
             "x" + console.host, console.host.upper().replace("LOCALHOST", "localhost") + " ", None):
    for path in ("/", "/api/start", console.token_path):
        got = console.ask("GET", path, host=host).status
        if got not in (400, 421) and host.strip() != console.host:
            fail("Host %r: %d" % (host, got))
expect(console.ask("GET", "/", host="attacker.example").status, 421, "a rebound name")

# Who.
stranger = Console(console.url)
for path in ("/", "/api/start", "/api/instances", "/api/sessions", "/assets/terminal.mjs", "/terminal/x"):
    expect(stranger.ask("GET", path).status, 403, path + " without a cookie")
    expect(stranger.ask("GET", path, cookie="eic=" + "0" * 64).status, 403, path + " with another cookie")
expect(stranger.ask("POST", "/api/sessions", {"instance": one}).status, 403, "POST without a cookie")
expect(stranger.ask("GET", "/?token=" + "0" * 64).status, 403, "another token")
expect(stranger.ask("GET", console.token_path).status, 403, "the token again")

# From where.
body = {"instance": one, "profile": "", "region": "", "user": "", "address": "auto"}
for origin in (None, "null", "http://attacker.example", "http://127.0.0.1:%d" % console.port,
               "https://" + console.host, console.origin + "/", console.origin + "1"):
    expect(console.ask("POST", "/api/sessions", body, origin=origin).status, 403, "POST of %r" % origin)
    expect(console.ask("DELETE", "/api/sessions/x", origin=origin).status, 403, "DELETE of %r" % origin)
expect(console.ask("GET", "/api/instances", sec_fetch_site="cross-site").status, 403, "another site")
expect(console.ask("GET", "/api/instances", sec_fetch_site="same-site").status, 403, "another port")
expect(console.ask("GET", "/api/instances", sec_fetch_site="same-origin").status, 200, "our page")
expect(console.ask("POST", "/api/sessions", body, content_type="text/plain").status, 415, "a form's POST")
session = console.begin(one)
for origin in (None, "null", "http://attacker.example", "http://localhost:1", console.origin + ".example"):
    expect(console.terminal(session, origin=origin).status, 403, "a websocket of %r" % origin)
expect(console.terminal(session, cookie=None).status, 403, "a websocket without a cookie")
expect(console.terminal(session, host="127.0.0.1").status, 421, "a websocket of another Host")
expect(console.terminal(session).until_ready().run("id -un"), "ec2-user\n", "ours")

# Every answer.
for answer in (console.ask("GET", "/"), console.ask("GET", "/api/sessions"), stranger.ask("GET", "/"),
               console.ask("GET", "/assets/terminal.mjs"), console.ask("GET", "/nothing")):
    policy = answer.headers["content-security-policy"]
    expect_in("default-src 'none'", policy, "the policy")
    expect_in("frame-ancestors 'none'", policy, "frames")
    for part in ("unsafe-inline", "unsafe-eval", "*", "data:", "http"):
        if part in policy:
            fail("%s in the policy" % part)
    expect(answer.headers["referrer-policy"], "no-referrer", "the referrer")
    expect(answer.headers["x-content-type-options"], "nosniff", "types")
    expect(answer.headers["cross-origin-resource-policy"], "same-origin", "other sites")
    if "access-control-allow-origin" in answer.headers:
        fail("another site may read")
expect(console.ask("GET", "/api/sessions").headers["cache-control"], "no-store", "the cache")

# Requests that ask for what cannot be.
for wrong in ({}, {"instance": "i-1; rm"}, dict(body, instance="../../x"), dict(body, user="a b"),
              dict(body, user="x" * 33), dict(body, region="us west"), dict(body, address="somewhere"),
              dict(body, port=0), dict(body, port=70000), dict(body, instance=7), []):
    expect(console.ask("POST", "/api/sessions", wrong).status, 400, "a session of %r" % (wrong,))
expect(console.ask("POST", "/api/sessions", b"{").status, 400, "no JSON")
expect(console.ask("POST", "/api/sessions", b"[" * 60000).status, 400, "deep JSON")
expect(console.ask("POST", "/api/answers", {"question": "x", "value": "1"}).status, 404, "no question")
expect(console.ask("DELETE", "/api/sessions/" + "0" * 32).status, 404, "no session")
for path in ("/assets/../main.cc", "/assets/%2e%2e/x", "/assets/", "/assets/terminal.mjs%00", "/api/", "/%zz"):
    got = console.ask("GET", path).status
    if got not in (400, 404):
        fail("%s: %d" % (path, got))
expect(console.ask("TRACE", "/").status in (403, 405), True, "TRACE")
expect(console.ask("PUT", "/").status, 405, "PUT")

# What is no HTTP, or too much of it.
head = "GET / HTTP/1.1\r\nhost: %s\r\ncookie: eic=%s\r\n" % (console.host, console.cookie)
for data, statuses in (
        (b"\x16\x03\x01\x02\x00\x01\x00", (400,)), (b"GET / HTTP/9.9\r\n\r\n", (400,)),
        (b"\r\n" * 10, (400, None)), (b"GET /\x00 HTTP/1.1\r\n\r\n", (400,)),
        (("%shost: other\r\nconnection: close\r\n\r\n" % head).encode(), (421,)),
        (("%scookie: eic=1\r\nconnection: close\r\n\r\n" % head).encode(), (403,)),
        (head.encode() + b"x: " + b"a" * 20000 + b"\r\n\r\n", (431, 400)),
        (head.encode() + b"content-length: 99999999\r\n\r\n", (413,)),
        (head.encode() + b"content-length: 1\r\ncontent-length: 2\r\n\r\n", (400,)),
        (head.encode() + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", (400, 200)),
        (head.encode() + b"transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n", (400, 413)),
        (b"GET http://%s/ HTTP/1.1\r\nhost: %s\r\n\r\n" % (console.host.encode(), console.host.encode()), (403,))):
    got = console.raw(data)
    status = int(got[9:12]) if got[:9] == b"HTTP/1.1 " else None
    if status not in statuses:
        fail("%r: %r" % (data[:60], got[:60]))

# Frames that break the protocol end the websocket, and not the session.
for send in (lambda t: t.frame(1, b"no json"), lambda t: t.frame(1, b'{"type":"start"}'),
             lambda t: t.frame(2, b"x" * 70000), lambda t: t.frame(3, b"x"),
             lambda t: t.frame(1, b'{"type":"size","columns":0,"rows":5}'),
             lambda t: t.frame(1, b'{"type":"ack","bytes":-1}'), lambda t: t.frame(1, b"\xff\xfe"),
             lambda t: t.sock.sendall(b"\x82\x01x")):
    page = console.terminal(session).until_ready()
    send(page)
    try:
        while page.read():
            pass
    except ConnectionError:
        pass
    if page.end:
        fail("the session has ended: %r" % page.end)
page = console.terminal(session).until_ready()
page.tell(type="ack", bytes=10 ** 15)
page.tell(type="unheard-of")
while page.read():
    pass
expect(page.closed, 1008, "an unknown message")

# A websocket that never says start.
page = console.terminal(session, starts=False)
began = time.monotonic()
while page.read():
    pass
expect(page.closed, 1008, "a websocket without start")
if not 5 < time.monotonic() - began < 15:
    fail("a websocket without start was held for %.1f s" % (time.monotonic() - began))
expect(console.terminal(session).until_ready().run("id -un"), "ec2-user\n", "its session")

# IPv6, and what a worker has of the front.
if os.path.exists("/proc/net/if_inet6"):
    six = Console(console.url, "::1")
    six.cookie = console.cookie
    expect(six.ask("GET", "/api/sessions").status, 200, "::1")
END

# A worker and the forker: no environment, no descriptor but their own.
for role in worker forker; do
  pid=$(PidOf "eic-$role")
  ! tr '\0' '\n' <"/proc/$pid/environ" | grep AWS >/dev/null || Fail "the $role has AWS's variables"
  ! grep -aF wJalrXUtnFEMI "/proc/$pid/environ" >/dev/null || Fail "the $role has the secret key"
done
pid=$(PidOf eic-worker)
[ "$(find "/proc/$pid/fd" -lname 'socket:*' | wc -l)" = 2 ] || Fail "a worker has other sockets than two"
[ "$(find "/proc/$pid/fd" ! -type d | wc -l)" = 5 ] || Fail "a worker has other descriptors: $(ls -l "/proc/$pid/fd")"
# Of the released build.
if ! grep -F libasan "/proc/$pid/maps" >/dev/null; then
  grep -E '^Seccomp:[[:space:]]2' "/proc/$pid/status" >/dev/null || Fail "a worker has no seccomp filter"
  grep -E '^Max processes +0 ' "/proc/$pid/limits" >/dev/null || Fail "a worker may fork"
fi
grep -E '^NoNewPrivs:[[:space:]]1' "/proc/$pid/status" >/dev/null || Fail "a worker may gain privileges"

# --open: the URL goes by a file that nobody else reads, and by no argument; and the browser comes from
# a file, which is another site to it.
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker|worker)' || Fail "eic-console does not end"
cat >/opt/eic/bin/xdg-open <<'END'
#!/bin/sh
stat -c %a "$1" >/tmp/opened.mode
ps -eo args | grep -c token >/tmp/opened.seen
exec cp "$1" /tmp/opened
END
chmod 755 /opt/eic/bin/xdg-open
StartConsole --open
WaitUntil 5 test -s /tmp/opened || Fail "no browser was opened"
[ "$(cat /tmp/opened.mode)" = 600 ] || Fail "the redirect has mode $(cat /tmp/opened.mode)"
[ "$(cat /tmp/opened.seen)" -le 1 ] || Fail "the token is in somebody's arguments" # grep's own
grep -F "url=$(cat "$WORK/console.out")" /tmp/opened >/dev/null || Fail "the redirect leads elsewhere"
Browse <<'END'
console = Console(printed_url())
answer = console.ask("GET", console.token_path, sec_fetch_site="cross-site")
expect((answer.status, answer.headers["refresh"]), (200, "0; url=/"), "from a file")
console.cookie = answer.headers["set-cookie"][4:68]
expect(console.ask("GET", "/", sec_fetch_site="same-origin").status, 200, "behind it")
save(console)
END

# Another user of this machine, who has everything that can be stolen.
chmod 644 "$WORK/cookie" "$WORK/console.out"
cat >"$WORK/thief.py" <<'END'
from console_client import *
console = saved()
for ask in (lambda: console.ask("GET", "/api/sessions"), lambda: console.ask("GET", console.token_path)):
    try:
        fail("the thief got %d" % ask().status)
    except (EOFError, ConnectionError):
        pass
END
setpriv --reuid ubuntu --regid ubuntu --clear-groups env PYTHONPATH=/opt/eic/scenarios PYTHONDONTWRITEBYTECODE=1 \
  timeout 30 python3 "$WORK/thief.py" || Fail "another user got an answer"
[ -e "$PERSON_HOME/.ssh/eic/console.html" ] || Fail "the redirect went too early"
Browse <<'END'
expect(saved().ask("GET", "/api/sessions").status, 200, "the browser, afterwards")
END
pkill -INT -u person -x eic-console
NoRedirect() { [ ! -e "$PERSON_HOME/.ssh/eic/console.html" ]; }
WaitUntil 5 NoRedirect || Fail "the redirect stays"
Finish
