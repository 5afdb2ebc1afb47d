#!/usr/bin/env bash
# Goal: remove lets go of sshd and keeps the user, purge leaves nothing, installing again works; a stopped sshd stays stopped
# System: Debian 12, booted
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
PushedOpens
AptRemove ec2-instance-connect || Fail "removing failed"
SameAs before
HasUser
Sound
PushedIsRefused
AptInstall "$(Deb)" || Fail "installing again failed"
Sound
PushedOpens
PurgeLeavesNothing
Sound
# Nobody starts what the administrator stopped.
In systemctl stop ssh.service
AptInstall "$(Deb)" || Fail "installing with a stopped sshd failed"
AptPurge ec2-instance-connect || Fail "purging with a stopped sshd failed"
[ "$(In systemctl is-active ssh.service)" = inactive ] || Fail "sshd was started"
SameAs before
In systemctl start ssh.service
Finish
