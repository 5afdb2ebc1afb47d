#!/usr/bin/env bash
# Goal of this test
# What: many at once get the right answer in time.
# How: 200 agents at once against one emulator; 500 logins through sshd, 50 at a time, each of which
#      offers six keys of which the last is pushed; a blob of 64 records, and one far over the limits.
# Expected: every run prints the key, none takes more than its 5 s; every login works; the 64 records are
#           read, and of 700 the 128 that the limits allow. It prints the table of doc/faults.md.
EIC_STAGE_SECONDS=400
source "$(dirname "$0")/lib.sh"
BUDGET_MS=5000
AGENTS=200
LOGINS=500
LOGINS_AT_ONCE=50

# Agent NAME FINGERPRINT: one run; its time in ms, and ok where KEY_LINE was printed.
Agent() {
  local start verdict=wrong
  start=$(date +%s%N)
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store /etc/eic/anchors.pem --log-to stderr -- ec2-user "$2" \
    >"$WORK/$1.out" 2>"$WORK/$1.err" || verdict=failed
  [ "$(cat "$WORK/$1.out")" != "$KEY_LINE" ] || verdict=ok
  echo "$((($(date +%s%N) - start) / 1000000)) $verdict"
}

Login() {
  local start verdict=refused options
  start=$(date +%s%N)
  mapfile -t options < <(Identities wrong1 wrong2 wrong3 wrong4 wrong5 key)
  [ "$(Ssh ec2-user "${options[@]}" -o ConnectTimeout=60 2>>"$WORK/ssh.errors")" != ec2-user ] || verdict=ok
  echo "$((($(date +%s%N) - start) / 1000000)) $verdict"
}

# Row WORDS COUNT FILE LIMIT_MS: the row of the table; fails with a wrong verdict or a late one.
Row() {
  local ok worst_ms median_ms
  ok=$(grep -c ' ok$' "$3" || true)
  worst_ms=$(sort -n "$3" | tail -n 1 | cut -d ' ' -f 1)
  median_ms=$(sort -n "$3" | sed -n "$((($2 + 1) / 2))p" | cut -d ' ' -f 1)
  echo "| $1 | $2 | $ok | $median_ms | $worst_ms |"
  [ "$ok" = "$2" ] || Fail "$1: $(($2 - ok)) of $2 had a wrong verdict"
  [ "$worst_ms" -le "$4" ] || Fail "$1: one took $worst_ms ms, allowed are $4"
}

StartLog
StartEmulator --ttl 1000
StartSshd "MaxStartups 200:30:400" "MaxAuthTries 12" "LoginGraceTime 120"
for name in key wrong1 wrong2 wrong3 wrong4 wrong5; do NewKey "$name"; done
FINGERPRINT=$(Fingerprint key)
KEY_LINE=$(cut -d ' ' -f 1,2 "$WORK/key.pub")
Push ec2-user key

echo "| what | how many | right | median ms | longest ms |"
echo "|---|---|---|---|---|"
for ((i = 0; i < AGENTS; i++)); do Agent "agent$i" "$FINGERPRINT" >"$WORK/agent$i.time" & PIDS[i]=$!; done
wait "${PIDS[@]}"
cat "$WORK"/agent*.time >"$WORK/agents.times"
Row "agents at once" "$AGENTS" "$WORK/agents.times" "$BUDGET_MS"

: >"$WORK/logins.times"
for ((i = 0; i < LOGINS; i += LOGINS_AT_ONCE)); do
  PIDS=()
  for ((j = 0; j < LOGINS_AT_ONCE; j++)); do Login >"$WORK/login$j.time" & PIDS[j]=$!; done
  wait "${PIDS[@]}"
  cat "$WORK"/login*.time >>"$WORK/logins.times"
done
# A login runs the agent seven times, and waits for its turn: LoginGraceTime is its budget.
Row "logins, $LOGINS_AT_ONCE at once, six keys each" "$LOGINS" "$WORK/logins.times" 120000

record=$(SignRecord key 2000000000)
{ for ((i = 0; i < 64; i++)); do printf '%s\n\n' "$record"; done; } | Serve ec2-user
Agent many "$FINGERPRINT" >"$WORK/many.time" # Prints the key 64 times.
[ "$(grep -cxF "$KEY_LINE" "$WORK/many.out")" = 64 ] || Fail "64 records did not give 64 lines"
sed -i 's/wrong/ok/' "$WORK/many.time"
Row "a blob of 64 records" 1 "$WORK/many.time" "$BUDGET_MS"
{ for ((i = 0; i < 700; i++)); do printf '%s\n\n' "$record"; done; } | Serve ec2-user
Agent over "$FINGERPRINT" >"$WORK/over.time"
grep -q 'reason=too-many-records' "$WORK/over.err" || Fail "700 records were not too many"
[ "$(grep -cxF "$KEY_LINE" "$WORK/over.out")" = 128 ] || Fail "the records within the limit do not count"
sed -i 's/wrong/ok/' "$WORK/over.time"
Row "a blob of 700 records" 1 "$WORK/over.time" "$BUDGET_MS"
yes "#Far=over the limits" | head -c 900000 | Serve ec2-user
Agent huge "$FINGERPRINT" >"$WORK/huge.time"
grep -q 'reason=imds-response-too-large' "$WORK/huge.err" || Fail "900 kB were not too large"
[ ! -s "$WORK/huge.out" ] || Fail "a blob that is too large gave a key"
sed -i 's/wrong/ok/' "$WORK/huge.time"
Row "a blob of 900 kB" 1 "$WORK/huge.time" "$BUDGET_MS"
Finish
