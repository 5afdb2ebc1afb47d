#!/usr/bin/env bash
# Goal: the client's rpm alone: install, upgrade and removal; nothing of the agent comes with it, and nothing stays
# System: Debian 12, chroot, rpm --root
# Note: content checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
StartSshd
Remember before
rpm -qp --requires "$(CliRpm)" >"$WORK/requires.log"
for package in ca-certificates 'openssh-clients >= 7.4'; do SaidIn requires "^$package\$"; done
! grep -E '^(ec2-instance-connect|openssh-server)' "$WORK/requires.log" >&2 || Fail "it brings what it does not need"
[ -z "$(rpm -qp --scripts "$(CliRpm)")" ] || Fail "it has scriptlets"
RpmRoot -i "$(CliRpm)" || Fail "rpm failed"
ClientRuns
ClientIsAlone
RpmRoot -U "$(NextCliRpm)" || Fail "the upgrade failed"
ClientRuns
RpmRoot -e ec2-instance-connect-cli || Fail "rpm -e failed"
ClientIsAlone
NothingLeft
Finish
