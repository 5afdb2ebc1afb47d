#!/usr/bin/env bash
# Goal: install, upgrade and purge on Debian 11
# System: Debian 11, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NeedsPayload
NewTree bullseye
Enter
StartSshd
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt '^enabled: sshd runs'
Sound
PushedOpens
AptInstall "$(NextDeb)" || Fail "the upgrade failed"
Sound
PushedOpens
AptPurge ec2-instance-connect || Fail "purging failed"
SameAs before
HasNoUser
NothingLeft
PushedIsRefused
Finish
