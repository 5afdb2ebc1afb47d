#!/usr/bin/env bash
# Goal: the deb's trigger starts doctor after an upgrade of OpenSSH, and what it finds is in the journal; purge leaves nothing of it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
[ "$(In systemctl is-enabled "$DOCTOR")" = enabled ] || Fail "doctor's unit does not run at boot"
DoctorHasNotRun
# sshd refuses a program that others may change.
In chmod g+w "$AGENT"
In sh -c 'dpkg --install /root/openssh-server_*.deb' >"$WORK/apt.log" 2>&1 || Fail "OpenSSH cannot be upgraded"
WaitUntil 60 DoctorHasRun || Fail "the trigger did not start doctor"
In journalctl -u "$DOCTOR" -o cat >"$WORK/journal.log"
SaidIn journal command-writable
In chmod g-w "$AGENT"
Sound
PushedOpens
# What policy-rc.d forbids is not done, and what it leaves undone is said.
printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
chmod 755 "$TREE/usr/sbin/policy-rc.d"
started=$(DoctorStarted)
In sh -c 'dpkg --install /root/openssh-server_*.deb' >"$WORK/apt.log" 2>&1 || Fail "OpenSSH cannot be upgraded"
AptRemove ec2-instance-connect || Fail "removing failed"
SaidIn apt 'the running sshd keeps its old configuration until it is reloaded'
AptInstall "$(Deb)" || Fail "installing again failed"
SaidIn apt 'the running sshd keeps its old configuration until it is reloaded'
[ "$(DoctorStarted)" = "$started" ] || Fail "doctor was started against the policy"
rm "$TREE/usr/sbin/policy-rc.d"
PurgeLeavesNothing
[ -z "$(In systemctl list-units --all --plain --no-legend 'ec2-instance-connect*')" ] ||
  Fail "systemd still knows the unit"
Finish
