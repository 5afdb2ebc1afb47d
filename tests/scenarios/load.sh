#!/usr/bin/env bash
# Goal of this test
# What: many at once get the right answer in time, and a blob at or over the limits does too.
# How: 200 agents at once against one emulator; 500 logins through sshd, 50 at a time, each of which
#      offers six keys of which the last is pushed; 20 agents at once for a blob of 64 records, for one
#      far over the limit of records, and for one far over the limit of bytes. sshd itself refuses
#      none: its MaxStartups is above all that arrive. With a DIVISOR, as many of each as that leaves.
# Expected: the right verdict every time, a live key that is refused for want of time being a wrong one;
#           no agent over its 5 s, the program's start included, no login over those of its six keys. The
#           metadata service drops no connection. It prints the table of doc/faults.md.
EIC_STAGE_SECONDS=900
DIVISOR=${1:-1}
source "$(dirname "$0")/lib.sh"
BUDGET_MS=5000
LOGIN_BUDGET_MS=$((6 * BUDGET_MS))
AGENTS=$((200 / DIVISOR))
LOGINS=$((50 / DIVISOR))
READERS=$((20 / DIVISOR))
TROUBLE=()
LOG_LINES=50 # of each, where it fails: the table is not to be out of sight

# VerdictOf NAME: how many times a run printed the pushed key, and the reasons that it logged: `1`,
# `0 imds-timeout`, `128 too-many-records`; `foreign` where it printed anything else.
VerdictOf() {
  local keys reasons
  keys=$(grep -cxF "$KEY_LINE" "$WORK/$1.out" || true)
  reasons=$(sed -nE 's/.* reason=([a-z-]+) .*/\1/p' "$WORK/$1.err" | sort -u | paste -sd ' ')
  [ "$(wc -l <"$WORK/$1.out")" = "$keys" ] || keys=foreign
  echo "$keys${reasons:+ $reasons}"
}

# Agent NAME: one run as sshd starts it; its time in ms and its verdict.
Agent() {
  local start ms status=0
  start=$(date +%s%N)
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store /etc/eic/anchors.pem --log-to stderr -- ec2-user "$FINGERPRINT" \
    >"$WORK/$1.out" 2>"$WORK/$1.err" || status=$?
  ms=$((($(date +%s%N) - start) / 1000000))
  [ "$status" = 0 ] || echo " reason=status-$status " >>"$WORK/$1.err"
  echo "$ms $(VerdictOf "$1")"
}

# ReasonLogged USER: why the agent refused a key of USER in this burst. Before it has read a record it
# knows no fingerprint: so each of those who log in at once has a name.
ReasonLogged() {
  WaitUntil 5 grep -qF "user=\"$1\"" "$AUDIT" || echo unexplained
  grep -F "user=\"$1\"" "$AUDIT" | sed -nE 's/.* reason=([a-z-]+) .*/\1/p' | sort -u | paste -sd ' '
}

# Login NAME: one login; its time in ms, and `1`, or `0` and the agent's reason where no key was taken.
Login() {
  local start ms verdict options answer user=login${1#run}
  start=$(date +%s%N)
  mapfile -t options < <(Identities wrong1 wrong2 wrong3 wrong4 wrong5 key)
  answer=$(Ssh "$user" "${options[@]}" -o ConnectTimeout=100 2>"$WORK/$1.err") || true
  ms=$((($(date +%s%N) - start) / 1000000))
  case $answer-$(cat "$WORK/$1.err") in
    "$user"-*) verdict=1 ;;
    -*'Permission denied (publickey)'*) verdict="0 $(ReasonLogged "$user")" ;;
    *) verdict="foreign $(tail -n 1 "$WORK/$1.err")" ;;
  esac
  echo "$ms $verdict"
}

# AtOnce COUNT COMMAND: COMMAND NAME so many times at once; what each says goes to all.times.
AtOnce() {
  local i pids=()
  for ((i = 0; i < $1; i++)); do "$2" "run$i" >"$WORK/run$i.time" & pids[i]=$!; done
  wait "${pids[@]}"
  for ((i = 0; i < $1; i++)); do cat "$WORK/run$i.time"; done >>"$WORK/all.times"
}

# DroppedConnections: how many connections no listener of this network had room for, so far.
DroppedConnections() {
  awk '/^TcpExt:/ && !names { names = $0; next }
       /^TcpExt:/ { split(names, name); for (i = 2; i <= NF; i++) if (name[i] == "ListenDrops") print $i }' \
    /proc/net/netstat
}

# Row WORDS COUNT RIGHT LIMIT_MS: the row of what all.times holds: so many runs, of which RIGHT is the right
# verdict. A run that left no line is a wrong one.
Row() {
  local right late dropped median_ms longest_ms
  right=$(grep -cxE "[0-9]+ $3" "$WORK/all.times" || true)
  late=$(awk -v limit_ms="$4" '$1 > limit_ms { n++ } END { print n + 0 }' "$WORK/all.times")
  dropped=$(($(DroppedConnections) - DROPPED_BEFORE))
  median_ms=$(sort -n "$WORK/all.times" | sed -n "$((($2 + 1) / 2))p" | cut -d ' ' -f 1)
  longest_ms=$(sort -n "$WORK/all.times" | tail -n 1 | cut -d ' ' -f 1)
  echo "| $1 | $2 | $right | $(($2 - right)) | $late | $dropped | $median_ms | $longest_ms |"
  [ "$right-$late-$dropped" = "$2-0-0" ] || TROUBLE+=("$1")
  cut -d ' ' -f 2- "$WORK/all.times" | { grep -vxE "$3" || true; } | sort | uniq -c |
    sed "s/^/$1: /" >>"$WORK/wrong.txt"
  : >"$WORK/all.times"
  DROPPED_BEFORE=$((DROPPED_BEFORE + dropped))
}

# Records COUNT: a blob of so many, all genuine and for the same key.
Records() {
  local i record
  record=$(SignRecord key 2000000000)
  for ((i = 0; i < $1; i++)); do printf '%s\n\n' "$record"; done
}

StartLog
StartEmulator --ttl 1000
StartSshd "MaxStartups 200" "MaxAuthTries 12"
for name in key wrong1 wrong2 wrong3 wrong4 wrong5; do NewKey "$name"; done
FINGERPRINT=$(Fingerprint key)
KEY_LINE=$(cut -d ' ' -f 1,2 "$WORK/key.pub")
Push ec2-user key
: >"$WORK/all.times"
: >"$WORK/wrong.txt"
DROPPED_BEFORE=$(DroppedConnections)

echo "$(nproc) cores, $(uname -s) $(uname -r | cut -d - -f 1); load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
echo
echo "| what | how many | right | wrong | late | connections dropped | median ms | longest ms |"
echo "|---|---|---|---|---|---|---|---|"
AtOnce "$AGENTS" Agent
Row "agents, $AGENTS at once" "$AGENTS" 1 "$BUDGET_MS"

for ((i = 0; i < LOGINS; i++)); do
  STAGE_ROOT='' StageAddUser "login$i" $((59000 + i)) /bin/sh
  Push "login$i" key
done
for ((burst = 0; burst < 10; burst++)); do
  : >"$AUDIT"
  AtOnce "$LOGINS" Login
done
Row "logins, $LOGINS at once, six keys each" "$((10 * LOGINS))" 1 "$LOGIN_BUDGET_MS"

Records 64 | Serve ec2-user
AtOnce "$READERS" Agent
Row "a blob of 64 records, $READERS agents at once" "$READERS" 64 "$BUDGET_MS"
Records 700 | Serve ec2-user
AtOnce "$READERS" Agent
Row "a blob of 700 records, $READERS agents at once" "$READERS" "128 too-many-records" "$BUDGET_MS"
head -c 900000 < <(yes "#Far=over the limits") | Serve ec2-user
AtOnce "$READERS" Agent
Row "a blob of 900 kB, $READERS agents at once" "$READERS" "0 imds-response-too-large" "$BUDGET_MS"

echo
cat "$WORK/wrong.txt"
[ ${#TROUBLE[@]} = 0 ] || Fail "wrong, late, or connections dropped: ${TROUBLE[*]}"
echo "None wrong, none late."
Finish
