#!/usr/bin/env bash
# Goal: a drop-in that somebody edited is set aside and named when the package goes
# System: Debian 12, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm
Enter
StartSshd
AptInstall "$(Deb)" || Fail "apt-get failed"
sed -i 's/^AuthorizedKeysCommand .*/AuthorizedKeysCommand \/usr\/libexec\/ec2-instance-connect\/eic-authorized-keys --timeout 3 -- %u %f %t/' \
  "$TREE$DROP_IN"
# shellcheck disable=SC2016  # It is the tree's shell that expands.
In sh -c 'kill -HUP $(cat /run/sshd.pid)'
Sound
PushedOpens
AptInstall "$(NextDeb)" || Fail "the upgrade failed"
grep -e '--timeout 3' "$TREE$DROP_IN" >/dev/null || Fail "the upgrade changed the edit"
AptPurge ec2-instance-connect || Fail "purging failed"
saved=${DROP_IN%/*}/.${DROP_IN##*/}.saved
SaidIn apt "$saved"
HasNot "$DROP_IN"
Has "$saved"
NothingLeftBut "$saved"
HasNoUser
Finish
