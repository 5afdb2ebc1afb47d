#!/usr/bin/env bash
# Goal: installed into an image without host keys, where no service may start; it works after the first boot
# System: Debian 12, chroot, then booted
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
rm "$TREE"/etc/ssh/ssh_host_*
printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
chmod 755 "$TREE/usr/sbin/policy-rc.d"
chroot "$TREE" /usr/sbin/sshd -t 2>/dev/null && Fail "sshd -t passes: this image shows nothing"
AptInstall "$(Deb)" || Fail "apt-get failed"
SaidIn apt '^enabled: sshd runs'
Has "$DROP_IN"
HasNot /run/sshd.pid
! compgen -G "$TREE/etc/ssh/ssh_host_*" >/dev/null || Fail "a host key was left in the image"
HasNot /run/sshd
# What cloud-init does at the first boot.
rm "$TREE/usr/sbin/policy-rc.d"
cat >"$TREE/etc/systemd/system/host-keys.service" <<'UNIT'
[Unit]
Before=ssh.service
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A
[Install]
WantedBy=multi-user.target
UNIT
chroot "$TREE" systemctl --quiet enable host-keys.service 2>"$WORK/systemctl.log"
Boot
Sound
PushedOpens
Finish
