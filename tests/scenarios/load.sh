#!/usr/bin/env bash
# Goal of this test
# What: many at once get the right answer in time, and a blob at or over the limits does too.
# How: 200 agents at once against one emulator; 500 logins through sshd, 50 at a time, each of which
#      offers six keys of which the last is pushed; 20 agents at once for a blob of 64 records, for one
#      far over the limit of records, and for one far over the limit of bytes. sshd itself refuses
#      none: its MaxStartups is above all that arrive, its LoginGraceTime above all that they take.
# Expected: no wrong verdict, and no run over its 5 s. Those begin when the program runs: what this
#           machine takes to start as many, which do nothing, is the first row and is allowed as well.
#           On a machine that cannot keep up the agent refuses for want of time. That is no wrong
#           verdict and no success either: it is counted by its reason, and said at the end. A login
#           that is refused has to be explained by the agent's line in the log. It prints the table
#           of doc/faults.md.
EIC_STAGE_SECONDS=900
source "$(dirname "$0")/lib.sh"
LOGIN_LIMIT_MS=120000
WANT_OF_TIME='0( (imds-timeout|time-budget-spent|run-overran))+'
REFUSED=0
TROUBLE=()

# VerdictOf NAME: how many times a run printed the pushed key, and the reasons that it logged: `1`,
# `0 imds-timeout`, `128 too-many-records`; `foreign` where it printed anything else.
VerdictOf() {
  local keys reasons
  keys=$(grep -cxF "$KEY_LINE" "$WORK/$1.out" || true)
  reasons=$(sed -nE 's/.* reason=([a-z-]+) .*/\1/p' "$WORK/$1.err" | sort -u | paste -sd ' ')
  [ "$(wc -l <"$WORK/$1.out")" = "$keys" ] || keys=foreign
  echo "$keys${reasons:+ $reasons}"
}

# Program NAME ARG...: one run of the program; its time in ms.
Program() {
  local start name=$1 status=0
  shift
  start=$(date +%s%N)
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" || status=$?
  printf '%s ' "$((($(date +%s%N) - start) / 1000000))"
  [ "$status" = 0 ] || echo " reason=status-$status " >>"$WORK/$name.err"
}

# Agent NAME: one run as sshd starts it; its time in ms and its verdict.
Agent() {
  Program "$1" --ca-store /etc/eic/anchors.pem --log-to stderr -- ec2-user "$FINGERPRINT"
  VerdictOf "$1"
}

# Start NAME: one start of the program, which has nothing to do.
Start() {
  Program "$1" --version
  wc -l <"$WORK/$1.out"
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

# Tally WORDS REGEX [-v]: how often each verdict that matches (-v: does not) stands in all.times. A verdict
# is the number of keys, and reasons.
Tally() {
  cut -d ' ' -f 2- "$WORK/all.times" | { grep -xE ${3+"$3"} "$2" || true; } | sort | uniq -c |
    sed -E "s/^ *([0-9]+) (.*)/$1: \1 times \`\2\`/"
}

# Row WORDS RIGHT LIMIT_MS: the row of what all.times holds, of which RIGHT is the right verdict.
# LONGEST_MS is its longest time.
Row() {
  local total right slow late median_ms
  total=$(wc -l <"$WORK/all.times")
  right=$(grep -cxE "[0-9]+ $2" "$WORK/all.times" || true)
  slow=$(grep -cxE "[0-9]+ $WANT_OF_TIME" "$WORK/all.times" || true)
  late=$(awk -v limit_ms="$3" '$1 > limit_ms { n++ } END { print n + 0 }' "$WORK/all.times")
  median_ms=$(sort -n "$WORK/all.times" | sed -n "$(((total + 1) / 2))p" | cut -d ' ' -f 1)
  LONGEST_MS=$(sort -n "$WORK/all.times" | tail -n 1 | cut -d ' ' -f 1)
  echo "| $1 | $total | $right | $slow | $((total - right - slow)) | $late | $median_ms | $LONGEST_MS |"
  REFUSED=$((REFUSED + slow))
  [ "$total-$late" = "$((right + slow))-0" ] || TROUBLE+=("$1")
  Tally "Refused for want of time, $1" "$WANT_OF_TIME" >>"$WORK/verdicts.txt"
  Tally "WRONG, $1" "$2|$WANT_OF_TIME" -v >>"$WORK/verdicts.txt"
  : >"$WORK/all.times"
}

# Records COUNT: a blob of so many, all genuine and for the same key.
Records() {
  local i record
  record=$(SignRecord key 2000000000)
  for ((i = 0; i < $1; i++)); do printf '%s\n\n' "$record"; done
}

StartLog
StartEmulator --ttl 1000
StartSshd "MaxStartups 1000" "MaxAuthTries 12" "LoginGraceTime 600"
for name in key wrong1 wrong2 wrong3 wrong4 wrong5; do NewKey "$name"; done
FINGERPRINT=$(Fingerprint key)
KEY_LINE=$(cut -d ' ' -f 1,2 "$WORK/key.pub")
Push ec2-user key
: >"$WORK/all.times"
: >"$WORK/verdicts.txt"

echo "$(nproc) cores, $(uname -sr); load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
echo
echo "| what | how many | right | refused for want of time | wrong | late | median ms | longest ms |"
echo "|---|---|---|---|---|---|---|---|"
AtOnce 200 Start
Row "starts alone, 200 at once" 1 600000
BUDGET_MS=$((5000 + LONGEST_MS))
AtOnce 200 Agent
Row "agents, 200 at once" 1 "$BUDGET_MS"

for ((i = 0; i < 50; i++)); do
  STAGE_ROOT='' StageAddUser "login$i" $((59000 + i)) /bin/sh
  Push "login$i" key
done
for ((burst = 0; burst < 10; burst++)); do
  : >"$AUDIT"
  AtOnce 50 Login
done
Row "logins, 50 at once, six keys each" 1 "$LOGIN_LIMIT_MS"

Records 64 | Serve ec2-user
AtOnce 20 Agent
Row "a blob of 64 records, 20 agents at once" 64 "$BUDGET_MS"
Records 700 | Serve ec2-user
AtOnce 20 Agent
Row "a blob of 700 records, 20 agents at once" "128 too-many-records" "$BUDGET_MS"
head -c 900000 < <(yes "#Far=over the limits") | Serve ec2-user
AtOnce 20 Agent
Row "a blob of 900 kB, 20 agents at once" "0 imds-response-too-large" "$BUDGET_MS"

echo
cat "$WORK/verdicts.txt"
[ ${#TROUBLE[@]} = 0 ] || Fail "wrong or late: ${TROUBLE[*]}"
if [ "$REFUSED" = 0 ]; then
  echo "None wrong, none late, none refused."
else
  echo "None wrong, none late; but $REFUSED were refused for want of time: the machine did not keep up."
fi
Finish
