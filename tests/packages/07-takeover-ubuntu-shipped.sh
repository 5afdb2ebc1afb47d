#!/usr/bin/env bash
# Goal: the unit drop-in that Ubuntu's package ships goes with it, and ours takes its place
# System: Debian 12, booted; fixture package
# Note: content and scriptlets checked, never run on Ubuntu
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
ShellAgentDeb shipped
AptInstall "$WORK/shell-agent.deb" || Fail "the fixture does not install"
RunsShellAgent
AptInstall "$(Deb)" || Fail "apt-get failed"
RunsOurs
HasNot /usr/lib/systemd/system/ssh.service.d/ec2-instance-connect.conf
In systemctl show -p ExecStart ssh.service >"$WORK/unit.log"
! grep AuthorizedKeysCommand "$WORK/unit.log" || Fail "the unit still sets the command"
AptPurge ec2-instance-connect || Fail "purging failed"
Sound
PushedIsRefused
SameAs before
HasNoUser
NothingLeft
Finish
