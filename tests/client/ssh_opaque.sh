#!/usr/bin/env bash
# Goal of this test: no process of the same user can look into the keeper while it holds a key.
# shellcheck disable=SC2016,SC2119
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

StartSshd
EIC_TEST_PAUSE_MS=3000 ssh -F "$WORK/ssh_config" "$HOST_ID" true </dev/null 2>>"$WORK/ssh.log" &
ssh_pid=$!
HasKeeper() { [ -n "$(KeeperPid)" ]; }
WaitUntil 10 HasKeeper || Fail "no keeper"
keeper=$(KeeperPid)
for file in mem maps environ fd/0; do
  ! head -c 1 "/proc/$keeper/$file" >/dev/null 2>&1 || Fail "/proc/PID/$file of the keeper can be read"
done
! strace -p "$keeper" -o /dev/null 2>"$WORK/attach" || Fail "the keeper can be traced"
grep -q 'Operation not permitted' "$WORK/attach" || Fail "strace says: $(cat "$WORK/attach")"
Expect "0" awk '/^Max core file size/ { print $5 }' "/proc/$keeper/limits"
wait "$ssh_pid"
ExpectNothingLeft
Finish
