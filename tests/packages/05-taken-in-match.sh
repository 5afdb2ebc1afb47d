#!/usr/bin/env bash
# Goal: a Match block keeps its own command, everybody else gets pushed keys, and it is told
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
cat >>"$TREE/etc/ssh/sshd_config" <<'LINES'
Match User deploy
  AuthorizedKeysCommand /usr/local/bin/keys-of-the-company %u
  AuthorizedKeysCommandUser nobody
LINES
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt 'Match User deploy.*/usr/local/bin/keys-of-the-company'
Sound
PushedOpens
In /usr/sbin/sshd -T -C user=deploy,host=h,addr=192.0.2.1 >"$WORK/deploy.log"
SaidIn deploy '^authorizedkeyscommand /usr/local/bin/keys-of-the-company %u$'
AptRemove ec2-instance-connect || Fail "removing failed"
SameAs before
Finish
