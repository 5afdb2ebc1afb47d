#!/usr/bin/env bash
# usage: tests/sessions/booted.sh TREE
#
# Goal of this test
# What: `ec2-instance-connect sessions` says who was logged in, and nobody but our agent, sshd and logind has a say
#      in that; the log has every event once, with its fields, and where rsyslog filed it before.
# How: a copy of TREE, a Debian with sshd, journald, logind and rsyslog, is booted, and the agent enabled. Logins by
#      pushed keys, of one key by two callers, offers without a login, other keys, through eic-chain, and where
#      /proc hides processes; a user of the host who writes to the log in the names of others; hostile names.
# Expected: each login has its principal, request, beginning and end; what is not certain is said to be so.
#
# EIC_BIN_DIR holds the programs, for TREE and for the emulator beside it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source=tests/verbs.sh
source "$here/../verbs.sh"

ALICE=arn:aws:iam::123456789012:user/alice
BOB=arn:aws:iam::123456789012:assumed-role/Admin/bob@example.com
HOSTILE_NAME=$'u\e[2Jx'

Step() { echo "- $*"; }

MakeReady() {
  local hash name
  umask 022
  # As the packages make it: the journal of a system user is the system's.
  chroot "$TREE" useradd --system --no-create-home --shell /usr/sbin/nologin ec2-instance-connect
  for name in ec2-user mallory auditor; do
    chroot "$TREE" useradd --no-create-home --password '*' --shell /bin/sh "$name"
  done
  # A group that may read the journal.
  chroot "$TREE" usermod --append --groups systemd-journal auditor
  # A name that no program would make, but a directory can.
  echo "$HOSTILE_NAME:x:4000:4000::/home/hostile:/bin/sh" >>"$TREE/etc/passwd"
  echo "$HOSTILE_NAME:*:19000::::::" >>"$TREE/etc/shadow"
  install -D "$PROGRAMS/eic-authorized-keys" "$PROGRAMS/eic-chain" -t "$TREE/usr/libexec/ec2-instance-connect"
  install -D "$PROGRAMS/ec2-instance-connect" "$TREE/usr/sbin/ec2-instance-connect"
  install -D -m 644 "$here/../../systemd/ec2-instance-connect.catalog" -t "$TREE/usr/lib/systemd/catalog"
  install -m 755 "$here/hostile_writer.pl" "$TREE/usr/local/bin/hostile-writer"
  # Like any setuid program that makes its real user root, and prints what its caller likes.
  install -m 4755 "$TREE/usr/bin/setpriv" "$TREE/usr/local/bin/root-says"
  install -m 755 "$here/other_syslog.pl" "$TREE/usr/local/bin/other-syslog"
  chroot "$TREE" journalctl --update-catalog
  "$PROGRAMS/eic-emulator" init --dir "$WORK/emulator" >/dev/null
  hash=$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem")
  ANCHOR=$TREE/etc/ssl/certs/$hash.0
  install -m 644 "$WORK/emulator/anchors.pem" "$ANCHOR"
  echo sessions >"$TREE/etc/hostname"
  # From 9.8 on sshd would lock out a client after some refusals.
  chroot "$TREE" /usr/sbin/sshd -t -o PerSourcePenalties=no 2>/dev/null &&
    echo "PerSourcePenalties no" >"$TREE/etc/ssh/sshd_config.d/10-test.conf"
  # Each of the lines that this test counts, and those of hostile writers.
  mkdir -p "$TREE/etc/systemd/journald.conf.d"
  printf '%s\n' '[Journal]' 'RateLimitBurst=0' >"$TREE/etc/systemd/journald.conf.d/test.conf"
  mkdir -p "$TREE/var/log/journal"
  chroot "$TREE" ssh-keygen -A >/dev/null
  chroot "$TREE" ec2-instance-connect enable >/dev/null
  for name in pushed other offered; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$WORK/$name"; done
  install -D -m 644 "$WORK/other.pub" "$TREE/home/ec2-user/.ssh/authorized_keys"
  install -D -m 644 "$WORK/other.pub" "$TREE/home/hostile/.ssh/authorized_keys"
}

Fingerprint() { ssh-keygen -lf "$WORK/$1.pub" | cut -d ' ' -f 2; }

# Pushed KEY CALLER REQUEST: from now on metadata has this record, and no other, for ec2-user.
Pushed() {
  "$PROGRAMS/eic-emulator" sign --dir "$WORK/emulator" --timestamp $(($(date +%s) + 55)) \
    --instance-id "$INSTANCE_ID" --caller "$2" --request "$3" --public-key "$WORK/$1.pub" |
    nsenter -t "$LEADER" -n curl --silent --show-error --fail --max-time 5 --header 'Content-Type: text/plain' \
      --data-binary @- 'http://127.0.0.1:8080/emulator/blob?user=ec2-user' >/dev/null || Fail "no blob was taken"
}

# Ssh USER KEY COMMAND...: the ordinary client of this machine, in the tree's network. The user stands in a file,
# since the command line takes no hostile one. sshd does not listen for a moment when it is told to reload.
Ssh() {
  local user=$1 key=$2
  shift 2
  echo "User $user" >"$WORK/ssh_config"
  nsenter -t "$LEADER" -n ssh -F "$WORK/ssh_config" -i "$WORK/$key" -o BatchMode=yes -o ConnectTimeout=10 -o ConnectionAttempts=10 \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o IdentityAgent=none \
    -o LogLevel=ERROR 127.0.0.1 "$@"
}

# Sessions: its JSON in $WORK/sessions.json.
Sessions() {
  In journalctl --sync
  In ec2-instance-connect sessions --json >"$WORK/sessions.json" || Fail "sessions failed"
}

# Of EXPRESSION: what a Python expression makes of `s`, the list of sessions.
Of() {
  python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))["sessions"]
print(eval(sys.argv[2]))' "$WORK/sessions.json" "$1"
}

# Expect WHAT EXPRESSION: true of the list of sessions, at the latest after some seconds.
Expect() {
  WaitUntil 10 Holds "$2" || {
    cat "$WORK/sessions.json" >&2
    Fail "$1: not so: $2"
  }
  echo "  ok   $1"
}
Holds() {
  Sessions
  [ "$(Of "bool($1)")" = True ]
}

CountInJournal() { In journalctl --quiet --output cat -t ec2-instance-connect "$@" | wc -l; }

OpenSession() { # USER KEY: one that stays open until CloseSession.
  : >"$WORK/held"
  Ssh "$1" "$2" 'echo in && exec cat' <"$WORK/hold" >"$WORK/held" 2>"$WORK/ssh.log" &
  HELD=$!
  exec 7>"$WORK/hold"
  WaitUntil 30 grep -q in "$WORK/held" || Fail "no session: $(cat "$WORK/ssh.log")"
}
CloseSession() {
  exec 7>&-
  wait "$HELD" || true
}

# Login USER KEY: a session that lasts until journald has its line, since of a process that has ended journald cannot
# say which program it was, and then the login is not certain.
Login() {
  local before
  before=$(CountLogins)
  OpenSession "$1" "$2"
  WaitUntil 10 HasMoreLogins "$before" || Fail "sshd logged no login"
  CloseSession
}
CountLogins() { In journalctl --quiet --output cat _UID=0 -t sshd -t sshd-session | grep -c '^Accepted ' || true; }
HasMoreLogins() { [ "$(CountLogins)" -gt "$1" ]; }

PlayJoin() {
  Step "A pushed key, from its login to its end"
  Pushed pushed "$ALICE" request-1
  OpenSession ec2-user pushed
  Expect "open, and whose" "len(s) == 1 and s[0]['state'] == 'open' and s[0]['identity'] == 'pushed-key' and \
s[0]['principal'] == '$ALICE' and s[0]['request_id'] == 'request-1' and s[0]['user'] == 'ec2-user' and \
s[0]['address'] == '127.0.0.1' and s[0]['until'] is None and s[0]['logind_session']"
  [ "$(In loginctl show-session --property Leader --value "$(Of "s[0]['logind_session']")")" = \
    "$(Of "s[0]['sshd_pid']")" ] || Fail "logind's leader is another process"
  CloseSession
  Expect "ended" "s[0]['state'] == 'ended' and s[0]['until'] >= s[0]['since']"

  Step "One key, pushed by two callers; the first comes as far as the offer"
  Pushed pushed "$BOB" request-offered
  cp "$WORK/pushed.pub" "$WORK/public-alone"
  ! Ssh ec2-user public-alone true 2>"$WORK/ssh.log" || Fail "it logged in without the private key"
  WaitUntil 5 HasRequest request-offered || Fail "the agent logged no accepted key for the offer"
  Pushed pushed "$ALICE" request-2
  Login ec2-user pushed
  Pushed pushed "$BOB" request-3
  Login ec2-user pushed
  Expect "each login has its own caller" "[(x['principal'], x['request_id']) for x in s[1:]] == \
[('$ALICE', 'request-2'), ('$BOB', 'request-3')]"

  Step "Open since before --since, which lies between the lines of another login"
  Pushed pushed "$BOB" request-old
  OpenSession ec2-user pushed
  sleep 2
  In journalctl --sync
  In ec2-instance-connect sessions --json --since '-1s' >"$WORK/sessions.json" || Fail "sessions --since failed"
  [ "$(Of "[(x['state'], x['principal'], x['request_id']) for x in s]")" = \
    "[('open', '$BOB', 'request-old')]" ] || Fail "an older session is $(cat "$WORK/sessions.json")"
  CloseSession

  Step "Other keys"
  Login ec2-user other
  Expect "shown as such" "s[-1]['identity'] == 'other-key' and s[-1]['principal'] is None and s[-1]['callers'] == [] and \
s[-1]['fingerprint'] == '$(Fingerprint other)'"

  Step "sshd's process is killed, so that logind alone tells of the end"
  Pushed pushed "$ALICE" request-killed
  OpenSession ec2-user pushed
  Expect "open" "s[-1]['state'] == 'open' and s[-1]['request_id'] == 'request-killed'"
  In kill -KILL "$(Of "s[-1]['sshd_pid']")"
  CloseSession
  Expect "ended" "s[-1]['state'] == 'ended' and s[-1]['until'] >= s[-1]['since']"

  Step "A time that is none"
  status=0
  In ec2-instance-connect sessions --since fortnight >"$WORK/since.out" 2>"$WORK/since.log" || status=$?
  if [ "$status" != 64 ] || [ -s "$WORK/since.out" ] || ! grep -q -e '--since takes a time' "$WORK/since.log"; then
    Fail "status $status: $(cat "$WORK/since.log")"
  fi
}
HasRequest() { [ "$(CountInJournal "EIC_REQUEST_ID=$1")" -gt 0 ]; }

PlayHostile() {
  local pid count
  Step "A user of the host writes in the names of others"
  Sessions
  count=$(Of 'len(s)')
  pid=$(In sh -c 'echo $$')
  In setpriv --reuid mallory --regid mallory --clear-groups \
    hostile-writer before "$pid" "$((pid + 150))" "$(Fingerprint other)"
  OpenSession ec2-user other
  Expect "the login is still by an other key" "len(s) == $count + 1 and s[-1]['identity'] == 'other-key' and \
s[-1]['callers'] == []"
  pid=$(Of "s[-1]['sshd_pid']")
  [ "$(CountInJournal "EIC_SSHD_PID=$pid")" -gt 0 ] || Fail "no forged entry named the process $pid: nothing is shown"
  In setpriv --reuid mallory --regid mallory --clear-groups hostile-writer during "$pid"
  Sessions
  Expect "no login of theirs, and no end" "len(s) == $count + 1 and s[-1]['state'] == 'open' and \
not [x for x in s if x['address'] == '6.6.6.6']"
  ! grep -q forged "$WORK/sessions.json" || Fail "something forged is told"
  In setpriv --reuid mallory --regid mallory --clear-groups \
    hostile-writer through-root "$pid" "$(Of "s[-1]['logind_session']")"
  In journalctl --sync
  [ "$(In journalctl --quiet --output cat _UID=0 "LEADER=$pid" | grep -c '^Removed session')" = 20 ] ||
    Fail "root wrote no forged end: nothing is shown"
  Expect "root's word by another program ends nothing, and makes no login that is certain" \
    "[x['state'] for x in s if x['sshd_pid'] == $pid] == ['open'] and \
not [x for x in s if x['address'] == '6.6.6.6' and x['identity'] != 'uncertain']"
  CloseSession
  Expect "its end is told by who may" "[x['state'] for x in s if x['sshd_pid'] == $pid] == ['ended']"

  Step "Hostile names"
  Pushed pushed $'arn:\e[31m\x9b"x' request-4
  Login ec2-user pushed
  Login "$HOSTILE_NAME" other
  Expect "both are there, and have ended" "s[-2]['request_id'] == 'request-4' and s[-1]['identity'] == 'other-key' and \
s[-1]['state'] == 'ended'"
  In ec2-instance-connect sessions >"$WORK/table"
  cat "$WORK/table"
  for file in table sessions.json; do
    ! LC_ALL=C grep -q '[^ -~]' "$WORK/$file" || Fail "$file has bytes that are not printable"
  done

  Step "Who may ask"
  In setpriv --reuid auditor --regid auditor --init-groups ec2-instance-connect sessions --json >"$WORK/as-group" ||
    Fail "a member of systemd-journal may not ask"
  diff "$WORK/sessions.json" "$WORK/as-group" || Fail "a member of systemd-journal is told something else"
  status=0
  In setpriv --reuid mallory --regid mallory --clear-groups ec2-instance-connect sessions >"$WORK/as-other" \
    2>"$WORK/refused.log" || status=$?
  if [ "$status" != 4 ] || [ -s "$WORK/as-other" ] || ! grep -q 'group systemd-journal' "$WORK/refused.log"; then
    Fail "who may not read the journal: status $status"
  fi
}

PlayAudit() {
  local line
  Step "Structured, once, and where it was before"
  Pushed pushed "$ALICE" request-5
  Ssh ec2-user pushed true
  WaitUntil 5 HasRequest request-5 || Fail "no entry"
  In journalctl --sync
  In journalctl --output verbose -t ec2-instance-connect EIC_REQUEST_ID=request-5 >"$WORK/verbose"
  for line in 'PRIORITY=6' 'SYSLOG_FACILITY=10' '_TRANSPORT=journal' 'EIC_EVENT=accepted' 'EIC_USER=ec2-user' \
    "EIC_PRINCIPAL=$ALICE" "EIC_INSTANCE=$INSTANCE_ID" "EIC_FINGERPRINT=$(Fingerprint pushed)" \
    'MESSAGE_ID=f747bcd62591423883fab948b922518c'; do
    grep -qF "    $line" "$WORK/verbose" || Fail "no field $line"
  done
  Alike request-5
  In journalctl --catalog --quiet EIC_REQUEST_ID=request-5 >"$WORK/catalog"
  grep -q 'Subject: A pushed key was accepted' "$WORK/catalog" ||
    Fail "journalctl -x explains nothing: $(cat "$WORK/catalog")"

  Pushed pushed "$ALICE" request-6 # of another instance:
  "$PROGRAMS/eic-emulator" sign --dir "$WORK/emulator" --timestamp $(($(date +%s) + 55)) \
    --instance-id i-0fedcba9876543210 --caller "$ALICE" --request request-6 --public-key "$WORK/pushed.pub" |
    nsenter -t "$LEADER" -n curl --silent --fail --max-time 5 --header 'Content-Type: text/plain' \
      --data-binary @- 'http://127.0.0.1:8080/emulator/blob?user=ec2-user' >/dev/null
  ! Ssh ec2-user pushed true 2>"$WORK/ssh.log" || Fail "another instance's record logged in"
  WaitUntil 5 HasRequest request-6 || Fail "no entry of the refusal"
  In journalctl --output verbose EIC_REASON=instance-mismatch >"$WORK/verbose"
  grep -q '    PRIORITY=4' "$WORK/verbose" || Fail "a refusal is no warning"
  Alike request-6
  In journalctl --catalog --quiet EIC_REASON=instance-mismatch >"$WORK/catalog"
  grep -q 'Subject: A pushed key was refused' "$WORK/catalog" ||
    Fail "journalctl -x explains nothing: $(cat "$WORK/catalog")"
  echo "  ok   fields, priorities, catalog, one line in auth.log for each entry"

  Step "The watchdog's last line"
  Pushed pushed "$ALICE" request-7
  rm "$ANCHOR" && mkfifo "$ANCHOR" # OpenSSL opens it, and waits.
  ! Ssh ec2-user pushed true 2>"$WORK/ssh.log" || Fail "it logged in"
  rm "$ANCHOR" && install -m 644 "$WORK/emulator/anchors.pem" "$ANCHOR"
  WaitUntil 5 HasOverrun || Fail "no entry of the run that a library held up"
  [ "$(CountInJournal EIC_REASON=run-overran PRIORITY=3)" = "$(CountInAuthLog reason=run-overran)" ] ||
    Fail "the watchdog's line is not in auth.log as often as in the journal"
  EachOnce EIC_REASON=run-overran
  echo "  ok   $(CountInJournal EIC_REASON=run-overran) entries, priority 3"
}
HasOverrun() { [ "$(CountInJournal EIC_REASON=run-overran)" -gt 0 ]; }
CountInAuthLog() { grep -cE " ec2-instance-connect\[[0-9]+\]: .*$1" "$TREE/var/log/auth.log" || true; }

# Alike REQUEST: as many lines in auth.log, with the same text, as entries in the journal. sshd asks twice or more.
Alike() {
  local entries
  entries=$(CountInJournal "EIC_REQUEST_ID=$1")
  WaitUntil 5 HasInAuthLog "$1" "$entries" ||
    Fail "$1: $entries entries, and $(CountInAuthLog "$1") lines in auth.log"
  diff <(In journalctl --quiet --output cat "EIC_REQUEST_ID=$1") \
    <(grep -F "$1" "$TREE/var/log/auth.log" | sed -E 's/^.* ec2-instance-connect\[[0-9]+\]: //') ||
    Fail "$1: the text differs"
  # The process is the agent's, in both.
  diff <(Runs "EIC_REQUEST_ID=$1") <(grep -F "$1" "$TREE/var/log/auth.log" | grep -oE 'connect\[[0-9]+\]') ||
    Fail "$1: the process differs"
  EachOnce "EIC_REQUEST_ID=$1"
}
# Runs MATCH: the processes of the agent that wrote these entries. EachOnce MATCH: no run wrote two.
Runs() { In journalctl --quiet --output short "$1" | grep -oE 'connect\[[0-9]+\]'; }
EachOnce() { [ -z "$(Runs "$1" | sort | uniq -d)" ] || Fail "$1: an event is there twice: $(Runs "$1")"; }
HasInAuthLog() { [ "$(CountInAuthLog "$1")" = "$2" ]; }

# FleetLines START: doc/fleet.md's lines from the one that begins so to the end of its block.
FleetLines() {
  sed -n "/^$1/,/^\`\`\`/p" "$here/../../doc/fleet.md" | grep -v '^```'
}
# FleetConfig: those for rsyslog, with this tree's number.
FleetConfig() {
  FleetLines 'module(load="imjournal"' | sed "s/\"997\"/\"$(chroot "$TREE" id -u ec2-instance-connect)\"/"
}
HasJson() { grep -q "$1" "$TREE/var/log/eic.json" 2>/dev/null; }

PlayFleet() {
  Step "doc/fleet.md: journald, and the counts by reason"
  In bash -euo pipefail -c "$(FleetLines 'journalctl -o json EIC_EVENT=accepted')" >"$WORK/accepted" ||
    Fail "the line for journald fails"
  grep -qE "ec2-user.*$ALICE.*request-5" "$WORK/accepted" || Fail "the line for journald misses request-5"
  ! grep forged "$WORK/accepted" || Fail "the line for journald believes anybody"
  In bash -c "$(FleetLines 'journalctl -t ec2-instance-connect')" >"$WORK/counts"
  [ "$(grep -cE '^ *[0-9]+ reason=instance-mismatch$' "$WORK/counts")" = 2 ] ||
    Fail "the counts of the journal and of auth.log: $(cat "$WORK/counts")"

  Step "doc/fleet.md: rsyslog with the fields"
  FleetConfig >"$TREE/etc/rsyslog.d/eic.conf"
  sed -i 's/^module(load="imuxsock")/#&/' "$TREE/etc/rsyslog.conf"
  In rsyslogd -N1 2>"$WORK/rsyslog.log" || Fail "rsyslog does not take doc/fleet.md's lines"
  In systemctl restart rsyslog.service
  Pushed pushed "$ALICE" request-fleet
  Ssh ec2-user pushed true
  WaitUntil 20 HasJson request-fleet || Fail "rsyslog wrote no JSON: $(In systemctl status --no-pager rsyslog)"
  In setpriv --reuid mallory --regid mallory --clear-groups hostile-writer before 1 1 x
  Pushed pushed "$ALICE" request-last
  Ssh ec2-user pushed true
  WaitUntil 20 HasJson request-last || Fail "rsyslog wrote no more JSON"
  python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert all(line["principal"] != "arn:aws:iam::666666666666:user/forged" for line in lines), lines
line = [line for line in lines if line["request_id"] == "request-fleet"][0]
assert (line["event"], line["user"], line["principal"]) == ("accepted", "ec2-user", sys.argv[2]), line
print("  ok  ", json.dumps(line))' "$TREE/var/log/eic.json" "$ALICE" || Fail "eic.json"
  WaitUntil 5 HasInAuthLog request-fleet "$(CountInJournal EIC_REQUEST_ID=request-fleet)" ||
    Fail "auth.log has the line $(CountInAuthLog request-fleet) times"
}

# Label: what a session by the pushed key has in its environment.
# shellcheck disable=SC2016  # It is the session's shell that expands.
Label() { Ssh ec2-user pushed 'echo "$EIC_CALLER|$EIC_REQUEST"'; }

PlayCallerEnvironment() {
  Step "The principal in the session, as a label"
  Pushed pushed "$BOB" request-10
  [ "$(Label)" = '|' ] || Fail "there is a label, and nobody asked for it"
  In ec2-instance-connect enable --caller-environment >"$WORK/enable.log" 2>&1 || Fail "enable --caller-environment"
  [ "$(Label)" = "$BOB|request-10" ] || Fail "the label is $(Label)"
  Pushed pushed 'arn:"x' request-11
  [ "$(Label)" = '|' ] || Fail "a name that cannot stand in a label was used"
  WaitUntil 5 HasNoLabelLine || Fail "no line says that a label was left out"
  Pushed pushed "$BOB" request-12
  echo 'EIC_CALLER=somebody-else' >"$TREE/home/ec2-user/.ssh/environment"
  [ "$(Label)" = 'somebody-else|request-12' ] || Fail "the account's owner did not overwrite it: $(Label)"
  Login ec2-user pushed
  Expect "sessions does not read the label" "s[-1]['principal'] == '$BOB' and s[-1]['request_id'] == 'request-12'"
  rm "$TREE/home/ec2-user/.ssh/environment"
  In sshd -T | grep -i '^permituserenvironment eic_caller,eic_request' >/dev/null || Fail "sshd does not permit it"
  In ec2-instance-connect disable >/dev/null
  ! In sshd -T | grep -i '^permituserenvironment eic' || Fail "disable left PermitUserEnvironment"
  In ec2-instance-connect enable >/dev/null
  [ "$(Label)" = '|' ] || Fail "the label came back by itself"
}
HasNoLabelLine() { In journalctl --quiet --output cat EIC_EVENT=fault | grep 'no label of the caller' >/dev/null; }

PlayChain() {
  Step "Through eic-chain"
  In ec2-instance-connect disable >/dev/null
  printf '%s\n' 'AuthorizedKeysCommand /bin/true' 'AuthorizedKeysCommandUser nobody' \
    >"$TREE/etc/ssh/sshd_config.d/50-other.conf"
  In systemctl restart ssh.service
  In ec2-instance-connect enable --chain >"$WORK/chain.log" 2>&1 || Fail "enable --chain"
  Pushed pushed "$ALICE" request-8
  Login ec2-user pushed
  Expect "certain as well" "s[-1]['identity'] == 'pushed-key' and s[-1]['request_id'] == 'request-8'"

  Step "Where /proc hides processes, the chain's line names none"
  In mount -o remount,hidepid=2 /proc
  Pushed pushed "$BOB" request-9
  Login ec2-user pushed
  In mount -o remount,hidepid=0 /proc
  Expect "joined by the key, and said to be uncertain" "s[-1]['identity'] == 'uncertain' and \
s[-1]['principal'] is None and s[-1]['callers'][-1] == {'principal': '$BOB', 'request_id': 'request-9'}"
}

PlayElsewhere() {
  local count
  Step "Where /dev/log is another daemon's"
  In systemd-run --quiet --unit other-syslog other-syslog /var/log/other || Fail "no other daemon"
  WaitUntil 10 In sh -c '[ -S /dev/log ] && [ ! -L /dev/log ]' || Fail "the other daemon does not listen"
  count=$(CountInJournal)
  Pushed pushed "$ALICE" request-elsewhere
  Ssh ec2-user pushed true
  WaitUntil 5 grep -qE "^<86>.* ec2-instance-connect\[[0-9]+\]: Providing ssh key .*, request-id: request-elsewhere, \
for IAM principal: $ALICE sshd=[0-9]+\$" "$TREE/var/log/other" || Fail "no plain line: $(cat "$TREE/var/log/other")"
  Sessions
  [ "$(CountInJournal)" = "$count" ] || Fail "the event went to the journal as well"
  grep -q "/dev/log is not journald's" "$WORK/sessions.json" || Fail "sessions does not say what it cannot see"
  echo "  ok   the plain line, there alone; sessions says so"
  In systemctl stop other-syslog.service
  In ln -sf /run/systemd/journal/dev-log /dev/log
}

PlayLost() {
  local begun begins
  Step "The journal is rotated"
  Sessions
  cp "$WORK/sessions.json" "$WORK/before.json"
  begun=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  In journalctl --rotate
  Sessions
  diff "$WORK/before.json" "$WORK/sessions.json" || Fail "a rotated journal tells something else"

  Step "Of its older part only a user's is left"
  rm "$TREE"/var/log/journal/*/system@*.journal
  compgen -G "$TREE/var/log/journal/*/user-*@*.journal" >/dev/null || Fail "no user's file: nothing is shown"
  Login ec2-user other
  Expect "what is left is told" "len(s) == 1 and s[0]['identity'] == 'other-key'"
  begins=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["journal_begins"])' "$WORK/sessions.json")
  [[ $begins == 2* && ! $begins < $begun ]] || Fail "the journal begins at $begins, and the rest of it is gone since $begun"

  Step "journald drops lines"
  printf '%s\n' '[Journal]' 'RateLimitBurst=1' 'RateLimitIntervalSec=3s' \
    >"$TREE/etc/systemd/journald.conf.d/test.conf"
  In systemctl restart systemd-journald.service
  WaitUntil 30 TellsOfDroppedLines || Fail "nothing tells that journald dropped lines: $(cat "$WORK/sessions.json")"
  echo "  ok   told"
}
TellsOfDroppedLines() {
  Ssh ec2-user other true
  Sessions
  grep -q 'journald dropped lines of sshd' "$WORK/sessions.json"
}

CleanUp() { Shutdown; }

Play() {
  StageMakePrivate
  mount -t tmpfs -o size=2g,mode=755 tmpfs "$WORK"
  mkdir "$WORK/upper" "$WORK/upper.work" "$TREE"
  mount -t overlay -o "lowerdir=$LOWER,upperdir=$WORK/upper,workdir=$WORK/upper.work" overlay "$TREE"
  mkfifo "$WORK/hold"
  trap AtExit EXIT
  trap 'exit 130' INT TERM HUP
  MakeReady >"$WORK/ready.log" 2>&1
  Boot
  In /usr/sbin/sshd -V 2>&1 | head -n 1 || true
  PlayJoin
  PlayHostile
  PlayAudit
  PlayFleet
  PlayCallerEnvironment
  PlayChain
  PlayElsewhere
  PlayLost
  FINISHED=yes
  echo "PASS: $LOWER"
}

if [ "${1-}" = --inner ]; then
  # shellcheck source=tests/scenarios/stage.sh
  source "$here/../scenarios/stage.sh"
  WORK=/mnt TREES='' PROGRAMS=$EIC_BIN_DIR
  # shellcheck source=tests/packages/tree.sh
  source "$here/../packages/tree.sh"
  Play
  exit
fi

[ $# = 1 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
LOWER=$1
: "${EIC_BIN_DIR:=$(cd "$here/../.." && pwd)/build/release/bin}"
export LOWER EIC_BIN_DIR
exec timeout --foreground --kill-after=5 300 unshare --mount --propagation unchanged \
  bash "$here/booted.sh" --inner
