#!/usr/bin/env bash
# Goal: another command that only systemd itself knows of, by a generator, stays, and it is said who knows of it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
generator=$TREE/etc/systemd/system-generators/company
mkdir -p "${generator%/*}"
cat >"$generator" <<'GENERATOR'
#!/bin/sh
mkdir -p "$1/ssh.service.d"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D %s\n' \
  '-oAuthorizedKeysCommand=/usr/local/bin/keys-of-the-company -oAuthorizedKeysCommandUser=nobody' \
  >"$1/ssh.service.d/company.conf"
GENERATOR
chmod 755 "$generator"
Boot
# Stopped, so that no running daemon tells it; and systemd's own folder is none that is searched.
In systemctl stop ssh.service
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt 'systemctl show -p ExecStart ssh.service sets AuthorizedKeysCommand .*keys-of-the-company'
SaidIn apt 'installed, but not enabled'
SameAs before
Status owner '"other"'
Status command.origin '"command line of sshd, systemctl show -p ExecStart ssh.service"'
In systemctl start ssh.service
Sound
PushedIsRefused
Finish
