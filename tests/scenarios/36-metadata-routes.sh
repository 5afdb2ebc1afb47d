#!/usr/bin/env bash
# Goal of this test
# What: the emulator's metadata on IPv6, and its hop limit, meet the agent as on an instance.
# How: first metadata on fd00:ec2::254 alone, while IPv4 has no route. Then metadata behind a router, as
#      a container's way to it is: three network namespaces, the one between them forwards.
# Expected: the agent finds the IPv6 address by itself. An answer to the PUT that may make one hop
#           does not reach the container, so the agent there runs into its time-out; one of two hops does.
source "$(dirname "$0")/lib.sh"

# ServeAt ADDRESS HOPS COMMAND...: an emulator in the place that COMMAND enters.
ServeAt() {
  local address=$1 hops=$2
  shift 2
  [ -e "$WORK/emulator/anchors.pem" ] || eic-emulator init --dir "$WORK/emulator" >"$WORK/init.log"
  install -D -m 644 "$WORK/emulator/anchors.pem" /etc/eic/anchors.pem
  cat >"$WORK/config.json" <<END
{"instances": [{"instance_id": "$STAGE_INSTANCE_ID", "metadata": ["$address"], "hop_limit": $hops}]}
END
  : >"$WORK/emulator.log"
  "$@" eic-emulator serve --dir "$WORK/emulator" --config "$WORK/config.json" --allow-non-loopback \
    --api "${API#http://}" >"$WORK/emulator.log" 2>&1 &
  EMULATOR_PID=$!
  WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
  "$@" eic-emulator push --api "$API" --os-user ec2-user --public-key "$WORK/key.pub" >"$WORK/push.log" 2>&1 ||
    Fail "no push"
}

# Verdict [COMMAND...]: what the agent in that place makes of it: `key`, or the reason of its refusal.
Verdict() {
  "$@" setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store /etc/eic/anchors.pem --log-to stderr -- ec2-user \
    "$(Fingerprint key)" ssh-ed25519 >"$WORK/keys.out" 2>"$WORK/agent.log" || Fail "the agent ended with status $?"
  if [ "$(cat "$WORK/keys.out")" = "$(cut -d ' ' -f 1,2 "$WORK/key.pub")" ]; then
    echo key
  else
    sed -nE 's/.* reason=([a-z-]+) .*/\1/p' "$WORK/agent.log" | sort -u
  fi
}

# Expect VERDICT WHAT [COMMAND...]
Expect() {
  local expected=$1 what=$2 verdict
  shift 2
  verdict=$(Verdict "$@")
  [ "$verdict" = "$expected" ] || Fail "$what: $verdict instead of $expected"
}

NewKey key
ip address del 169.254.169.254/32 dev lo
ip -6 address add fd00:ec2::254/128 dev lo nodad
ServeAt '[fd00:ec2::254]:80' 1 env
Expect key "metadata over IPv6 alone"
StopEmulator
ip -6 address del fd00:ec2::254/128 dev lo
Expect imds-unreachable "no metadata at all"

# Link NAMESPACE ADDRESS ROUTER: a wire from there to here.
Link() {
  ip netns add "$1"
  ip link add "to-$1" type veth peer name uplink netns "$1"
  ip address add "$3/24" dev "to-$1"
  ip link set "to-$1" up
  ip -n "$1" address add "$2/24" dev uplink
  ip -n "$1" link set lo up
  ip -n "$1" link set uplink up
  ip -n "$1" route add default via "$3"
}
Link service 10.9.1.1 10.9.1.2
Link container 10.9.2.1 10.9.2.2
ip -n service address add 169.254.169.254/32 dev lo
ip route add 169.254.169.254/32 via 10.9.1.1
echo 1 >/proc/sys/net/ipv4/ip_forward

ServeAt 169.254.169.254:80 1 nsenter --net=/run/netns/service
Expect key "one hop, on the instance"
Expect imds-timeout "one hop, in a container" nsenter --net=/run/netns/container
StopEmulator
ServeAt 169.254.169.254:80 2 nsenter --net=/run/netns/service
Expect key "two hops, in a container" nsenter --net=/run/netns/container
Finish
