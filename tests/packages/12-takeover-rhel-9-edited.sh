#!/usr/bin/env bash
# Goal: the file in sshd_config.d that RHEL 9's package owns and which somebody edited is taken over with the edit kept
# System: Debian 12, chroot, rpm --root; fixture package
# Note: content and scriptlets checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
ShellAgentRpm drop-in
RunsShellAgentByRpm
sed -i '1i # mine\nLogLevel VERBOSE' "$TREE$DROP_IN"
# shellcheck disable=SC2016  # It is the tree's shell that expands.
In sh -c 'kill -HUP $(cat /run/sshd.pid)'
RpmRoot -U "$(Rpm)" || Fail "rpm failed"
Has "$DROP_IN"
grep '^LogLevel VERBOSE$' "$TREE$DROP_IN" >/dev/null || Fail "the edit is lost"
RunsOurs
RpmRoot -U "$(NextRpm)" || Fail "the upgrade failed"
RunsOurs
RpmRoot -e ec2-instance-connect || Fail "rpm -e failed"
Sound
PushedIsRefused
# Lines that are not ours are not erased with us, and where they are is said.
grep -h '^LogLevel VERBOSE$' "$TREE$DROP_IN"* >/dev/null || Fail "the edit is lost"
Finish
