# shellcheck shell=bash
# The verbs of the scenarios of the chain, on top of lib.sh.
#
# Some of what is set here only the scenarios read:
# shellcheck disable=SC2034

CHAIN_FOLDER=/etc/ec2-instance-connect/chain.d
CHAIN_COMMAND="AuthorizedKeysCommand /opt/eic/bin/eic-chain -- %u %f %t"

# Member NAME COMMAND USER [LINE...]: one file of the chain.
Member() {
  local name=$1 command=$2 user=$3
  shift 3
  mkdir -p "$CHAIN_FOLDER"
  printf '%s\n' "command = $command" "user = $user" "$@" >"$CHAIN_FOLDER/$name.conf"
}

# Script NAME: what stands on stdin becomes a program that sshd would accept; its path is in SCRIPT.
Script() {
  SCRIPT=/opt/eic/members/$1
  mkdir -p /opt/eic/members
  { echo '#!/bin/sh' && cat; } >"$SCRIPT"
  chmod 755 "$SCRIPT"
}

# KeyScript NAME KEY [OPTIONS]: a program that prints one key for every user.
KeyScript() { Script "$1" <<<"echo '${3:+$3 }$(cat "$WORK/$2.pub")'"; }

# AgentMember: ours, confined.
AgentMember() {
  Member 10-ec2-instance-connect \
    "/opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem -- %u %f %t" ec2-instance-connect \
    "confine = yes"
}

# Chain [OPTION...] -- VALUE...: the chain by hand, in as little as sshd gives it, as whoever calls.
Chain() { env -i PATH="$PATH" /opt/eic/bin/eic-chain --log-to stderr "$@"; }

# ChainLines: what the chain logged.
ChainLines() { grep -F ' ec2-instance-connect[' "$AUDIT" | grep -F ']: eic-chain: ' || true; }

# ExpectVoid MEMBER REASON RUNS: so many log lines say that nothing of MEMBER counts, and there is no
# other line of the chain.
ExpectVoid() {
  WaitUntil 5 HasVoids "$@" ||
    Fail "member $1 should be void for $2 in $3 lines of the log: $(ChainLines)"
  [ "$(ChainLines | wc -l)" = "$3" ] || Fail "there are other lines of the chain: $(ChainLines)"
}
HasVoids() {
  [ "$(ChainLines | grep -cF "nothing of member \"$1\" counts: reason=$2" || true)" = "$3" ]
}
HasVoid() { ChainLines | grep -F "nothing of member \"$1\" counts: reason=$2" >/dev/null; }
