# shellcheck shell=bash
# The verbs of the scenarios of the chain, on top of lib.sh.

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

# ExpectVoid MEMBER REASON: exactly one log line for each time that sshd asked, all the same.
ExpectVoid() {
  WaitUntil 5 HasVoid "$1" "$2" || Fail "no log line says that member $1 is void for $2"
}
HasVoid() { ChainLines | grep -F "nothing of member \"$1\" counts: reason=$2" >/dev/null; }
