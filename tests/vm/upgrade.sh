# shellcheck shell=bash
# Goal: apt upgrades, removes, purges and installs the package on a running instance; sshd is not restarted by an
# upgrade, ordinary keys work throughout, and nothing is left behind
SOURCES=/etc/apt/sources.list.d/ec2-instance-connect.list

# Apt ARGUMENT...: what it says is in apt.log.
Apt() { Root "DEBIAN_FRONTEND=noninteractive apt-get -y $*" >"$WORK/apt.log" 2>&1 || Fail "apt-get $* failed"; }
SshdPid() { Root "systemctl show -p MainPID --value ssh.service"; }

StartMetadata
StartMachine
PushedOpens
before=$(SshdPid)
Root "sed -i s,/this,/next, $SOURCES"
Apt update
Apt upgrade
[ "$(Root "dpkg-query -W -f '\${Version}' ec2-instance-connect")" = 3.0.0-2 ] || Fail "the package is not the next one"
[ "$(SshdPid)" = "$before" ] || Fail "the upgrade restarted sshd"
PushedOpens
DoctorFindsNothing

Apt remove ec2-instance-connect
Root "sshd -t" || Fail "sshd -t does not pass"
PushedIsRefused
OrdinaryOpens
Apt purge ec2-instance-connect
PushedIsRefused
OrdinaryOpens
left=$(Root "find / -xdev -path /srv -prune -o -path /var/cache -prune -o -path /var/log -prune -o \
  \( -name '*ec2-instance-connect*' -o -name '*eic[-_]*' \) ! -path $SOURCES -print
  getent passwd ec2-instance-connect || true")
[ -z "$left" ] || Fail "purging leaves $left"

Apt install ec2-instance-connect
PushedOpens
DoctorFindsNothing
