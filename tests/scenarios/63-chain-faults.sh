#!/usr/bin/env bash
# Goal of this test
# What: what one member does wrong costs nobody else a login, and voids all that this member printed.
# How: beside our agent and a script as root, a third member prints a good key, and then fails, hangs,
#      floods, prints a NUL, a control character, a line too long or one that does not end, is no program,
#      leaves a process behind that keeps its output open. Then all members hang but one; the keeper is
#      ended; 50 logins come at once.
# Expected: the others' keys open the door each time, the bad member's does not; one log line for each run
#      says why; sshd never logs a failure of its command; the whole ends in time; nothing is left running.
EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

StartLog
StartEmulator --ttl 600
for key in pushed roots bad; do NewKey "$key"; done
Push ec2-user pushed
KeyScript as-root roots
AgentMember
Member 20-root /opt/eic/members/as-root root
StartSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root" "MaxStartups 200"
NoneLeft() { ! pgrep -f 'eic-chain|/opt/eic/members/|sleep 60' >/dev/null; }
BAD_LINE="echo '$(cat "$WORK/bad.pub")'"

# Bad REASON SCRIPT [USER...]: a login by each good key, with such a member between them; sshd asks twice
# for each, and once for a key that is refused.
Bad() {
  local reason=$1 user
  echo "Bad: $reason: $2"
  Script bad <<<"$2"
  shift 2
  [ $# != 0 ] || set -- root ubuntu
  for user in "$@"; do
    Member 15-bad /opt/eic/members/bad "$user" "timeout = 1"
    : >"$AUDIT"
    ExpectLogin ec2-user roots
    ExpectLogin ec2-user pushed
    ExpectRefused ec2-user bad
    ExpectVoid 15-bad "$reason" 5
  done
}
Bad 'exit-status detail="1"' "$BAD_LINE; exit 1"
Bad 'exit-status detail="255"' "$BAD_LINE; exit 255"
Bad 'signal detail="9"' "$BAD_LINE; kill -9 \$\$"
Bad nul-byte "$BAD_LINE; printf 'a\\0b\\n'"
Bad control-byte "$BAD_LINE; printf 'a\\033[2Jb\\n'"
Bad control-byte "$BAD_LINE; printf '\\r\\n'"
Bad line-unended "$BAD_LINE; printf 'ssh-ed25519 AAAA'"
Bad line-too-long "$BAD_LINE; head -c 20000 /dev/zero | tr '\\0' x; echo"
Bad too-much "$BAD_LINE; exec yes 'ssh-ed25519 AAAA'"
Bad timeout "$BAD_LINE; sleep 30" root
Bad timeout "$BAD_LINE; trap '' TERM INT HUP; while :; do sleep 1; done" ubuntu
Bad timeout "$BAD_LINE; sleep 60 & exit 0" ubuntu
WaitUntil 5 NoneLeft || Fail "what a member left outlives the chain: $(pgrep -fa 'sleep 60')"

echo "No program:"
rm /opt/eic/members/bad
: >/opt/eic/members/bad
chmod 755 /opt/eic/members/bad
printf '#!/opt/eic/no-such-shell\n' >/opt/eic/members/bad
: >"$AUDIT"
ExpectLogin ec2-user roots
ExpectVoid 15-bad 'not-executed detail="127"' 2

echo "A limit for the whole run: what is complete by then counts."
Script bad <<<"$BAD_LINE; sleep 60"
Member 15-bad /opt/eic/members/bad root "timeout = 60"
Member 16-bad /opt/eic/members/bad ubuntu "timeout = 60"
Milliseconds Chain --timeout 2 -- ec2-user "$(Fingerprint roots)" ssh-ed25519 >"$WORK/printed" 2>"$WORK/chain.log"
diff "$WORK/roots.pub" "$WORK/printed" || Fail "what was complete is not what was printed"
[ "$(grep -c 'reason=timeout' "$WORK/chain.log")" = 2 ] || Fail "not each of the two has its line"
if [ "$ELAPSED_MS" -lt 1900 ] || [ "$ELAPSED_MS" -gt 3500 ]; then Fail "it took $ELAPSED_MS ms"; fi

echo "The keeper is ended from outside, as when LoginGraceTime is over:"
Script bad <<<"$BAD_LINE; exec sleep 60"
for signal in TERM HUP KILL; do
  eic-chain --log-to stderr -- ec2-user "$(Fingerprint roots)" ssh-ed25519 >"$WORK/printed" \
    2>"$WORK/chain.log" &
  keeper=$!
  WaitUntil 5 pgrep -f 'sleep 60' >/dev/null || Fail "the members do not run"
  kill "-$signal" "$keeper"
  ! wait "$keeper" || Fail "the keeper, ended by $signal, reports success"
  [ ! -s "$WORK/printed" ] || Fail "ended by $signal, something was printed"
  WaitUntil 5 NoneLeft ||
    Fail "members outlive a keeper that got $signal: $(pgrep -fa "eic-chain|/opt/eic/members/|sleep 60")"
done
rm "$CHAIN_FOLDER"/1[56]-bad.conf

echo "50 logins at once, beside a member that fails:"
Script bad <<<"$BAD_LINE; exit 3"
Member 15-bad /opt/eic/members/bad ubuntu
mapfile -t options < <(Identities roots)
pids=()
for ((i = 0; i < 50; ++i)); do
  Ssh ec2-user "${options[@]}" -o ConnectTimeout=60 >"$WORK/at-once.$i" 2>"$WORK/at-once.$i.log" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || Fail "one of 50 logins was refused"; done
[ "$(cat "$WORK"/at-once.? "$WORK"/at-once.?? | sort | uniq -c | tr -s ' ')" = " 50 ec2-user" ] ||
  Fail "not all of 50 logins came in as ec2-user"
WaitUntil 5 NoneLeft || Fail "something is left running: $(pgrep -fa 'eic-chain|/opt/eic/members/')"
Finish
