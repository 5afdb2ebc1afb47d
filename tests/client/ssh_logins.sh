#!/usr/bin/env bash
# Goal of this test: whatever people run over ssh works with the keeper and the proxy, and once the login
# is made no process of ours is left.
# shellcheck disable=SC1010,SC2119
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

StartSshd

# A shell command, its output and its status.
Expect hello Ssh "$HOST_ID" echo hello
ExpectStatus 7 Ssh "$HOST_ID" exit 7
ExpectNothingLeft

# While a session runs there is no process of ours.
StartSession "$HOST_ID"
ExpectNothingLeft
EndSession

# The relay in the place of ProxyUseFdpass.
FDPASS=no WriteConfig
Expect hello Ssh "$HOST_ID" echo hello
head -c 3000000 /dev/urandom >"$WORK/large"
Expect "$(sha256sum <"$WORK/large")" Ssh "$HOST_ID" sha256sum <"$WORK/large"
Expect "$(sha256sum <"$WORK/large")" sha256sum < <(Ssh "$HOST_ID" cat "$WORK/large")
WriteConfig

# Copies.
scp -q -F "$WORK/ssh_config" "$WORK/large" "$HOST_ID:$WORK/copy" 2>>"$WORK/ssh.log"
cmp "$WORK/large" "$WORK/copy" || Fail "scp"
scp -q -O -F "$WORK/ssh_config" "$HOST_ID:$WORK/large" "$WORK/copy-o" 2>>"$WORK/ssh.log"
cmp "$WORK/large" "$WORK/copy-o" || Fail "scp -O"
echo "get $WORK/large $WORK/copy-sftp" |
  sftp -q -F "$WORK/ssh_config" -b - "$HOST_ID" >/dev/null 2>>"$WORK/ssh.log"
cmp "$WORK/large" "$WORK/copy-sftp" || Fail "sftp"

# RSA.
: >"$EIC_TEST_KEYS"
EIC_TEST_KEY_TYPE=rsa Expect hello Ssh "$HOST_ID" echo hello
grep -q '^ssh-rsa ' "$EIC_TEST_KEYS" || Fail "no RSA key was pushed"

# One master, three sessions: one push.
: >"$EIC_TEST_LOG"
master=(-o ControlMaster=auto -o ControlPath="$WORK/mux" -o ControlPersist=30)
Expect one Ssh "${master[@]}" "$HOST_ID" echo one
Expect two Ssh "${master[@]}" "$HOST_ID" echo two
Expect three Ssh "${master[@]}" "$HOST_ID" echo three
Expect 1 grep -c SendSSHPublicKey "$EIC_TEST_LOG"
ExpectNothingLeft
Ssh "${master[@]}" -O exit "$HOST_ID"

# $(...) ends with the command: nothing of ours holds the output open.
Expect done timeout 20 bash -c "x=\$(ssh -F '$WORK/ssh_config' $HOST_ID true 2>&1); echo done"

# In the background.
Ssh -f "$HOST_ID" "sleep 1; touch '$WORK/from-background'"
WaitUntil 10 test -e "$WORK/from-background" || Fail "ssh -f"

ExpectNothingLeft
Finish
