#!/usr/bin/env bash
# Goal: the console alone: `apt-get install ./ec2-instance-connect-console_*.deb`; it starts for an ordinary user, prints its URL and answers it; upgrade and purge; nothing of the agent comes with it, and nothing stays
# System: Debian 12, chroot
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NeedsConsole "$(ConsoleDeb)"
NewTree bookworm-console
Enter
StartSshd
Remember before
AptInstall "$(ConsoleDeb)" || Fail "apt-get failed"
ConsoleRuns
ClientIsAlone
AptInstall "$(NextConsoleDeb)" || Fail "the upgrade failed"
ConsoleRuns
AptPurge ec2-instance-connect-console || Fail "purging failed"
HasNot /usr/bin/eic-console
ClientIsAlone
NothingLeftBut /home/ # What the person has seen of instances is the person's.
Finish
