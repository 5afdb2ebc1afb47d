#!/usr/bin/env bash
# Goal of this test
# What: whatever the metadata service does, the agent says the right thing, soon, and in little memory.
# How: each fault of the emulator by name, in six ways: on every request, on the first one, on the first
#      one of each path, on the blob's path alone, there only once, and only once on the list of staples.
#      Then a service that refuses, has no route, is a black hole; and a log that is full, missing, restarted.
#      A genuine key is live all the time.
# Expected: the verdict of the table below; each run within its 5 s, one with a silent service within
#           1.2 s, with two tries to connect to each address; as released, less than 32 MiB. What passes
#           and is retried gives the key: a lost connection, 429, 500, 503; and 401 once a token was had.
#           It prints the table of doc/faults.md.
EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"

BUDGET_MS=5000
SILENT_MS=1200
PEAK_KIB_MAX=$((32 * 1024))
BLOB=/latest/meta-data/managed-ssh-keys/active-keys/ec2-user
STAPLES=/latest/meta-data/managed-ssh-keys/signer-ocsp

# The sanitizers need memory of their own; that build is held to verdict and time.
MEASURE=()
if ! ldd /opt/eic/bin/eic-authorized-keys | grep libasan >/dev/null; then
  MEASURE=(time --quiet --output "$WORK/peak.log" --format %M)
  install -m 666 /dev/null "$WORK/peak.log"
fi
WORST_MS=0
WORST_KIB=0
ROWS=0

# Agent LOG_TO
Agent() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    "${MEASURE[@]}" eic-authorized-keys --ca-store /etc/eic/anchors.pem --log-to "$1" -- ec2-user \
    "$FINGERPRINT" ssh-ed25519 >"$WORK/keys.out" 2>"$WORK/agent.err" || Fail "the agent ended with status $?"
}

# Verdict: `key`, the reason of the refusal, or `no-key`, which is not logged.
Verdict() {
  local reason
  if [ -s "$WORK/keys.out" ]; then
    [ "$(cat "$WORK/keys.out")" = "$KEY_LINE" ] || Fail "that is not the key that was pushed"
    echo key
    return
  fi
  reason=$(sed -nE 's/.* reason=([a-z-]+) .*/\1/p' "$WORK/agent.err" | sort -u)
  echo "${reason:-no-key}"
}

# Timed LIMIT LOG_TO: one run, and whether it was in time: LIMIT is ms, or `silent`, which is 1.2 s and what
# this machine takes just now to start the program, twice.
Timed() {
  LIMIT_MS=$1
  if [ "$1" = silent ]; then
    Milliseconds eic-authorized-keys --version >/dev/null
    LIMIT_MS=$((SILENT_MS + 2 * ELAPSED_MS))
  fi
  Milliseconds Agent "$2"
  [ "$ELAPSED_MS" -le "$LIMIT_MS" ]
}

# Row WORDS WAY VERDICT LIMIT [LOG_TO]: one run, its row of the table, and what must hold of it. One that
# took too long, as on a busy machine, has two more tries, each after AGAIN.
AGAIN=true
Row() {
  local verdict peak_kib=- tries=1
  until Timed "$4" "${5:-stderr}" || [ "$tries" = 3 ]; do
    $AGAIN
    tries=$((tries + 1))
  done
  verdict=$(Verdict)
  [ ${#MEASURE[@]} = 0 ] || peak_kib=$(tail -n 1 "$WORK/peak.log")
  echo "| $1 | $2 | \`$verdict\` | $ELAPSED_MS | $peak_kib |"
  [ "$verdict" = "$3" ] || Fail "$1, $2: the verdict is $verdict instead of $3"
  [ "$ELAPSED_MS" -le "$LIMIT_MS" ] || Fail "$1, $2: it took $ELAPSED_MS ms, allowed are $LIMIT_MS"
  ROWS=$((ROWS + 1))
  [ "$ELAPSED_MS" -le "$WORST_MS" ] || WORST_MS=$ELAPSED_MS
  [ "$peak_kib" != - ] || return 0
  [ "$peak_kib" -lt "$PEAK_KIB_MAX" ] || Fail "$1, $2: it needed $peak_kib KiB"
  [ "$peak_kib" -le "$WORST_KIB" ] || WORST_KIB=$peak_kib
}

SetFault() {
  Control -X DELETE "$API/emulator/faults"
  Control -X POST "$API/emulator/faults?fault=$1"
}

# WithFault FAULT WORDS WAY VERDICT LIMIT: sets it anew, so that a fault that passed strikes again.
WithFault() {
  AGAIN="SetFault $1"
  $AGAIN
  Row "$2" "$3" "$4" "$5"
  curl --silent --max-time 5 "$API/emulator/events" | grep -F "\"fault\":\"$1\"" >/dev/null ||
    Fail "the fault $1 did not strike"
  AGAIN=true
}

# Fault NAME ALWAYS ONCE EACH_ONCE BLOB BLOB_ONCE LIST_ONCE: the verdicts of the six ways.
Fault() {
  local limit=$BUDGET_MS
  case $1 in hang | slow-drip) limit=silent ;; esac
  WithFault "$1" "$1" "always" "$2" "$limit"
  WithFault "$1:once" "$1" "once" "$3" "$limit"
  WithFault "$1:each-once" "$1" "once on each path" "$4" "$limit"
  WithFault "$1@$BLOB" "$1" "on the blob's path" "$5" "$limit"
  WithFault "$1:once@$BLOB" "$1" "once on the blob's path" "$6" "$limit"
  WithFault "$1:once@$STAPLES" "$1" "once on the list of staples" "$7" "$limit"
}

# ConnectsMade: of all programs in this network, so far.
ConnectsMade() { awk '/^Tcp:/ { if (++lines == 2) print $6 }' /proc/net/snmp; }

# SilentRow WORDS LEAST MOST: a row of a service that is silent, and how often it was connected to. A try that
# a busy machine leaves no time for is not made.
SilentRow() {
  local made
  AGAIN=CountAnew
  CountAnew
  Row "connection" "$1" imds-timeout silent
  AGAIN=true
  made=$(($(ConnectsMade) - CONNECTS_BEFORE))
  if [ "$made" -lt "$2" ] || [ "$made" -gt "$3" ]; then
    Fail "$1: $made tries to connect, not $2 to $3"
  fi
}
CountAnew() { CONNECTS_BEFORE=$(ConnectsMade); }

StartLog
StartEmulator --ttl 600
NewKey key
FINGERPRINT=$(Fingerprint key)
KEY_LINE=$(cut -d ' ' -f 1,2 "$WORK/key.pub")
Push ec2-user key

echo "| fault | way | verdict | ms | peak KiB |"
echo "|---|---|---|---|---|"
Row "none" "" key "$BUDGET_MS"
#     fault          always                  once (the token)        once on each path       the blob's              once the blob's         once the list of staples
Fault hang           imds-timeout            imds-timeout            imds-timeout            imds-timeout            imds-timeout            imds-timeout
Fault slow-drip      imds-timeout            imds-timeout            imds-timeout            imds-timeout            imds-timeout            imds-timeout
Fault huge           imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large
Fault header-flood   imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large
Fault endless-chunks imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large imds-response-too-large
Fault transfer-coding imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed
Fault garbage        imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed imds-response-malformed
Fault redirect       imds-status             imds-status             imds-status             imds-status             imds-status             imds-status
Fault truncate       imds-connection-lost    key                     key                     imds-connection-lost    key                     key
Fault reset          imds-connection-lost    key                     key                     imds-connection-lost    key                     key
Fault 401            imds-token-refused      imds-token-refused      imds-token-refused      imds-token-refused      key                     key
Fault 403            imds-forbidden          imds-forbidden          imds-forbidden          imds-forbidden          imds-forbidden          imds-forbidden
Fault 404            imds-status             imds-status             imds-status             no-key                  no-key                  imds-status
Fault 429            imds-throttled          key                     key                     imds-throttled          key                     key
Fault 500            imds-status             key                     key                     imds-status             key                     key
Fault 503            imds-throttled          key                     key                     imds-throttled          key                     key

# The log. The run is lengthened where something is to happen in it: each request once refused and tried
# again after 100 ms.
Control -X DELETE "$API/emulator/faults"
kill -STOP "$CATCHER_PID"
while timeout 0.2 logger --socket /dev/log fill; do :; done
Row "log" "full" key "$BUDGET_MS" syslog
kill -KILL "$CATCHER_PID"
wait "$CATCHER_PID" 2>/dev/null || true
rm /dev/log
Row "log" "missing" key "$BUDGET_MS" syslog
StartLog
Control -X POST "$API/emulator/faults?fault=503:each-once"
# HasBegun: the run's first request was refused, so that it lasts another 300 ms.
Strikes() { curl --silent --max-time 5 "$API/emulator/events" | grep -oF '"fault":"503:each-once"' | wc -l; }
STRIKES_BEFORE=$(Strikes)
HasBegun() { [ "$(Strikes)" -gt "$STRIKES_BEFORE" ]; }
(
  WaitUntil 5 HasBegun
  kill -KILL "$CATCHER_PID"
  rm /dev/log
  touch "$WORK/restarted"
  exec eic-log-catcher /dev/log "$AUDIT"
) &
disown
Row "log" "restarted in the run" key "$BUDGET_MS" syslog
[ -e "$WORK/restarted" ] || Fail "the run was over before the log was restarted"
wait "$CATCHER_PID" 2>/dev/null || true
Control -X DELETE "$API/emulator/faults"

# The way there. What is sent to a veth whose other end nobody reads is gone.
StopEmulator
Row "connection" "refused" imds-unreachable silent
ip address del 169.254.169.254/32 dev lo
Row "connection" "no route" imds-unreachable silent
ip route add blackhole 169.254.169.254/32
Row "connection" "blackhole route" imds-unreachable silent
ip route del blackhole 169.254.169.254/32
ip link add hole0 type veth peer name hole1
ip link set hole0 up
ip link set hole1 up
ip neighbour add 169.254.169.254 lladdr 02:00:00:00:00:01 nud permanent dev hole0
ip address add 169.254.1.1/32 dev hole0
ip route add 169.254.169.254/32 dev hole0
SilentRow "packets dropped on IPv4" 2 2
ip -6 address add fd00:ec2::1/128 dev hole0 nodad
ip neighbour add fd00:ec2::254 lladdr 02:00:00:00:00:01 nud permanent dev hole0
ip -6 route add fd00:ec2::254/128 dev hole0
SilentRow "packets dropped on IPv4 and IPv6" 3 4

echo
echo "$ROWS runs, all with the right verdict; the longest took $WORST_MS ms; the most memory was $WORST_KIB KiB"
Finish
