#!/usr/bin/env bash
# Goal of this test
# What: what `ec2-instance-connect doctor` finds does not depend on where it is written to.
# How: one fault, and doctor with its output in a file, on a terminal, closed, and on a full device; users
#      with odd names; and a configuration with 300 Match blocks.
# Expected: the same status everywhere but where nothing could be written; colour on the terminal alone; the
#      JSON is JSON; no byte of a name reaches the terminal that could command it; 10 s are enough.
source "$(dirname "$0")/lib.sh"

# Status COMMAND...: its exit status; what it prints is in out.log.
Status() {
  local status=0
  "$@" >"$WORK/out.log" 2>&1 || status=$?
  echo "$status"
}

StartLog
StartEmulator
cp "$WORK/emulator/anchors.pem" "/etc/ssl/certs/$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem").0"
printf '%s\n' "${DEFAULT_COMMAND/ --ca-store \/etc\/eic\/anchors.pem/}" \
  'AuthorizedKeysCommandUser ec2-instance-connect' 'PubkeyAuthentication no' >/etc/ssh/sshd_config
ssh-keygen -A >/dev/null

[ "$(Status ec2-instance-connect doctor)" = 2 ] || Fail "the fault is not found: $(cat "$WORK/out.log")"
grep '^broken pubkey-off: ' "$WORK/out.log" >/dev/null || Fail "the fault is not named"
! grep $'\033' "$WORK/out.log" || Fail "there is colour in a file"
[ "$(Status script --quiet --return --command 'ec2-instance-connect doctor' /dev/null)" = 2 ] ||
  Fail "another status on a terminal"
grep $'\033\\[1;31mbroken' "$WORK/out.log" >/dev/null || Fail "there is no colour on a terminal"
[ "$(Status bash -c 'exec ec2-instance-connect doctor <&- >&- 2>&-')" = 2 ] ||
  Fail "another status where the output is closed"
[ "$(Status bash -c 'exec ec2-instance-connect doctor >/dev/full')" = 4 ] ||
  Fail "nothing is said of output that could not be written"
[ "$(Status ec2-instance-connect doctor --json)" = 2 ] || Fail "another status with --json"
python3 -c 'import json, sys; sys.exit([f["check"] for f in json.load(sys.stdin)["findings"]] != ["pubkey-off"])' \
  <"$WORK/out.log" || Fail "the JSON does not name the fault, or is none"

[ "$(Status ec2-instance-connect doctor --user=)" = 64 ] || Fail "another status for a user without a name"
for name in '-x' 'a b' "a'b" 'a,b' $'a\nb' $'a\033[2Jb' 'a=b' 'CORP\a' '../etc/passwd' 'ä' \
  "$(printf 'x%.0s' {1..300})"; do
  [ "$(Status ec2-instance-connect doctor "--user=$name")" = 2 ] || Fail "another status for the user '$name'"
  ! grep -P '[^\x20-\x7e]' "$WORK/out.log" || Fail "bytes of the name '$name' reach the terminal"
  [ -z "$name" ] || grep -E '^broken user-(name|unknown): ' "$WORK/out.log" >/dev/null ||
    Fail "the user '$name' is not found missing: $(cat "$WORK/out.log")"
done

for i in {1..300}; do printf 'Match User nobody%s\n  X11Forwarding no\n' "$i"; done >>/etc/ssh/sshd_config
Milliseconds Status ec2-instance-connect doctor --user ec2-user >/dev/null
grep '^broken pubkey-off: ' "$WORK/out.log" >/dev/null || Fail "the fault is lost among Match blocks"
[ "$ELAPSED_MS" -le 10000 ] || Fail "300 Match blocks take $ELAPSED_MS ms"
Finish
