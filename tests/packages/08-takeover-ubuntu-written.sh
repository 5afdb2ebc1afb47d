#!/usr/bin/env bash
# Goal: the unit drop-in that Ubuntu's postinst wrote is taken over, and an open session survives the restart that this needs; purge leaves nothing of either
# System: Debian 12, booted; fixture package
# CI: yes
# Note: content and scriptlets checked, never run on Ubuntu
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
ShellAgentDeb written
AptInstall "$WORK/shell-agent.deb" || Fail "the fixture does not install"
RunsShellAgent
nsenter -t "$LEADER" -n ssh -F none -l ec2-user -i "$WORK/ordinary" -o IdentitiesOnly=yes \
  -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
  127.0.0.1 'echo open; until [ -e /tmp/go ]; do sleep 0.1; done; echo survived' \
  >"$WORK/session.log" 2>/dev/null &
session=$!
WaitUntil 10 grep -q open "$WORK/session.log" || Fail "the session did not open"
pid=$(MainPid)
AptInstall "$(Deb)" || Fail "apt-get failed"
[ "$(MainPid)" != "$pid" ] || Fail "sshd goes on with its old command line"
In touch /tmp/go
wait "$session" || Fail "the open session did not survive"
grep -q survived "$WORK/session.log" || Fail "the open session did not survive"
RunsOurs
AptRemove ec2-instance-connect || Fail "removing failed"
Sound
PushedIsRefused
AptPurge ec2-instance-connect || Fail "purging failed"
Sound
HasNot /lib/systemd/system/ssh.service.d
SameAs before
HasNoUser
NothingLeft
Finish
