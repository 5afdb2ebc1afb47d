#!/usr/bin/env bash
# Goal of this test
# What: the emulator's memory is flat.
# How: first as many requests as fill its bounded stores; then a thousand pushes and ten thousand metadata
#      reads, and its resident memory before and after.
# Expected: all are answered with 200, and the memory grows by less than 2 MiB. The build with sanitizers,
#           which keeps what was freed, is held to the answers alone.
EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"
GROWTH_KIB_MAX=2048

RssKib() { awk '/^VmRSS:/ { print $2 }' "/proc/$EMULATOR_PID/status"; }

# All200 FILE COUNT: what curl wrote are COUNT times 200.
All200() {
  local count
  count=$(grep -c '^200$' "$1" || true)
  [ "$count" = "$2" ] || Fail "$count of $2 requests were answered with 200"
}

# Pushes COUNT: spread over as many users as it takes to stay below what one user may have.
Pushes() {
  local i
  for ((i = 0; i < $1; i++)); do
    [ "$i" = 0 ] || echo next
    printf '%s\n' "url = \"$API/\"" "header = \"Content-Type: application/x-amz-json-1.1\"" \
      "header = \"X-Amz-Target: AWSEC2InstanceConnectService.SendSSHPublicKey\"" \
      "data = \"{\\\"InstanceId\\\":\\\"$STAGE_INSTANCE_ID\\\",\\\"InstanceOSUser\\\":\\\"user$((i % 200))\\\",\\\"SSHPublicKey\\\":\\\"$KEY\\\"}\"" \
      "output = /dev/null" "write-out = \"%{http_code}\\n\"" silent
  done >"$WORK/pushes.config"
  curl --config "$WORK/pushes.config" >"$WORK/pushes.out" || Fail "curl could not push"
  All200 "$WORK/pushes.out" "$1"
}

# Reads COUNT: of a short value.
Reads() {
  local token
  token=$(curl --silent --fail -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 600' \
    http://169.254.169.254/latest/api/token)
  curl --silent --output /dev/null --write-out '%{http_code}\n' -H "X-aws-ec2-metadata-token: $token" \
    "http://169.254.169.254/latest/meta-data/managed-ssh-keys/signer-cert?[1-$1]" >"$WORK/reads.out" ||
    Fail "curl could not read"
  All200 "$WORK/reads.out" "$1"
}

StartEmulator --no-signature-check --ttl 2
NewKey key
KEY=$(cat "$WORK/key.pub")
Pushes 500
Reads 3000
before_kib=$(RssKib)
Pushes 1000
Reads 10000
after_kib=$(RssKib)
echo "resident memory: $before_kib KiB, after 1000 pushes and 10000 reads $after_kib KiB"
if ! ldd /opt/eic/bin/eic-emulator | grep libasan >/dev/null; then
  [ $((after_kib - before_kib)) -lt "$GROWTH_KIB_MAX" ] || Fail "the emulator's memory grows"
fi
Finish
