#!/usr/bin/env bash
# Goal: an upgrade of an enabled package changes nothing of sshd and does not restart it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
AptInstall "$(Deb)" || Fail "apt-get failed"
Remember enabled
pid=$(MainPid)
AptInstall "$(NextDeb)" || Fail "the upgrade failed"
SameAs enabled
[ "$(MainPid)" = "$pid" ] || Fail "sshd was restarted"
Sound
PushedOpens
# Back to the shell agent: sshd lets go first, since that package does not know our file.
ShellAgentDeb shipped
AptInstall "$WORK/shell-agent.deb" || Fail "the downgrade failed"
HasNot "$DROP_IN"
HasNot "$AGENT"
Finish
