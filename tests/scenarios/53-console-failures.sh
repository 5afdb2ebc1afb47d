#!/usr/bin/env bash
# Goal of this test
# What: each way in which a login or a session can fail names its step and one slug, and what to do.
# How: as in 50; instances that are stopped, without an address, without sshd, silent, with another host
#      key or without the agent; callers without a right, without MFA; processes that are killed.
# Expected: as the rows below have it; MFA asked for in the page, once; the console outlives its workers; a
#           system that gives no process, or few descriptors, is named.
EIC_STAGE_SECONDS=170
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

StartLog
instances=()
for n in 1 5 6 7 8 9; do instances+=("$(InstanceJson "$n" '"image_id": "ami-0123456789abcdef1"')"); done
instances+=("$(InstanceJson 2 '"state": "stopped"')")
instances+=("{\"instance_id\": \"$(InstanceId 3)\", \"metadata\": [\"127.0.2.3:80\"], \"public_ip\": \"\", \"private_ip\": \"\", \"tags\": {\"Name\": \"web-3\"}}")
ROLE=arn:aws:iam::123456789012:role/admin
SERIAL=arn:aws:iam::123456789012:mfa/alice
StartService "$(IFS=, && echo "${instances[*]}")" '"credentials": [
  {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
   "principal": "arn:aws:iam::123456789012:user/alice"},
  {"access_key_id": "ONLYLISTS", "secret_access_key": "s", "actions": ["ec2:Describe*"]},
  {"access_key_id": "MAYNOTHING", "secret_access_key": "s", "actions": []}]' \
  "\"roles\": [{\"arn\": \"$ROLE\", \"mfa_serial\": \"$SERIAL\", \"mfa_code\": \"123456\"}]"
StartSshdOf 1
# 5: nothing listens. 6: a socket whose queue is full. 7: no agent. 8: another host key. 9: no SSH.
StartSshdOf 7 "AuthorizedKeysCommand none"
StartSshdOf 8
python3 - "$WORK/silent.log" <<'END' &
import socket, sys, threading
full = socket.socket(); full.bind(("127.0.1.6", 22)); full.listen(0)
fill = [socket.socket() for _ in range(4)]
for one in fill: one.setblocking(False); one.connect_ex(("127.0.1.6", 22))
talker = socket.socket(); talker.bind(("127.0.1.9", 22)); talker.listen(5)
open(sys.argv[1], "w").write("ready\n")
while True:
    one, _ = talker.accept(); one.sendall(b"220 mail.example ESMTP\r\n" * 400); one.close()
END
WaitUntil 10 test -s "$WORK/silent.log" || Fail "the silent instance is not there"

install -d -m 700 -o person -g person "$PERSON_HOME/.aws" "$PERSON_HOME/.ssh" "$PERSON_HOME/.ssh/eic" "$PERSON_HOME/.config" "$PERSON_HOME/.config/eic"
cat >"$PERSON_HOME/.aws/config" <<END
[default]
[profile lists]
aws_access_key_id = ONLYLISTS
aws_secret_access_key = s
[profile nothing]
aws_access_key_id = MAYNOTHING
aws_secret_access_key = s
[profile wrong]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = other
[profile empty]
region = us-west-2
[profile sso]
sso_session = s
sso_account_id = 123456789012
sso_role_name = Admin
[sso-session s]
sso_start_url = https://x.example/start
sso_region = us-west-2
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile mfa]
role_arn = $ROLE
source_profile = base
mfa_serial = $SERIAL
END
# The AWS CLI, as far as it is asked: its SSO session has ended, until /tmp/sso-login is there.
cat >/opt/eic/bin/aws <<'END'
#!/bin/sh
[ "$*" = 'configure export-credentials --format process --profile sso' ] || exit 9
[ -e /tmp/sso-login ] || { echo 'Token has expired and refresh failed' >&2 && exit 255; }
echo '{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
  "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}'
END
chmod 755 /opt/eic/bin/aws
printf '[web-1]\nhost_keys = ask\n' >"$PERSON_HOME/.config/eic/config"
{
  echo "$(InstanceId 8) $(cut -d ' ' -f 1,2 "$WORK/host_key.1.pub")"
} >"$PERSON_HOME/.ssh/eic/known_hosts"
chown -R person: "$PERSON_HOME/.aws" "$PERSON_HOME/.ssh" "$PERSON_HOME/.config"
CONSOLE_SECONDS=160 StartConsole

# The instance's end of the last connection, when the browser's part asks for that.
{
  WaitUntil 140 test -e /tmp/cut-now
  pkill -KILL -f '^sshd: ec2-user'
} &

PERSON_SECONDS=140 BROWSE_SECONDS=130 Browse <<'END'
console = Console(printed_url()).enter()
save(console)
instance = "i-0123456789abcdef%d"


def ends(number, slug, step, *words, **more):
    page = console.terminal(console.begin(instance % number, **more))
    end = page.until_end(40)
    expect((end["slug"], end["step"]), (slug, step), "instance %d, %r: %r" % (number, more, end))
    for part in words:
        expect_in(part, end["words"] + "\n" + end["next"], "words of " + slug)
    expect(page.closed if page.read() else page.closed, 1000, "the close")


# The list.
for profile, status, slug in (("nothing", 403, "no-permission"), ("wrong", 401, "wrong-credentials"),
                              ("empty", 401, "no-credentials"), ("nobody", 401, "no-credentials")):
    answer = console.ask("GET", "/api/instances?profile=%s&region=us-west-2" % profile)
    error = answer.json()["error"]
    expect((answer.status, error["slug"], error["step"]), (status, slug, "list"), profile)
    if not error["next"]:
        fail("%s says not what to do" % profile)
rows = {row["id"]: row for row in console.ask("GET", "/api/instances").json()["instances"]}
usable = lambda number: [a["kind"] for a in rows[instance % number]["addresses"] if a["usable"]]
expect(usable(1), ["public", "private"], "addresses")
expect(usable(2), [], "addresses of a stopped instance")
expect(usable(3), [], "addresses of none")
for address in rows[instance % 2]["addresses"]:
    expect(bool(address["why_not"]), True, "why not")

# An SSO session that has ended, and a new one.
place = "/api/instances?profile=sso&region=us-west-2"
answer = console.ask("GET", place)
error = answer.json()["error"]
expect((answer.status, error["slug"], error["step"]), (401, "sso-expired", "list"), "SSO")
expect_in("Token has expired", error["words"], "what the AWS CLI says")
expect_in("aws sso login --sso-session s", error["next"], "what to do")
ends(8, "sso-expired", "address", "aws sso login --sso-session s", profile="sso", region="us-west-2")
open("/tmp/sso-login", "w").close()
expect(len(console.ask("GET", place).json()["instances"]), 8, "the list by the new SSO session")

# Logins.
ends(2, "stopped", "address", "start-instances")
ends(3, "no-address", "address", "no address")
ends(4, "instance-not-found", "address")
ends(1, "no-address", "address", "IPv6", address="ipv6")
ends(5, "port-closed", "connect", "127.0.1.5", "port 22 from 127.0.0.1")
ends(9, "handshake-failed", "host-key")
ends(8, "host-key-changed", "host-key", "eic forget")
ends(7, "key-refused", "login", "sudo ec2-instance-connect explain ec2-user SHA256:")
ends(7, "wrong-user", "login", "Amazon Linux", "ec2-user", user="ubuntu")
ends(7, "no-permission", "push", "ec2-instance-connect:SendSSHPublicKey", profile="lists", region="us-west-2")
ends(6, "connect-timeout", "connect", "security group", "port 22 from 127.0.0.1")

# An unknown host key, asked about.
def asked(value):
    page = console.terminal(console.begin(instance % 1))
    page.until(lambda: [f for f in page.frames if f["type"] == "question"], 20, "the question")
    question = [f for f in page.frames if f["type"] == "question"][0]
    expect((question["kind"], question["fingerprint"][:7]), ("host-key", "SHA256:"), "the question")
    again = console.terminal(page.session)
    again.until(lambda: [f for f in again.frames if f["type"] == "question"], 20, "the question again")
    again.tell(type="answer", question=question["question"], value=value)
    return again


expect(asked("no").until_end()["slug"], "host-key-unknown", "a no")
page = asked("yes").until_ready()
expect(page.run("id -un"), "ec2-user\n", "after the yes")
expect(console.terminal(console.begin(instance % 1)).until_ready().run("id -un"), "ec2-user\n", "not asked again")

# A user whose shell says no at once.
page = console.terminal(console.begin(instance % 1, user="ec2-instance-connect"))
end = page.until_end()
expect((end["slug"], end["status"]), ("exited", 1), "nologin: %r" % end)
expect_in(b"not available", page.output, "nologin's words")

# MFA, in the page.
place = "/api/instances?profile=mfa&region=us-west-2"
error = console.ask("GET", place).json()["error"]
expect(error["slug"], "mfa-needed", "MFA")
expect(console.ask("GET", place).json()["error"]["question"], error["question"], "the same question")
other = console.terminal(console.begin(instance % 1, profile="mfa", region="us-west-2"))
other.until(lambda: [f for f in other.frames if f["type"] == "question"], 20, "the question to a session")
expect(console.ask("POST", "/api/answers", {"question": error["question"], "value": "123456"}).status, 204, "the code")
expect(other.until_ready().run("id -un"), "ec2-user\n", "by the role")
expect(len(console.ask("GET", place).json()["instances"]), 8, "the list by the role")

# A worker that is killed, a shell that is killed, a connection that is lost.
page = console.terminal(console.begin(instance % 1)).until_ready()
page.type("kill -9 $$\r")
end = page.until_end()
expect((end["slug"], "KILL" in end["words"]), ("signalled", True), "the signal")
page = console.terminal(console.begin(instance % 1)).until_ready()
os.system("pkill -9 -n -x eic-worker")
expect(page.until_end()["slug"], "worker-failed", "a killed worker")
expect(console.ask("GET", "/api/sessions").status, 200, "the console")
page = console.terminal(console.begin(instance % 1)).until_ready()
expect(page.run("id -un"), "ec2-user\n", "a new session")
page.type("sleep 30\r")
os.system("touch /tmp/cut-now")
end = page.until_end()
expect((end["slug"], end["step"]), ("cut", "session"), "a lost connection: %r" % end)
END

# A system that gives no process for a worker.
AsPerson prlimit --pid "$(PidOf eic-forker)" --nproc=1:1
Browse <<'END'
console = saved()
end = console.terminal(console.begin("i-0123456789abcdef7")).until_end()
expect((end["slug"], end["step"]), ("no-process", "host-key"), "no process: %r" % end)
expect_in("Resource temporarily unavailable", end["words"], "why")
expect_in("ulimit -u", end["next"], "what to do")
END
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker)' || Fail "eic-console does not end"

# A system that lets it open few files: it says for how many sessions, and the next is refused.
CONSOLE_BY=(prlimit --nofile=504:504)
StartConsole
WaitUntil 5 grep -F 'allows only 2 sessions at once instead of 1000' "$WORK/console.log" >/dev/null ||
  Fail "nothing is said of too few descriptors"
grep -F 'raise the hard limit of open files to 2500' "$WORK/console.log" >/dev/null || Fail "no word of what to do"
Browse <<'END'
console = Console(printed_url()).enter()
for count in range(2):
    console.begin("i-0123456789abcdef2")
answer = console.ask("POST", "/api/sessions", {"instance": "i-0123456789abcdef2"})
expect((answer.status, answer.json()["error"]["slug"]), (429, "session-limit"), "one more")
END
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker)' || Fail "eic-console does not end"
CONSOLE_BY=(prlimit --nofile=500:500)
: >"$WORK/console.log"
AsPerson "${CONSOLE_BY[@]}" eic-console >"$WORK/console.out" 2>"$WORK/console.log" </dev/null && Fail "it starts without descriptors"
grep -F 'too low for any session' "$WORK/console.log" >/dev/null || Fail "no word of no descriptors"
Finish
