#!/usr/bin/env bash
# Goal: another command in a drop-in of a lower number stays, and it is said whose it is and where
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
cat >"$TREE/etc/ssh/sshd_config.d/10-sssd.conf" <<'LINES'
# of the directory
AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys %u
AuthorizedKeysCommandUser nobody
LINES
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt 'SSSD .*set in /etc/ssh/sshd_config.d/10-sssd.conf:2'
SaidIn apt 'installed, but not enabled'
SameAs before
Sound
PushedIsRefused
# Taken when the administrator says so, and given back.
In ec2-instance-connect enable --replace >"$WORK/enable.log" 2>&1 || Fail "enable --replace failed"
Sound
PushedOpens
AptRemove ec2-instance-connect || Fail "removing failed"
SameAs before
Finish
