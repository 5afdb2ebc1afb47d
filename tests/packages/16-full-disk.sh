#!/usr/bin/env bash
# Goal: enable, disable and removal on a full disk change nothing, or all of it; sshd is never in between
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted
Boot
AptInstall "$(Deb)" || Fail "apt-get failed"
In ec2-instance-connect disable >"$WORK/disable.log" 2>&1
# /etc/ssh and the program's state on a file system of their own, so small that it can be filled.
# shellcheck disable=SC2016  # It is the tree's shell that expands.
In sh -c 'set -e
  for folder in /etc/ssh /var/lib/ec2-instance-connect; do
    cp -a "$folder" /root/kept
    mount -t tmpfs -o size=2m,mode=755 tmpfs "$folder"
    cp -a /root/kept/. "$folder/"
    rm -r /root/kept
  done'
Remaining() { In df --output=avail -k "$1" | tail -n 1; }
for folder in /etc/ssh /var/lib/ec2-instance-connect; do
  In sh -c "dd if=/dev/zero of=$folder/filler bs=1k 2>/dev/null; cat /etc/passwd >>$folder/filler 2>/dev/null; true"
  [ "$(Remaining "$folder")" -eq 0 ] || Fail "$folder is not full"
  before=$(In sh -c 'cd /etc/ssh && find . -type f ! -name filler -exec sha256sum {} + | sort')
  status=0
  In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || status=$?
  [ "$status" = 4 ] || Fail "enable on a full disk ended with $status instead of 4"
  after=$(In sh -c 'cd /etc/ssh && find . -type f ! -name filler -exec sha256sum {} + | sort')
  [ "$before" = "$after" ] || Fail "enable on a full disk changed something"
  Sound
  PushedIsRefused
  In rm "$folder/filler"
done
In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || Fail "enable with room again failed"
Sound
PushedOpens
# Removal: the package stays where sshd cannot let go, and goes where it can.
In sh -c 'dd if=/dev/zero of=/var/lib/ec2-instance-connect/filler bs=1k 2>/dev/null; true'
! AptRemove ec2-instance-connect || Fail "removed, although nothing could be written"
Sound
PushedOpens
In rm /var/lib/ec2-instance-connect/filler
AptRemove ec2-instance-connect || Fail "removing with room again failed"
Sound
PushedIsRefused
Finish
