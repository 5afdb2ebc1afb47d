#!/usr/bin/env bash
# Goal of this test: whichever process is killed, and whenever, nothing that opens anything is left, and
# the next login works.
# shellcheck disable=SC2119
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

StartSshd

HasKeeper() { [ -n "$(KeeperPid)" ]; }
ProxyPid() { pgrep -u "$(id -u)" -f "^$EIC_TEST_PROXY " || true; }
HasNoProxy() { [ -z "$(ProxyPid)" ]; }
HasPush() { grep -q SendSSHPublicKey "$EIC_TEST_LOG"; }

# Begin: a login whose calls to AWS take a second each, up to where it has its key.
Begin() {
  : >"$EIC_TEST_LOG"
  EIC_TEST_PAUSE_MS=1000 ssh -F "$WORK/ssh_config" "$HOST_ID" echo hello \
    >"$WORK/output" 2>>"$WORK/ssh.log" </dev/null &
  SSH_PID=$!
  WaitUntil 20 HasKeeper || Fail "no keeper"
}

# The keeper, while its key is being pushed: another key is made and pushed.
Begin
WaitUntil 20 HasPush || Fail "no push"
kill -9 "$(KeeperPid)"
wait "$SSH_PID" || Fail "no login after the keeper was killed"
Expect hello cat "$WORK/output"
Expect 2 grep -c SendSSHPublicKey "$EIC_TEST_LOG"
ExpectNothingLeft

# The keeper, by a signal that it can answer.
Begin
kill "$(KeeperPid)"
wait "$SSH_PID" || Fail "no login after the keeper was ended"
ExpectNothingLeft

# ssh: its proxy ends, and the key with it.
Begin
kill -9 "$SSH_PID"
wait "$SSH_PID" || true
WaitUntil 10 HasNoProxy || Fail "the proxy outlives ssh"
ExpectNothingLeft

# The proxy: ssh ends, and the key with it.
Begin
kill -9 "$(ProxyPid)"
ExpectStatus 255 wait "$SSH_PID"
ExpectNothingLeft

# All of them, and the names that are left open nothing.
Begin
kill -9 "$(KeeperPid)" "$(ProxyPid)" "$SSH_PID"
wait "$SSH_PID" || true
[ -S "$EIC_HOME/agent.sock" ] || Fail "nothing is left: the test shows nothing"
SSH_AUTH_SOCK=$EIC_HOME/agent.sock ExpectStatus 2 ssh-add -l >/dev/null 2>&1
touch "$EIC_HOME/agent.sock.new" "$EIC_HOME/control.sock.new"
Expect hello Ssh "$HOST_ID" echo hello
ExpectNothingLeft

# At moments that chance chooses.
for round in 1 2 3 4 5 6 7 8 9 10; do
  EIC_TEST_PAUSE_MS=30 ssh -F "$WORK/ssh_config" "$HOST_ID" echo hello \
    >/dev/null 2>>"$WORK/ssh.log" </dev/null &
  SSH_PID=$!
  sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
  case $((round % 3)) in
    0) victims=$SSH_PID ;;
    1) victims=$(KeeperPid) ;;
    2) victims=$(ProxyPid) ;;
  esac
  for victim in $victims; do kill -9 "$victim" 2>/dev/null || true; done
  wait "$SSH_PID" || true
  Expect hello Ssh "$HOST_ID" echo hello
  ExpectNothingLeft
done
Finish
