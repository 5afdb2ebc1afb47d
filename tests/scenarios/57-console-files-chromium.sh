#!/usr/bin/env bash
# Goal of this test
# What: a person in a real browser uploads and downloads files beside the terminal.
# How: Chromium, driven by tests/browser/files.real.mjs as the person, on eic-console; an emulator with an
#      instance, its agent and sshd with internal-sftp.
# Expected: what that file says; nothing that the page's policy forbids.
export EIC_STAGE_SECONDS=230
# npm's files for the tests; without them, off the stage, it is skipped there.
: "${EIC_STAGE_EXTRA:=$(cd "$(dirname "$0")/../.." && pwd)/build/npm/tests}"
[ -d "$EIC_STAGE_EXTRA/node_modules" ] || EIC_STAGE_EXTRA=
export EIC_STAGE_EXTRA
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"
NeedsProgram node
NeedsProgram chromium
[ -d /opt/eic/extra/node_modules ] || SkipWithout "npm's files for tests/browser (tools/npm.sh fetches them)"
ln -s extra/node_modules /opt/eic/node_modules

sed -i 's|^\(ec2-user:.*\):/bin/sh$|\1:/bin/bash|' /etc/passwd
StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"')"
StartSshdOf 1
home=$(getent passwd ec2-user | cut -d: -f6)
mkdir -p "$home/odd"
(
  cd "$home/odd"
  touch -- $'new\nline' '<img src=x onerror=alert(1)>' $'turned-\xe2\x80\xae-txt' '<bdi>'
  printf hostile >$'bad\nname\e"; x=.html'
  mkfifo pipe
)
chown -R ec2-user: "$home"

CONSOLE_SECONDS=210 StartConsole
# With sanitizers everything takes several times as long.
ECHO_MS=50
if grep -q __asan_init /opt/eic/bin/eic-console; then ECHO_MS=1000; fi
# With EIC_PICTURES_FD=9 and 9>pictures.tar, what it looked like.
PERSON_ENV=(EIC_PICTURES="${EIC_PICTURES_FD:+/tmp/pictures}" EIC_ECHO_MS="$ECHO_MS" EIC_FILES_FOLDER="$home")
status=0
PERSON_SECONDS=180 AsPerson node --test --test-reporter=spec /opt/eic/browser/files.real.mjs || status=$?
PERSON_ENV=()
[ -z "${EIC_PICTURES_FD:-}" ] || tar -C /tmp/pictures -c . >&"$EIC_PICTURES_FD"
[ "$status" = 0 ] || Fail "the browser's part failed"
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf eic-console || Fail "eic-console does not end"
ExpectNothingOfOurs
Finish
