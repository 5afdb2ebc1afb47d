#!/usr/bin/env bash
# Goal of this test
# What: a person in a real browser gets from the list of instances to a shell, keeps it, and reads why
#       where it does not come about; no other page and no other user gets anything.
# How: Chromium, driven by tests/browser/real.browser.mjs as the person, on eic-console; an emulator with
#      nine instances: three with sshd and agent, one stopped, one without an address, one whose port is
#      closed, one with another host key than before, one that refuses keys, one that may not be pushed to.
# Expected: what that file says; afterwards the cookie is worth nothing to another user of the machine.
# EIC_OUTPUT_SECONDS and EIC_OUTPUT_MEGABYTES make it longer: ./dev console-long.
: "${EIC_OUTPUT_SECONDS:=30}" "${EIC_OUTPUT_MEGABYTES:=20}"
seconds=$((250 + EIC_OUTPUT_SECONDS + EIC_OUTPUT_MEGABYTES))
export EIC_STAGE_SECONDS=$((seconds + 40))
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

# Named N NAME [MEMBER]...: an instance by another name than web-N.
Named() { InstanceJson "$1" "\"tags\": {\"Name\": \"$2\"}" '"image_id": "ami-0123456789abcdef1"' "${@:3}"; }

PUSHED_TO=$(for n in 1 2 3 4 5 6 7 8; do printf '"%s", ' "$(InstanceId "$n")"; done)
sed -i 's|^\(ec2-user:.*\):/bin/sh$|\1:/bin/bash|' /etc/passwd
StartLog
StartService "$(Named 1 web-1), $(Named 2 web-2), $(Named 3 web-3),
  $(Named 4 stopped-1 '"state": "stopped"'),
  $(Named 5 bare-1 '"public_ip": ""' '"private_ip": ""'),
  $(Named 6 closed-1), $(Named 7 changed-1), $(Named 8 refusing-1), $(Named 9 forbidden-1)" \
  "\"credentials\": [{\"access_key_id\": \"AKIAIOSFODNN7EXAMPLE\",
    \"secret_access_key\": \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\", \"instances\": [${PUSHED_TO%, }]}]"
for n in 1 2 3 7 9; do StartSshdOf "$n"; done
StartSshdOf 8 "AuthorizedKeysCommand none"
# What an earlier login has seen of instance 7.
NewKey other_host
AsPerson mkdir -p -m 700 .ssh/eic
sed "s/^/$(InstanceId 7) /" "$WORK/other_host.pub" | AsPerson tee .ssh/eic/known_hosts >/dev/null

CONSOLE_SECONDS=$((seconds + 20)) StartConsole
# What counts is the release build. With sanitizers the front takes several times as long for each frame,
# beside a Chromium that takes a core, so that what is on its way when the key comes is there for seconds.
if grep -q __asan_init /opt/eic/bin/eic-console; then
  EIC_OUTPUT_SECONDS=5 EIC_CTRL_C_MS=20000
fi
# With EIC_PICTURES_FD=9 and 9>pictures.tar, what it looked like.
PERSON_ENV=(EIC_PICTURES="${EIC_PICTURES_FD:+/tmp/pictures}" EIC_OUTPUT_SECONDS="$EIC_OUTPUT_SECONDS"
  EIC_OUTPUT_MEGABYTES="$EIC_OUTPUT_MEGABYTES" EIC_CTRL_C_MS="${EIC_CTRL_C_MS:-1000}")
status=0
PERSON_SECONDS=$seconds AsPerson node --test --test-reporter=spec /opt/eic/browser/real.browser.mjs || status=$?
PERSON_ENV=()
[ -z "${EIC_PICTURES_FD:-}" ] || tar -C /tmp/pictures -c . >&"$EIC_PICTURES_FD"
[ "$status" = 0 ] || Fail "the browser's part failed"

# The cookie, stolen: by its own user it is good, by another it is worth nothing.
port=$(sed -E 's|^http://[^:]*:([0-9]+)/.*|\1|' "$WORK/console.out")
host=$(sed -E 's|^http://([^/]*)/.*|\1|' "$WORK/console.out")
Replay() {
  setpriv --reuid "$1" --regid "$1" --clear-groups curl --silent --max-time 5 --output /dev/null \
    --write-out '%{http_code}' --header "Host: $host" --header "Cookie: $(cat "$WORK/cookie")" \
    "http://127.0.0.1:$port/api/sessions" || true
}
[ "$(Replay person)" = 200 ] || Fail "the cookie is not good for the person"
got=$(Replay ubuntu)
[ "$got" = 000 ] || [ "$got" = 403 ] || Fail "another user's replay was answered with status $got"

pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf eic-console || Fail "eic-console does not end"
ExpectNothingOfOurs
Finish
