#!/usr/bin/env bash
# Goal of this test
# What: from the URL that eic-console prints to `id -un` on an instance, through a worker of its own.
# How: an emulator with two instances, their agents and sshds; eic-console as an ordinary user; a
#      browser's part in Python.
# Expected: the token is taken once; the list has both; a websocket gives a shell as the image's user,
#           with the size of the page; exit ends it with its status; the audit has both ends; no worker
#           and no key is left.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"'), $(InstanceJson 2 '"image_id": "ami-0123456789abcdef2"')"
StartSshdOf 1
StartSshdOf 2
StartConsole

Browse <<'END'
one, two = "i-0123456789abcdef1", "i-0123456789abcdef2"
console = Console(printed_url())
expect(console.ask("GET", "/").status, 403, "no cookie")
console.enter()
save(console)
expect(Console(printed_url()).ask("GET", console.token_path).status, 403, "the token again")
start = console.ask("GET", "/api/start").json()
expect(start["region"], "us-west-2", "the region")
listed = console.ask("GET", "/api/instances").json()["instances"]
expect(sorted((i["id"], i["name"], i["user"], i["user_from"]) for i in listed),
       [(one, "web-1", "ec2-user", "image"), (two, "web-2", "ubuntu", "image")], "the list")
first = console.terminal(console.begin(one), columns=101, rows=37).until_ready()
expect(first.end, None, "an early end")
second = console.terminal(console.begin(two)).until_ready()
expect(first.run("id -un"), "ec2-user\n", "the user of the first")
expect(first.run("stty size"), "37 101\n", "the size")
first.tell(type="size", columns=90, rows=30)
expect(first.run("sleep 0.2; stty size"), "30 90\n", "the size, changed")
expect(second.run("id -un"), "ubuntu\n", "the user of the second")
expect(first.ready["host_key"]["known_from"], "first-use", "the host key's source")
expect([s["state"] for s in console.ask("GET", "/api/sessions").json()["sessions"]],
       ["open", "open"], "the sessions")
again = console.terminal(console.begin(one)).until_ready()
expect(again.ready["host_key"]["known_from"], "file", "the host key, seen before")
again.type("exit 7\r")
end = again.until_end()
expect((end["slug"], end["status"]), ("exited", 7), "the end")
second.tell(type="end")
expect(second.until_end()["slug"], "exited", "the end that the page asked for")
expect(console.ask("DELETE", "/api/sessions/" + first.session).status, 204, "DELETE")
first.until_end()
END

WaitUntil 5 NothingOf eic-worker || Fail "a worker outlives its session"
grep -E 'eic-console.*Session began: .*principal="arn:aws:.*" instance="i-0123456789abcdef1" user="ec2-user" address="127.0.1.1" host-key="SHA256:[^"]*" key="SHA256:[^"]*" request-id="[^"]+"' "$AUDIT" >/dev/null ||
  Fail "no audit line of the beginning"
grep -E 'Session ended: .*instance="i-0123456789abcdef1".* bytes-in=[1-9][0-9]* bytes-out=[1-9][0-9]* seconds=[0-9]+ reason=exited' "$AUDIT" >/dev/null ||
  Fail "no audit line of the end"
[ "$(Pushes)" = 3 ] || Fail "$(Pushes) keys were pushed instead of 3"
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker)' || Fail "eic-console does not end"
Finish
