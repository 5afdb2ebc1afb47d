#!/usr/bin/env bash
# Goal: an interrupted dpkg, a full or read-only /etc, a drop-in that is a link, a unit drop-in with lines of others, and a user whose name is taken: sshd stays sound, nothing of others is lost, and what was lacking can be made up for
# System: Debian 12, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# It is the tree's shell that expands:
# shellcheck disable=SC2016
SmallEtc() {
  In sh -c 'set -e
    cp -a /etc /root/etc
    mount -t tmpfs -o size=8m,mode=755 tmpfs /etc
    cp -a /root/etc/. /etc/
    rm -r /root/etc
    dd if=/dev/zero of=/etc/filler bs=1k 2>/dev/null || true'
}
EtcOf() { In sh -c 'cd /etc && find . -type f ! -name filler ! -name "*.lock" ! -name "*-" -exec sha256sum {} + | sort'; }

UNIT_DROP_IN=/etc/systemd/system/ssh.service.d/ec2-instance-connect.conf

NewTree bookworm
Enter
StartSshd
Remember before

# Between unpacking and configuring.
cp "$(Deb)" "$TREE/root/agent.deb"
In dpkg --unpack /root/agent.deb >"$WORK/dpkg.log" 2>&1 || Fail "unpacking failed"
Sound
PushedIsRefused
SameAs before
In dpkg --configure -a >"$WORK/dpkg.log" 2>&1 || Fail "configuring failed"
RunsOurs

# /etc cannot be written: the package stays, and works.
In sh -c 'mount --bind /etc /etc && mount -o remount,bind,ro /etc'
! AptRemove ec2-instance-connect || Fail "removed, although /etc cannot be written"
RunsOurs
In umount /etc
PurgeLeavesNothing

# Installing into a full /etc, and once more when there is room.
SmallEtc
before=$(EtcOf)
! AptInstall "$(Deb)" || Fail "installed, although /etc is full"
Sound
PushedIsRefused
[ "$(EtcOf)" = "$before" ] || Fail "something of /etc has changed"
In rm /etc/filler
In dpkg --configure -a >"$WORK/dpkg.log" 2>&1 || Fail "configuring with room again failed"
RunsOurs
AptPurge ec2-instance-connect || Fail "purging failed"
Sound
In umount /etc

# The drop-in is a link to a file of the administrator's.
echo '# of the administrator' >"$TREE/srv/lines.conf"
ln -s /srv/lines.conf "$TREE$DROP_IN"
Remember linked
AptInstall "$(Deb)" || Fail "installing with a linked drop-in failed"
RunsOurs
[ -L "$TREE$DROP_IN" ] || Fail "the link is gone"
grep '^# of the administrator$' "$TREE/srv/lines.conf" >/dev/null || Fail "the linked file's line is gone"
AptPurge ec2-instance-connect || Fail "purging failed"
SameAs linked
[ "$(cat "$TREE/srv/lines.conf")" = '# of the administrator' ] || Fail "the linked file is not as it was"

# It is masked.
ln -sf /dev/null "$TREE$DROP_IN"
Remember masked
AptInstall "$(Deb)" || Fail "installing with a masked drop-in failed"
SaidIn apt "$DROP_IN is not a regular file, or leads to something that is not one; nothing was changed"
SaidIn apt 'installed, but not enabled'
SameAs masked
In test -c /dev/null || Fail "/dev/null is no device any more"
AptPurge ec2-instance-connect || Fail "purging failed"
SameAs masked
rm "$TREE$DROP_IN"

# The shell agent's line in a unit drop-in, edited by somebody: it stays, and so does the purge.
install -d "$TREE/etc/systemd/system/ssh.service.d"
# shellcheck disable=SC2016  # systemd's own dollar.
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -p 2222 %s $SSHD_OPTS\n' \
  "${SHELL_COMMAND_OPTIONS//@PROGRAM@//usr/share/ec2-instance-connect/eic_run_authorized_keys}" \
  >"$TREE$UNIT_DROP_IN"
Remember unit
AptInstall "$(Deb)" || Fail "installing beside an edited unit drop-in failed"
AptPurge ec2-instance-connect || Fail "purging failed"
SaidIn apt "$UNIT_DROP_IN stays"
SameAs unit
HasUser # whom that drop-in names
rm -r "$TREE${UNIT_DROP_IN%/*}"
In userdel ec2-instance-connect

# The name is somebody's: whoever that is could let in anybody. And nobody deletes an account.
In useradd --create-home --uid 4242 ec2-instance-connect
AptInstall "$(Deb)" || Fail "installing with a name that is taken failed"
SaidIn apt "not enabled: the user ec2-instance-connect is root or a person's account \(uid 1000 or higher\)\. Rename that account"
SameAs before
PushedIsRefused
AptPurge ec2-instance-connect || Fail "purging failed"
HasUser
Finish
