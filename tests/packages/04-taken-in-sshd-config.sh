#!/usr/bin/env bash
# Goal: another command in sshd_config itself stays, and it is said whose it is and where
# System: Debian 12, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
{
  echo "AuthorizedKeysCommand /usr/local/bin/keys-of-the-company %u"
  echo "AuthorizedKeysCommandUser nobody"
} >>"$TREE/etc/ssh/sshd_config"
Enter
StartSshd
line=$(grep -n '^AuthorizedKeysCommand ' "$TREE/etc/ssh/sshd_config" | cut -d : -f 1)
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt "/usr/local/bin/keys-of-the-company .*set in /etc/ssh/sshd_config:$line"
SameAs before
Sound
PushedIsRefused
PurgeLeavesNothing
Finish
