#!/usr/bin/env bash
# Goal: the rpm's trigger starts doctor after an upgrade of OpenSSH, and at no other time
# System: Debian 12, booted, its own rpm; OpenSSH's rpms are empty fixtures
# Note: content and scriptlets checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted-rpm
Boot
Remember before
for version in 8.7p1 9.2p1; do EmptyRpm openssh-server "$version"; done
RpmIn -i "$WORK/openssh-server-8.7p1.rpm" || Fail "the fixture does not install"
RpmIn -i "$(Rpm)" || Fail "rpm failed"
[ "$(In systemctl is-enabled "$DOCTOR")" = enabled ] || Fail "doctor's unit does not run at boot"
RpmIn -U "$(NextRpm)" || Fail "the upgrade failed"
DoctorHasNotRun
RpmIn -U "$WORK/openssh-server-9.2p1.rpm" || Fail "the fixture cannot be upgraded"
WaitUntil 60 DoctorHasRun || Fail "the trigger did not start doctor"
started=$(DoctorStarted)
RpmIn -e openssh-server || Fail "the fixture does not go"
Sound
PushedOpens
[ "$(DoctorStarted)" = "$started" ] || Fail "doctor was started where OpenSSH was removed"
RpmIn -e ec2-instance-connect || Fail "rpm -e failed"
SameAs before
NothingLeftBut /etc/ec2-instance-connect
Finish
