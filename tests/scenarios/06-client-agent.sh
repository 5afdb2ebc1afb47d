#!/usr/bin/env bash
# Goal of this test
# What: a client that offers every key of its ssh-agent comes in with the one that was pushed.
# How: three keys in an ssh-agent, only the last of them pushed; the client offers them in order.
# Expected: the login works. The two other keys leave no line: another fingerprint is no refusal.
source "$(dirname "$0")/lib.sh"

StartAll
export SSH_AUTH_SOCK=$WORK/agent.socket
ssh-agent -D -a "$SSH_AUTH_SOCK" >"$WORK/ssh-agent.log" 2>&1 &
WaitUntil 5 test -S "$SSH_AUTH_SOCK" || Fail "ssh-agent is not ready"
for name in first second third; do
  NewKey "$name"
  ssh-add -q "$WORK/$name"
done
Push ec2-user third
ExpectLoginWith ec2-user
ExpectAccepted third
for name in first second; do
  grep -qF "$(Fingerprint "$name")" "$SSHD_LOG" || Fail "the client did not offer the $name key"
  ! HasAudit "$(Escaped "$(Fingerprint "$name")")" || Fail "the $name key has an audit line"
done
Finish
