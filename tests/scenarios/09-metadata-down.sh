#!/usr/bin/env bash
# Goal of this test
# What: when metadata is away, ordinary keys open the door as ever, and soon.
# How: three ways to be away: nobody listens, no route, and a service that takes connections but stays
#      silent. In each the client offers a pushed key first, so the agent does run, and then a key that
#      stands in authorized_keys.
# Expected: with the pushed key alone sshd refuses, with the ordinary key the login works, each time. A
#           run of the agent takes no more than 1.2 s, and the log says that metadata was away.
source "$(dirname "$0")/lib.sh"

Agent() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store /etc/eic/anchors.pem -- ec2-user "$(Fingerprint pushed)" \
    >"$WORK/keys.log" 2>&1 || Fail "the agent ended with status $?"
  [ ! -s "$WORK/keys.log" ] || Fail "the agent had something to say"
}

# TryLogins WORDS LIMIT_MS REASON. The time of the login itself is no measure: sshd makes every refusal
# of a key take up to twice as long as it did.
TryLogins() {
  local start_ms
  : >"$AUDIT"
  # What this machine, which may be busy, takes to start the program at all.
  Milliseconds eic-authorized-keys --version >/dev/null
  start_ms=$ELAPSED_MS
  Milliseconds Agent
  echo "$1: the agent took $ELAPSED_MS ms, of which its start about $start_ms ms"
  [ "$ELAPSED_MS" -le $(($2 + 2 * start_ms + 500)) ] || Fail "that is more than $2 ms"
  ExpectRefused ec2-user pushed
  ExpectLogin ec2-user pushed ordinary
  ExpectAudit "^<84>.*: Refused ssh key from EC2 Instance Connect: reason=$3 user=\"ec2-user\""
}

StartAll
NewKey pushed
NewKey ordinary
install -m 600 -o ec2-user "$WORK/ordinary.pub" /home/ec2-user/.ssh/authorized_keys
Push ec2-user pushed
ExpectLogin ec2-user pushed

kill -STOP "$EMULATOR_PID"
TryLogins "silent" 1200 imds-timeout
StopEmulator
TryLogins "nobody listens" 100 imds-unreachable
ip address del 169.254.169.254/32 dev lo
TryLogins "no route" 100 imds-unreachable
Finish
