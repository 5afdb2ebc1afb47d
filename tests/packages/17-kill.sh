#!/usr/bin/env bash
# Goal: enable killed with -9 at any of its steps leaves sshd sound, and the next run completes it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
# Times over the whole run, which sshd's checks make some hundred milliseconds long.
killed=0
for time in 0.01 0.02 0.04 0.06 0.08 0.1 0.12 0.14 0.16 0.18 0.2 0.25 0.3; do
  In ec2-instance-connect disable >"$WORK/disable.log" 2>&1 || Fail "disable failed"
  status=0
  In timeout --signal=KILL "$time" ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || status=$?
  [ "$status" != 137 ] || killed=$((killed + 1))
  Sound
  In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || Fail "the run after the killed one failed"
  Status enabled true
  HasNot /var/lib/ec2-instance-connect/journal.json
done
[ "$killed" -ge 3 ] || Fail "only $killed runs were killed: this shows nothing"
PushedOpens
PurgeLeavesNothing
Finish
