#!/usr/bin/env bash
# Goal: another command on the daemon's command line, which beats every file, stays and is named
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
echo "SSHD_OPTS='-oAuthorizedKeysCommand=/usr/local/bin/keys-of-the-company -oAuthorizedKeysCommandUser=nobody'" \
  >"$TREE/etc/default/ssh"
Boot
Remember before
pid=$(MainPid)
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt '/etc/default/ssh:1 sets AuthorizedKeysCommand on .*command line.*keys-of-the-company'
SameAs before
[ "$(MainPid)" = "$pid" ] || Fail "sshd was restarted"
Sound
PushedIsRefused
# A plain `sshd -T` would not see it.
Status owner '"other"'
Status command.origin '"command line of sshd, /etc/default/ssh:1"'
Finish
