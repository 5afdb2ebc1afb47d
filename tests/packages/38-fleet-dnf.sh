#!/usr/bin/env bash
# Goal: packaging/fleet/install.sh installs the rpm by dnf from the signed repository, runs again without harm, lets the agent wait for `enable` with --disabled, and refuses another key
# System: Debian 12, chroot, its own dnf
# Note: what the rpms require comes from a fixture; never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# Install [ARGUMENT...]: as the files of packaging/fleet call it.
Install() {
  In sh /root/install.sh file:///srv/repo "$@" >"$WORK/install.log" 2>&1
}

NewTree bookworm-rpm-dnf
MakeRepositories
MakeKey other
SystemRpm
# The script takes apt-get first, which a system with rpms does not have.
mv "$TREE/usr/bin/apt-get" "$TREE/root/"
mkdir -p "$TREE/etc/yum.repos.d" "$TREE/etc/pki/rpm-gpg"
printf '[system]\nname=system\nbaseurl=file:///srv/system\ngpgcheck=0\n' >"$TREE/etc/yum.repos.d/system.repo"
cp "$REPOSITORY/packaging/fleet/install.sh" "$WORK/other.asc" "$TREE/root/"
Enter
StartSshd

Install /root/other.asc && Fail "install.sh takes another's key"
SaidIn install 'GPG verification|[Ss]ignature'
HasNot "$AGENT"

Install /srv/repo/signing-key.asc --disabled || Fail "install.sh --disabled failed"
Status enabled false
PushedIsRefused
In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || Fail "enable failed"
RunsOurs

Install /srv/repo/signing-key.asc || Fail "install.sh failed when it ran again"
SaidIn install 'Nothing to do'
RunsOurs
gpgconf --kill gpg-agent
Finish
