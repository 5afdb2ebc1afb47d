#!/usr/bin/env bash
# Goal of this test
# What: the metadata service is asked for no more than is needed. It throttles, and every login asks.
# How: run the agent as its own user, and count what the emulator was asked: for a user without a key,
#      for one with a key, for names that no key can be pushed for, and away from EC2.
# Expected: 2 requests; 6 and one for each staple; none; none. It needs no second process, and as it is
#      released less than 24 MiB.
source "$(dirname "$0")/lib.sh"

# As released, the agent runs where its user may have one process beside `time`, and is measured. The
# sanitizers need a second one, and much memory.
MEASURE=()
if ! ldd /opt/eic/bin/eic-authorized-keys | grep libasan >/dev/null; then
  MEASURE=(time --append --output "$WORK/peak.log" --format %M prlimit --nproc=2)
  install -m 666 /dev/null "$WORK/peak.log"
fi

# Agent USER FINGERPRINT [KEYTYPE]
Agent() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    "${MEASURE[@]}" eic-authorized-keys --ca-store /etc/eic/anchors.pem -- "$@" >"$WORK/keys.log" ||
    Fail "the agent ended with status $?"
}

# Requests [PATH]: how many there were so far, of those whose path holds PATH.
Requests() {
  curl --silent --show-error --fail --max-time 5 "$API/emulator/events" |
    grep -oE '"kind":"metadata"[^}]*' | grep -cF -- "${1-}" || true
}

# ExpectRequests COUNT WORDS AGENT_ARGUMENT...
ExpectRequests() {
  local count=$1 words=$2 before made
  shift 2
  before=$(Requests)
  Agent "$@"
  made=$(($(Requests) - before))
  [ "$made" = "$count" ] || Fail "$words: $made requests instead of $count"
  echo "$words: $made requests"
}

StartLog
StartEmulator
NewKey key
fingerprint=$(Fingerprint key)
ExpectRequests 2 "no key" ec2-user "$fingerprint" ssh-ed25519
Push ec2-user key
ExpectRequests 2 "another fingerprint" ec2-user SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
# The emulator's signer has one issuer between itself and the anchor.
ExpectRequests $((6 + 2)) "accepted" ec2-user "$fingerprint" ssh-ed25519
[ "$(cat "$WORK/keys.log")" = "$(cut -d ' ' -f 1,2 "$WORK/key.pub")" ] || Fail "no key was printed"
[ "$(Requests signer-ocsp/)" = 3 ] || Fail "the staples were not asked for, each once"

# sshd would not run it for such a user, and the agent does not ask NSS again.
ExpectRequests 2 "no such user" nobody-of-that-name "$fingerprint"
for user in .. 'CORP\alice' a/b ''; do
  ExpectRequests 0 "user '$user'" "$user" "$fingerprint"
done
ExpectRequests 0 "a certificate" ec2-user "$fingerprint" ssh-ed25519-cert-v01@openssh.com
if [ ${#MEASURE[@]} != 0 ]; then
  peak_kib=$(sort -n "$WORK/peak.log" | tail -n 1)
  [ "$peak_kib" -lt $((24 * 1024)) ] || Fail "a run needed $peak_kib KiB"
  echo "peak memory: $peak_kib KiB"
fi
rm /sys/devices/virtual/dmi/id/board_asset_tag
ExpectRequests 0 "not EC2" ec2-user "$fingerprint"
Finish
