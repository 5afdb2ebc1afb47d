#!/usr/bin/env bash
# Goal: client and agent on one system: each comes and goes without touching the other
# System: Debian 12, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
StartSshd
AptInstall "$(Deb)" "$(CliDeb)" || Fail "apt-get failed"
ClientRuns
RunsOurs
Remember both
AptPurge ec2-instance-connect-cli || Fail "purging the client failed"
SameAs both
RunsOurs
AptInstall "$(CliDeb)" || Fail "installing the client again failed"
SameAs both
AptPurge ec2-instance-connect || Fail "purging the agent failed"
PushedIsRefused
ClientRuns
Finish
