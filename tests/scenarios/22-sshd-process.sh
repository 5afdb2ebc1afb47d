#!/usr/bin/env bash
# Goal of this test
# What: the audit line of an accepted key names the process of sshd that then logs "Accepted publickey".
# How: sshd logs to /dev/log, with its process numbers. Two logins at a time, by sshd's own command and through
#      eic-chain; then a member of the chain, with the rights of our agent, starts it with the number of a
#      process of its choice.
# Expected: each login's two lines have the same number. What the hostile member tells is not written down.
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

StartLog
StartEmulator --ttl 600
for key in one two; do NewKey "$key"; done
Push ec2-user one
Push ubuntu two

# LoggingSshd LINE...: sshd that logs to /dev/log.
LoggingSshd() {
  rm -f "$WORK/host_key" "$WORK/host_key.pub"
  StartSshd "$@"
  kill $!
  wait $! || true
  : >"$AUDIT"
  /usr/sbin/sshd -D -f "$WORK/sshd_config" &
  SSHD_PID=$!
  WaitUntil 10 grep -q 'Server listening' "$AUDIT" || Fail "sshd does not listen"
}
StopSshd() {
  kill "$SSHD_PID"
  wait "$SSHD_PID" || true
}

# Asked NAME: the processes that asked for key NAME. LoggedIn NAME: those that logged a login with it.
Asked() {
  sed -nE "s/.* ec2-instance-connect\[[0-9]+\]: Providing .* fingerprint: $(Escaped "$(Fingerprint "$1")"),.* \
for IAM principal: [^ ]+ sshd=([0-9]+)$/\1/p" "$AUDIT"
}
LoggedIn() {
  sed -nE "s/.* sshd(-session)?\[([0-9]+)\]: Accepted publickey for .* $(Escaped "$(Fingerprint "$1")")$/\2/p" "$AUDIT"
}

# ExpectJoined NAME: one login with that key, and our lines about it have its process and no other.
ExpectJoined() {
  WaitUntil 5 HasLoggedIn "$1" || Fail "sshd logged no login with key $1"
  [ "$(Asked "$1" | sort -u)" = "$(LoggedIn "$1")" ] ||
    Fail "key $1: asked by $(Asked "$1" | xargs), logged in by $(LoggedIn "$1" | xargs)"
  echo "key $1: $(LoggedIn "$1"), in $(Asked "$1" | wc -l) audit lines"
}
HasLoggedIn() { [ "$(LoggedIn "$1" | wc -l)" = 1 ]; }

# TwoLogins: at the same time.
TwoLogins() {
  local other
  (ExpectLogin ubuntu two) &
  other=$!
  ExpectLogin ec2-user one
  wait "$other" || Fail "the second login failed"
  ExpectJoined one
  ExpectJoined two
}

echo "By sshd's own command:"
LoggingSshd
TwoLogins
StopSshd

echo "Through the chain, as root and confined:"
AgentMember
LoggingSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root"
TwoLogins
StopSshd

echo "A member that starts our agent itself, and says who asks:"
Member 10-ec2-instance-connect "/opt/eic/members/hostile %u %f %t" ec2-instance-connect
LoggingSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root"
Script hostile <<END
EIC_SSHD_PID=$SSHD_PID /opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem -- "\$@"
END
ExpectLogin ec2-user one
ExpectAudit "Providing .* for IAM principal: [^ ]+$"
[ -z "$(Asked one)" ] || Fail "it wrote down what it was told: $(Asked one | xargs)"
Finish
