#!/usr/bin/env bash
# Goal: the rpm's fresh install, upgrade and removal; a disabled one stays disabled
# System: Debian 12, chroot, rpm --root
# Note: content and scriptlets checked, never run on Amazon Linux or RHEL
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
StartSshd
Remember before
RpmRoot -i "$(Rpm)" || Fail "rpm failed"
HasUser
HasRoots
Sound
PushedOpens
Remember enabled
RpmRoot -U "$(NextRpm)" || Fail "the upgrade failed"
SameAs enabled
Sound
PushedOpens
In ec2-instance-connect disable >"$WORK/disable.log" 2>&1 || Fail "disable failed"
RpmRoot -U --oldpackage "$(Rpm)" || Fail "the downgrade failed"
SaidIn rpm 'left disabled'
SameAs before
RpmRoot -e ec2-instance-connect || Fail "rpm -e failed"
SameAs before
Sound
NothingLeftBut /etc/ec2-instance-connect
Has /etc/ec2-instance-connect/disabled
Finish
