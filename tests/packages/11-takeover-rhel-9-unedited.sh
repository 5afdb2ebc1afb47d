#!/usr/bin/env bash
# Goal: the file in sshd_config.d that RHEL 9's package owns is taken over, and the old package does not erase ours
# System: Debian 12, chroot, rpm --root; fixture package
# Note: content and scriptlets checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
ShellAgentRpm drop-in
RunsShellAgentByRpm
RpmRoot -U "$(Rpm)" || Fail "rpm failed"
Has "$DROP_IN"
RunsOurs
RpmRoot -U "$(NextRpm)" || Fail "the upgrade failed"
RunsOurs
RpmRoot -e ec2-instance-connect || Fail "rpm -e failed"
Sound
PushedIsRefused
NothingLeft
Finish
