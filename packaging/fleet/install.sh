#!/bin/sh
# Installs ec2-instance-connect from a signed repository, and again without harm: with a newer package in the
# repository it upgrades. As root, on an instance or in an image that is being built.
#
# usage: install.sh URL KEY [--disabled]
#
# URL         where the folder that `./dev package repo` made is served, for example https://packages.example.com
# KEY         the file with the public key that signs it: signing-key.asc
# --disabled  for images: if the package was not there, sshd does not use the agent before `ec2-instance-connect enable`
set -eu

usage() {
  echo "usage: install.sh URL KEY [--disabled]" >&2
  exit 64
}

case $# in
  2) ;;
  3) [ "$3" = --disabled ] || usage ;;
  *) usage ;;
esac
url=${1%/}
case $url in
  *[@[]*) usage ;; # apt's pin below is of a host by name, and others may read what apt and dnf keep.
  https://?* | http://?* | file:///?*) ;;
  *) usage ;;
esac
case $(head -n 1 "$2") in
  '-----BEGIN PGP PUBLIC KEY BLOCK-----') ;;
  *)
    echo "install.sh: $2 is not an armored public key" >&2
    exit 2
    ;;
esac

disables=
[ $# = 2 ] || command -v ec2-instance-connect >/dev/null || disables=yes
if [ "$disables" ]; then
  mkdir -p /etc/ec2-instance-connect
  : >/etc/ec2-instance-connect/disabled
fi

if command -v apt-get >/dev/null; then
  host=${url#*://}
  mkdir -p /etc/apt/keyrings
  install -m 644 "$2" /etc/apt/keyrings/ec2-instance-connect.asc
  echo "deb [signed-by=/etc/apt/keyrings/ec2-instance-connect.asc] $url/apt ./" \
    >/etc/apt/sources.list.d/ec2-instance-connect.list
  # The distribution has a package of this name, too.
  cat >/etc/apt/preferences.d/ec2-instance-connect <<PIN
Package: ec2-instance-connect
Pin: origin "${host%%[:/]*}"
Pin-Priority: 1001
PIN
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o APT::Update::Error-Mode=any update
  apt-get -y -o Dpkg::Options::=--force-confold install ec2-instance-connect
elif dnf=$(command -v dnf || command -v yum); then
  install -m 644 "$2" /etc/pki/rpm-gpg/RPM-GPG-KEY-ec2-instance-connect
  # A repository of a lower number comes first, whatever versions the others have.
  cat >/etc/yum.repos.d/ec2-instance-connect.repo <<REPO
[ec2-instance-connect]
name=ec2-instance-connect
baseurl=$url/yum
priority=1
gpgcheck=1
repo_gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-ec2-instance-connect
metadata_expire=1
REPO
  "$dnf" -y install ec2-instance-connect
  # install leaves an older one of the same name alone where it was installed from another repository.
  "$dnf" -y upgrade ec2-instance-connect
else
  echo "install.sh: neither apt-get nor dnf nor yum is here" >&2
  exit 2
fi

# sshd may name the path of the shell agent's program, which is ours now.
if [ "$disables" ]; then ec2-instance-connect disable || [ $? = 3 ]; fi
# Another package of this name does not have this program.
ec2-instance-connect status
