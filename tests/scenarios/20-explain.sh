#!/usr/bin/env bash
# Goal of this test
# What: `ec2-instance-connect explain` shows at which step a login is refused, by the agent's own decision.
# How: bring about thirteen refusals, ten of them by what the emulator serves, and explain each as root.
# Expected: the step and the reason of each, every step from 1 to 9 among them; for a key that is accepted,
#      step 10. No key line is ever shown. What reads the answers is confined as the agent is.
source "$(dirname "$0")/lib.sh"

# Explains STEP REASON USER [FINGERPRINT]
Explains() {
  local step=$1 reason=$2 status=0
  shift 2
  ec2-instance-connect explain "$@" >"$WORK/explain.log" 2>&1 || status=$?
  [ "$status" = 1 ] || Fail "explain has status $status for $reason"
  grep -E "^outcome: no key, because of step $step \([a-z ]+\): $reason(: |$)" "$WORK/explain.log" >/dev/null ||
    Fail "explain does not name step $step and $reason"
  NoKeyLine
  STEPS+="$step "
}

NoKeyLine() {
  ! grep -F "$(cut -d ' ' -f 2 "$WORK/key.pub")" "$WORK/explain.log" || Fail "explain shows a key line"
}

# Faults [FAULT]: these and no others from now on.
Faults() {
  Control -X DELETE "$API/emulator/faults"
  [ $# = 0 ] || Control -X POST "$API/emulator/faults?fault=$1"
}

# Confined PID: under seccomp, without new privileges and capabilities, and not root.
Confined() {
  local status
  status=$(cat "/proc/$1/status" 2>/dev/null) || return 1
  grep -qx $'Seccomp:\t2' <<<"$status" && grep -qx $'NoNewPrivs:\t1' <<<"$status" &&
    grep -qx $'CapEff:\t0000000000000000' <<<"$status" && ! grep -q $'^Uid:\t0\t' <<<"$status"
}

# WaitsConfined STATUS COMMAND...: while metadata is silent, a child of COMMAND waits for it, confined.
WaitsConfined() {
  local expected=$1 status=0 parent
  shift
  Faults hang
  "$@" >/dev/null 2>&1 &
  parent=$!
  WaitUntil 5 ConfinedChild "$parent" || Fail "nothing that $* started is confined"
  wait "$parent" || status=$?
  [ "$status" = "$expected" ] || Fail "$* ends with status $status"
}

ConfinedChild() {
  local child
  child=$(pgrep -P "$1") && Confined "$child"
}

StartLog
StartEmulator
NewKey key
NewKey other
printf '%s\n' "$DEFAULT_COMMAND" 'AuthorizedKeysCommandUser ec2-instance-connect' >/etc/ssh/sshd_config
ssh-keygen -A >/dev/null
in_a_minute=$(($(date +%s) + 60))
STEPS=

Explains 1 user-name-never-pushed 'CORP\alice'
Explains 2 user-unknown nobody-here
Explains 4 no-key ec2-user
Push ec2-user key
ec2-instance-connect explain ec2-user "$(Fingerprint key)" >"$WORK/explain.log" 2>&1 ||
  Fail "explain does not accept the pushed key"
grep -xF "outcome: the agent would give sshd the key: $(Fingerprint key)" "$WORK/explain.log" >/dev/null ||
  Fail "explain does not name the accepted key"
NoKeyLine
Explains 5 'no record is for the offered key' ec2-user "$(Fingerprint other)"
SignRecord key "$(($(date +%s) - 5))" | Serve ec2-user
Explains 5 key-expired ec2-user
SignRecord key "$in_a_minute" i-0fedcba9876543210 | Serve ec2-user
Explains 5 instance-mismatch ec2-user
SignRecord key "$in_a_minute" |
  sed "s|^ssh-ed25519 .*|$(cut -d ' ' -f 1,2 "$WORK/other.pub")|" | Serve ec2-user
Explains 9 signature-invalid ec2-user
SignRecord key "$in_a_minute" | Serve ec2-user
Faults 500@/latest/meta-data/managed-ssh-keys/signer-cert
Explains 6 imds-status ec2-user
# Only what is released is confined; instrumented programs could not be.
if ! grep -q __asan_init /opt/eic/bin/ec2-instance-connect; then
  WaitsConfined 1 ec2-instance-connect explain ec2-user
  WaitsConfined 2 ec2-instance-connect doctor
fi
Faults
cp /etc/eic/anchors.pem "$WORK/anchors.pem"
rm /etc/eic/anchors.pem
Explains 7 ca-store-unusable ec2-user
cp "$WORK/anchors.pem" /etc/eic/anchors.pem
StopEmulator
# Its staples live a week.
StartEmulator --clock-offset -864000
SignRecord key "$in_a_minute" | Serve ec2-user
Explains 8 staple-stale ec2-user
StopEmulator
StartEmulator --domain amazonaws.eu
SignRecord key "$in_a_minute" | Serve ec2-user
Explains 7 domain-mismatch ec2-user
StopEmulator
Explains 4 imds-unreachable ec2-user
mv /sys/devices/virtual/dmi/id/board_asset_tag /sys/tag
Explains 3 not-an-instance ec2-user
[ "$(tr ' ' '\n' <<<"$STEPS" | sort -nu | tr -d '\n')" = 123456789 ] || Fail "not every step was refused at: $STEPS"
Finish
