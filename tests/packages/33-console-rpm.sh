#!/usr/bin/env bash
# Goal: the console's rpm alone: it starts for an ordinary user, prints its URL and answers it; upgrade and removal; nothing of the agent comes with it, and nothing stays
# System: Debian 12, chroot, rpm --root
# Note: content checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NeedsConsole "$(ConsoleRpm)"
NewTree bookworm-console
Enter
StartSshd
Remember before
rpm -qp --requires "$(ConsoleRpm)" >"$WORK/requires.log"
SaidIn requires '^ca-certificates$'
SaidIn requires '^libssh\.so\.4'
! grep -E '^(ec2-instance-connect|openssh)' "$WORK/requires.log" >&2 || Fail "it brings what it does not need"
[ -z "$(rpm -qp --scripts "$(ConsoleRpm)")" ] || Fail "it has scriptlets"
RpmRoot -i "$(ConsoleRpm)" || Fail "rpm failed"
ConsoleRuns
ClientIsAlone
RpmRoot -U "$(NextConsoleRpm)" || Fail "the upgrade failed"
ConsoleRuns
RpmRoot -e ec2-instance-connect-console || Fail "rpm -e failed"
HasNot /usr/bin/eic-console
ClientIsAlone
NothingLeftBut /home/ # What the person has seen of instances is the person's.
Finish
