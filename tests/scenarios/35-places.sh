#!/usr/bin/env bash
# Goal of this test
# What: the agent opens the door in every partition and zone that the emulator knows, on Xen, and with
#       chains and staples of other shapes; and the emulator's clock, throttle and rotation do what they say.
# How: the emulator with each preset in turn; a push for the region that its metadata names; the agent.
# Expected: the key that was pushed; where a setting is meant to hurt, the reason that fits.
EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"
META=http://169.254.169.254/latest

# Metadata PATH [CURL OPTION]...
Metadata() {
  local path=$1 token
  shift
  token=$(curl --silent --fail --max-time 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$META/api/token")
  curl --silent --max-time 5 -H "X-aws-ec2-metadata-token: $token" "$@" "$META/$path"
}

# Serving OPTION...: an emulator with these options takes the place of the one before.
Serving() {
  [ -z "$EMULATOR_PID" ] || StopEmulator
  StartEmulator "$@"
}

PushHere() {
  eic-emulator push --api "$API" --region "$1" --os-user ec2-user --public-key "$WORK/key.pub" \
    >"$WORK/push.log" 2>&1 || Fail "no push in region $1"
}

# Verdict: what the agent makes of it: `key`, or the reasons of its refusals.
Verdict() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store /etc/eic/anchors.pem --log-to stderr \
    --sysfs-root "$WORK/emulator/sys/$STAGE_INSTANCE_ID" -- ec2-user "$FINGERPRINT" ssh-ed25519 \
    >"$WORK/keys.out" 2>"$WORK/agent.log" || Fail "the agent ended with status $?"
  if [ "$(cat "$WORK/keys.out")" = "$KEY_LINE" ]; then
    echo key
  else
    sed -nE 's/.* reason=([a-z-]+) .*/\1/p' "$WORK/agent.log" | sort -u
  fi
}

# Expect VERDICT WHAT
Expect() {
  local verdict
  verdict=$(Verdict)
  [ "$verdict" = "$1" ] || Fail "$2: $verdict instead of $1"
}

# ExpectKeyWith REGION OPTION...: an emulator with these options is in REGION, and its keys count.
ExpectKeyWith() {
  local region=$1
  shift
  Serving "$@"
  [ "$(Metadata meta-data/placement/region)" = "$region" ] || Fail "$*: another region than $region"
  PushHere "$region"
  Expect key "$*"
}

NewKey key
FINGERPRINT=$(Fingerprint key)
KEY_LINE=$(cut -d ' ' -f 1,2 "$WORK/key.pub")

while read -r region preset; do
  ExpectKeyWith "$region" --preset "$preset"
done <<'END'
us-west-2 aws
us-gov-west-1 aws-us-gov
cn-north-1 aws-cn
us-iso-east-1 aws-iso
us-isob-east-1 aws-iso-b
eu-isoe-west-1 aws-iso-e
us-isof-south-1 aws-iso-f
eusc-de-east-1 aws-eusc
us-west-2 local-zone
us-east-1 wavelength-zone
END

# Xen has no DMI tag: the agent asks metadata which instance it is.
ExpectKeyWith us-west-2 --preset xen
curl --silent --max-time 5 "$API/emulator/events" | grep -F '"/latest/meta-data/instance-id"' >/dev/null ||
  Fail "on Xen, the agent did not ask which instance it is"
ExpectKeyWith us-west-2 --preset sha256-staples
Metadata meta-data/managed-ssh-keys/signer-ocsp/ | grep -E '^[0-9A-F]{64}$' >/dev/null || Fail "the names are not SHA-256"
ExpectKeyWith us-west-2 --preset cross-signed
[ "$(Metadata meta-data/managed-ssh-keys/signer-cert | grep -c BEGIN)" = 4 ] || Fail "the chain is not a cross-signed one"

# The chain rotates under the agent's feet. Keys that were pushed before stay good.
ExpectKeyWith us-west-2 --rotate 2
: >"$WORK/signers"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
  Metadata meta-data/managed-ssh-keys/signer-cert | sha256sum >>"$WORK/signers"
  Expect key "a chain that rotates"
  sleep 0.4
done
[ "$(sort -u "$WORK/signers" | wc -l)" -ge 3 ] || Fail "the chain did not rotate"

# Clock: within what staples allow; behind, so that the key has ended; ahead, so that staples are of the future.
ExpectKeyWith us-west-2 --clock-offset 120
Serving --clock-offset -120
PushHere us-west-2
Expect key-expired "a clock that is behind"
Serving --clock-offset 7200
PushHere us-west-2
Expect staple-from-future "a clock that is ahead"

ExpectKeyWith us-west-2 --throttle 1000
Serving --throttle 2
PushHere us-west-2
Expect imds-throttled "a throttle"

# Every resource, by GET and by HEAD, with and without the last slash.
Serving
PushHere us-west-2
staple=$(Metadata meta-data/managed-ssh-keys/signer-ocsp | head -n 1)
for path in meta-data/instance-id meta-data/placement/region meta-data/placement/availability-zone \
  meta-data/services/domain meta-data/managed-ssh-keys/active-keys/ec2-user \
  meta-data/managed-ssh-keys/signer-cert meta-data/managed-ssh-keys/signer-ocsp \
  "meta-data/managed-ssh-keys/signer-ocsp/$staple" dynamic/instance-identity/document; do
  Metadata "$path" >"$WORK/body"
  [ -s "$WORK/body" ] || Fail "nothing at $path"
  Metadata "$path/" | cmp - "$WORK/body" || Fail "another answer with a slash at $path"
  length=$(Metadata "$path" --head | tr -d '\r' | sed -n 's/^Content-Length: //p')
  [ "$length" = "$(wc -c <"$WORK/body")" ] || Fail "HEAD of $path has the length '$length'"
  Metadata "$path/" --head | grep '^HTTP/1.1 200' >/dev/null || Fail "no HEAD with a slash at $path"
done
Finish
