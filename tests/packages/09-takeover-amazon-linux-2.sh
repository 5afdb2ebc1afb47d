#!/usr/bin/env bash
# Goal: the lines that Amazon Linux 2 has in sshd_config are taken over by the rpm; they stay comments when it goes, since their program is gone
# System: Debian 12, chroot, rpm --root; fixture package
# Note: content and scriptlets checked, never run on Amazon Linux
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
# 7.4 does not know Include.
sed -i '/^Include/d' "$TREE/etc/ssh/sshd_config"
Enter
ShellAgentRpm lines
RunsShellAgentByRpm
RpmRoot -U "$(Rpm)" || Fail "rpm failed"
SaidIn rpm '^enabled: sshd runs'
HasNot "$DROP_IN"
RunsOurs
RpmRoot -e ec2-instance-connect || Fail "rpm -e failed"
Sound
PushedIsRefused
NothingLeft
Finish
