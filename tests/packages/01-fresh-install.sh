#!/usr/bin/env bash
# Goal: `apt-get install ./ec2-instance-connect_*.deb` on a bare system is all that it takes
# System: Debian 12, booted
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Sound
PushedIsRefused
pid=$(MainPid)
AptInstall "$(Deb)"
Sound
PushedOpens
[ "$(MainPid)" = "$pid" ] || Fail "sshd was restarted, and a reload was enough"
Status enabled true
Status owner '"ours"'
HasUser
HasRoots
In journalctl -t ec2-instance-connect -o cat | grep 'Providing ssh key' >/dev/null || Fail "no audit line"
In journalctl --catalog -t ec2-instance-connect | grep 'Subject: A pushed key was accepted' >/dev/null ||
  Fail "journalctl -x explains no audit line: the catalog is not installed, or not taken in"
In journalctl -o cat | grep 'AuthorizedKeysCommand was changed by enable' >/dev/null ||
  Fail "enabling was not recorded"
Finish
