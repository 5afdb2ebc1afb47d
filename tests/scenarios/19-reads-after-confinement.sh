#!/usr/bin/env bash
# Goal of this test
# What: before the agent has confined itself it reads nothing from the network, although the connection
#      is begun before, and so over IPv6.
# How: trace its system calls while it asks for a user without a key: over IPv4, and where IPv4 has no
#      route and IPv6 is taken.
# Expected: the connect comes before the filter of system calls, no call reads from or writes to a
#           socket of TCP before it, and what is asked of metadata comes behind it.
source "$(dirname "$0")/lib.sh"

# Trace NAME: the calls of one run, in $WORK/NAME.trace.
Trace() {
  strace -f -qq -o "$WORK/$1.trace" \
    -e trace=socket,connect,seccomp,landlock_restrict_self,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg \
    setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups env -i \
    /opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem -- ec2-user \
    SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA || Fail "the agent ended with status $?"
}

# CheckOrder NAME FAMILY: of the sockets of FAMILY in that trace.
CheckOrder() {
  awk -v family="$2" '
    { sub(/^[0-9]+ +/, "") }
    $0 ~ "^socket\\(" family ", SOCK_STREAM" { ours[$NF] = 1; next }
    /^seccomp\(/ { confined = 1; next }
    /^landlock_restrict_self\(/ && confined { print "Landlock behind seccomp: " $0; bad = 1 }
    /^[a-z]+\([0-9]+,/ {
      call = $0; sub(/\(.*/, "", call)
      fd = $0; sub(/^[a-z]+\(/, "", fd); sub(/,.*/, "", fd)
      if (!(fd in ours)) next
      if (call == "connect") { if (!confined) begun = 1; next }
      if (!confined) { print "before the confinement: " $0; bad = 1 }
      if (call ~ /^re/) heard++
      if (call ~ /^(write|send)/) said++
    }
    END {
      if (!confined) { print "not confined"; bad = 1 }
      if (heard < 2 || said < 2) { print "it did not ask twice"; bad = 1 }
      print family ": begun " (begun ? "before" : "after") " the confinement, " said " sent, " heard " read"
      exit bad
    }' "$WORK/$1.trace" || Fail "the order of the calls over $2"
}

NeedsProgram strace
StartLog
StartEmulator
Trace v4
CheckOrder v4 AF_INET | tee "$WORK/v4.order"
grep -q 'begun before' "$WORK/v4.order" || Fail "the connection was not begun beforehand"
StopEmulator

ip address del 169.254.169.254/32 dev lo
ip -6 address add fd00:ec2::254/128 dev lo nodad
eic-emulator serve --dir "$WORK/emulator" --metadata '[fd00:ec2::254]:80' --allow-non-loopback \
  --api "${API#http://}" --instance-id "$STAGE_INSTANCE_ID" >"$WORK/emulator.log" 2>&1 &
EMULATOR_PID=$!
WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
Trace v6
CheckOrder v6 AF_INET6
Finish
