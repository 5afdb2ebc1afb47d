#!/usr/bin/env bash
# Goal of this test: the one-time key goes before the keys of the person's own agent, a forwarded
# connection gets to that agent and never to the keeper's key, and the keeper stays as long as a
# forwarding ssh, wherever that went.
# shellcheck disable=SC2016
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

StartSshd "MaxAuthTries 3" "AllowAgentForwarding yes"

# A person's agent with five keys, none of which opens anything here.
eval "$(ssh-agent -s -a "$WORK/own-agent.sock")" >/dev/null
AGENT_PID=$SSH_AGENT_PID
for number in 1 2 3 4 5; do
  ssh-keygen -q -t ed25519 -N '' -C "own-$number" -f "$WORK/own-$number"
  ssh-add -q "$WORK/own-$number"
done
own=$(ssh-add -L | sort)

Expect hello Ssh "$HOST_ID" echo hello
# As many people have it for all hosts.
WriteConfig "Host *" "  ServerAliveInterval 30"
Expect hello Ssh "$HOST_ID" echo hello
ExpectNothingLeft

# Without -A nothing is forwarded.
Expect none Ssh "$HOST_ID" 'echo "${SSH_AUTH_SOCK:-none}"'

# With -A the host sees the five keys, and not the one-time key.
Expect "$own" Ssh -A "$HOST_ID" 'ssh-add -L | sort'
ExpectNothingLeft

# It also signs by them: from the host on to the next one.
cat "$WORK/own-3.pub" >>"$EIC_TEST_KEYS"
Expect there Ssh -A "$HOST_ID" \
  "ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p $PORT $USER_NAME@127.0.0.1 echo there"
ExpectNothingLeft

# The keeper stays while ssh does, and several at once may ask.
Expect "$own"$'\n'"$own" Ssh -A "$HOST_ID" 'ssh-add -L | sort; sleep 1; ssh-add -L | sort'
Expect 20 Ssh -A "$HOST_ID" '(for i in 1 2 3 4; do ssh-add -L & done; wait) | wc -l'
ExpectNothingLeft

# ssh that went to the background is another process with the same session.
Ssh -A -f "$HOST_ID" "sleep 2; ssh-add -L | sort >'$WORK/seen'; mv '$WORK/seen' '$WORK/seen-by-f'"
WaitUntil 10 test -e "$WORK/seen-by-f" || Fail "ssh -A -f did not run"
Expect "$own" cat "$WORK/seen-by-f"
ExpectNothingLeft

# So is a master that ControlPersist left behind, and it serves later sessions.
master=(-A -o ControlMaster=auto -o ControlPath="$WORK/mux" -o ControlPersist=30)
Expect "$own" Ssh "${master[@]}" "$HOST_ID" 'ssh-add -L | sort'
sleep 1
Expect "$own" Ssh "${master[@]}" "$HOST_ID" 'ssh-add -L | sort'
[ -n "$(KeeperPid)" ] || Fail "the keeper has left a forwarding master"
Ssh "${master[@]}" -O exit "$HOST_ID"
ExpectNothingLeft

# An agent of the person's that is the keeper's own socket is none.
SSH_AUTH_SOCK=$EIC_HOME/agent.sock ExpectStatus 0 Ssh -A "$HOST_ID" true
ExpectNothingLeft

# Another process of this user that is not the ssh of a login gets nothing.
StartSession -A "$HOST_ID"
SSH_AUTH_SOCK=$EIC_HOME/agent.sock ssh-add -L >"$WORK/stranger" 2>&1 && Fail "a stranger was served"
! grep -q '^ssh-' "$WORK/stranger" || Fail "a stranger saw a key"
EndSession
ExpectNothingLeft
Finish
