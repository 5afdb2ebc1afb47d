#!/usr/bin/env bash
# Goal: what the administrator disabled stays so through upgrade, removal and installing again; purge forgets it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
In ec2-instance-connect disable >"$WORK/disable.log" 2>&1 || Fail "disable failed"
SameAs before
AptInstall "$(NextDeb)" || Fail "the upgrade failed"
SaidIn apt 'left disabled, because of /etc/ec2-instance-connect/disabled'
SameAs before
Sound
PushedIsRefused
AptRemove ec2-instance-connect || Fail "removing failed"
AptInstall "$(Deb)" || Fail "installing again failed"
SameAs before
PushedIsRefused
AptPurge ec2-instance-connect || Fail "purging failed"
AptInstall "$(Deb)" || Fail "installing after purge failed"
Sound
PushedOpens
Finish
