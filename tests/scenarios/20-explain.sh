#!/usr/bin/env bash
# Goal of this test
# What: `ec2-instance-connect explain` shows at which step a login is refused, by the agent's own decision.
# How: bring about ten refusals through the emulator, one after the other, and explain each as root.
# Expected: the step and the reason of each; for a key that is accepted, step 10. No key line is ever shown.
source "$(dirname "$0")/lib.sh"

# Explains STEP REASON USER [FINGERPRINT]
Explains() {
  local step=$1 reason=$2
  shift 2
  ec2-instance-connect explain "$@" >"$WORK/explain.log" 2>&1 &&
    Fail "explain has status 0 for $reason"
  grep -E "^outcome: no key, because of step $step \([a-z ]+\): $reason" "$WORK/explain.log" >/dev/null ||
    Fail "explain does not name step $step and $reason"
  ! grep -F "$(cut -d ' ' -f 2 "$WORK/key.pub")" "$WORK/explain.log" || Fail "explain shows a key line"
}

StartLog
StartEmulator
NewKey key
NewKey other
printf '%s\n' "$DEFAULT_COMMAND" 'AuthorizedKeysCommandUser ec2-instance-connect' >/etc/ssh/sshd_config
ssh-keygen -A >/dev/null
in_a_minute=$(($(date +%s) + 60))

Explains 1 user-name-never-pushed 'CORP\alice'
Explains 2 user-unknown nobody-here
Explains 4 no-key ec2-user
Push ec2-user key
ec2-instance-connect explain ec2-user "$(Fingerprint key)" >"$WORK/explain.log" 2>&1 ||
  Fail "explain does not accept the pushed key"
Explains 5 'no record is of the offered key' ec2-user "$(Fingerprint other)"
SignRecord key "$(($(date +%s) - 5))" | Serve ec2-user
Explains 5 key-expired ec2-user
SignRecord key "$in_a_minute" i-0fedcba9876543210 | Serve ec2-user
Explains 5 instance-mismatch ec2-user
SignRecord key "$in_a_minute" |
  sed "s|^ssh-ed25519 .*|$(cut -d ' ' -f 1,2 "$WORK/other.pub")|" | Serve ec2-user
Explains 9 signature-invalid ec2-user
SignRecord key "$in_a_minute" | Serve ec2-user
cp /etc/eic/anchors.pem "$WORK/anchors.pem"
rm /etc/eic/anchors.pem
Explains 7 ca-store-unusable ec2-user
cp "$WORK/anchors.pem" /etc/eic/anchors.pem
StopEmulator
Explains 4 imds-unreachable ec2-user
mv /sys/devices/virtual/dmi/id/board_asset_tag /sys/tag
Explains 3 not-an-instance ec2-user
Finish
