#!/usr/bin/env bash
# Goal: `apt-get install ec2-instance-connect` from the signed apt repository by file:; neither client nor emulator comes with it
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

MakeRepositories
NewTree bookworm-booted
cp -R "$WORK/packages/repo" "$TREE/srv/repo"
gpg --batch --export nobody@example.com >"$TREE/etc/apt/keyrings/eic.gpg"
rm -f "$TREE"/etc/apt/sources.list "$TREE"/etc/apt/sources.list.d/*
echo "deb [signed-by=/etc/apt/keyrings/eic.gpg] file:/srv/repo/apt ./" >"$TREE/etc/apt/sources.list"
Boot
In apt-get update >"$WORK/apt.log" 2>&1 || Fail "apt-get update failed"
In apt-get -y install ec2-instance-connect >"$WORK/apt.log" 2>&1 || Fail "apt-get install failed"
HasNot /usr/bin/eic-emulator
HasNot /usr/bin/eic
Sound
PushedOpens
# A repository that somebody changed is refused.
echo >>"$TREE/srv/repo/apt/Packages"
sed -i 's/^Date: .*/Date: Thu, 01 Jan 2026 00:00:00 UTC/' "$TREE/srv/repo/apt/InRelease"
In apt-get update >"$WORK/apt.log" 2>&1 && ! grep -E 'BADSIG|not signed|invalid' "$WORK/apt.log" >/dev/null &&
  Fail "apt-get takes a repository with a bad signature"
gpg --batch --verify "$WORK/packages/repo/yum/repodata/repomd.xml.asc" \
  "$WORK/packages/repo/yum/repodata/repomd.xml" 2>"$WORK/gpg.log" || Fail "the yum repository is not signed"
gpgconf --kill gpg-agent
Finish
