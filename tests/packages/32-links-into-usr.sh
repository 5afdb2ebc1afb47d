#!/usr/bin/env bash
# Goal: a package's drop-in and sshd_config that are links into /usr stay as they are, and the slot is ours all the same
# System: Debian 12, booted
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

OTHERS=/usr/lib/systemd/sshd_config.d/20-userdb.conf
LINK=/etc/ssh/sshd_config.d/20-userdb.conf

# OthersDeb VERSION: a package that has the file and the link, as systemd's has them on Debian 13.
OthersDeb() {
  local folder=$WORK/others-$1
  mkdir -p "$folder/DEBIAN" "$folder${OTHERS%/*}" "$folder${LINK%/*}"
  printf '%s\n' 'Package: others-keys' "Version: $1" 'Architecture: all' \
    'Maintainer: Nobody <nobody@example.com>' 'Description: stand-in with a drop-in of sshd' >"$folder/DEBIAN/control"
  printf '%s\n' "# $1" 'AuthorizedKeysCommand /usr/bin/userdbctl ssh-authorized-keys %u' \
    'AuthorizedKeysCommandUser root' >"$folder$OTHERS"
  ln -s "../../..$OTHERS" "$folder$LINK"
  dpkg-deb --root-owner-group --build "$folder" "$WORK/others-$1.deb" >"$WORK/dpkg-deb.log" 2>&1 ||
    Fail "the fixture is not built"
  cp "$WORK/others-$1.deb" "$TREE/root/"
}
Untouched() {
  cmp "$WORK/others-$1$OTHERS" "$TREE$OTHERS" || Fail "the package's file is not as it was"
  [ "$(readlink "$TREE$LINK")" = "../../..$OTHERS" ] || Fail "the package's link is not as it was"
}
DoctorRanAgain() { [ "$(DoctorStarted)" != "$started" ]; }

NewTree bookworm-booted
OthersDeb 1
OthersDeb 2
Boot
In dpkg --install /root/others-1.deb >"$WORK/dpkg.log" 2>&1 || Fail "the fixture does not install"
Remember before
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt "set in $LINK:2"
SameAs before
In ec2-instance-connect enable --replace >"$WORK/enable.log" 2>&1 || Fail "enable --replace failed"
Untouched 1
Sound
PushedOpens
started=$(DoctorStarted)
In dpkg --install /root/others-2.deb >"$WORK/dpkg.log" 2>&1 || Fail "the fixture cannot be upgraded"
WaitUntil 60 DoctorRanAgain || Fail "the trigger did not start doctor"
In systemctl reload ssh.service
Untouched 2
Sound
PushedOpens
In ec2-instance-connect disable >"$WORK/disable.log" 2>&1 || Fail "disable failed"
Untouched 2
PushedIsRefused

# sshd_config itself, by a link.
In dpkg --purge others-keys >"$WORK/dpkg.log" 2>&1 || Fail "the fixture does not go"
In sh -c 'mkdir -p /usr/share/ssh && mv /etc/ssh/sshd_config /usr/share/ssh/ &&
  ln -s ../../usr/share/ssh/sshd_config /etc/ssh/sshd_config && sed -i "/^Include/d" /usr/share/ssh/sshd_config'
sum=$(sha256sum <"$TREE/usr/share/ssh/sshd_config")
Remember linked
In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || Fail "enable failed"
[ "$(sha256sum <"$TREE/usr/share/ssh/sshd_config")" = "$sum" ] || Fail "the vendor's file is not as it was"
Sound
PushedOpens
In ec2-instance-connect disable --for-removal >"$WORK/disable.log" 2>&1 || Fail "disable failed"
rm -f "$TREE/etc/ec2-instance-connect/disabled"
SameAs linked
Finish
