#!/usr/bin/env bash
# Goal of this test: where a login cannot be, the person is told why, or finds it in last-failure; the key
# signs nothing for a host that is not the known one; and nothing is left behind.
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

# ExpectTold WORDS: ssh's standard error has them, and last-failure as well.
ExpectTold() {
  grep -qF -- "$1" "$WORK/ssh.log" || Fail "ssh's standard error does not have: $1"
  ExpectRecorded "$1"
}
ExpectRecorded() {
  grep -qF -- "$1" "$EIC_HOME/last-failure" || Fail "last-failure does not have: $1"
  Expect 600 stat -c %a "$EIC_HOME/last-failure"
  rm "$EIC_HOME/last-failure"
  : >"$WORK/ssh.log"
}

ssh-keygen -q -t rsa -b 2048 -N '' -f "$WORK/rsa_host_key"
ssh-keygen -q -t ecdsa -b 384 -N '' -f "$WORK/ecdsa_host_key"
StartSshd "HostKey $WORK/rsa_host_key" "HostKey $WORK/ecdsa_host_key"

# What AWS says.
EIC_TEST_STATE=stopped ExpectStatus 255 Ssh "$HOST_ID" true
ExpectTold "eic: NotRunning: the instance $HOST_ID is stopped"
EIC_TEST_REFUSES=SendSSHPublicKey ExpectStatus 255 Ssh "$HOST_ID" true
ExpectTold "eic: UnauthorizedOperation: You are not authorized to perform this operation: SendSSHPublicKey"
EIC_TEST_REFUSES=DescribeInstances ExpectStatus 255 Ssh "$HOST_ID" true
ExpectTold "eic: UnauthorizedOperation: You are not authorized to perform this operation: DescribeInstances"
EIC_TEST_ADDRESS='' ExpectStatus 255 Ssh "$HOST_ID" true
ExpectTold "eic: NoAddress"
ExpectNothingLeft

# Nobody listens there; nobody is told under ControlPersist, but by the file.
EIC_TEST_ADDRESS=127.0.0.2 ExpectStatus 255 Ssh "$HOST_ID" true
ExpectTold "127.0.0.2: Connection refused"
EIC_TEST_STATE=stopped ExpectStatus 255 Ssh -o ControlPath="$WORK/mux" -o ControlMaster=auto \
  -o ControlPersist=30 "$HOST_ID" true
! grep -q NotRunning "$WORK/ssh.log" || Fail "this ssh leaves standard error open: the test shows nothing"
ExpectRecorded "eic: NotRunning"
ExpectNothingLeft

# ssh's limit is ours.
EIC_TEST_PAUSE_MS=60000 ExpectStatus 255 timeout 30 \
  ssh -F "$WORK/ssh_config" -o ConnectTimeout=2 "$HOST_ID" true 2>>"$WORK/ssh.log"
ExpectTold "eic: ConnectTimeout: ssh's ConnectTimeout passed"
ExpectNothingLeft

# The first login remembers; then a person who may not describe gets there all the same.
Expect hello Ssh "$HOST_ID" echo hello
EIC_TEST_REFUSES=DescribeInstances Expect hello Ssh "$HOST_ID" echo hello
# The instance has moved: the remembered address is no longer its own.
echo "$USER_NAME 127.0.0.3 us-east-1a" >"$EIC_TEST_MEMORY"
Expect hello Ssh "$HOST_ID" echo hello
Expect "$USER_NAME 127.0.0.1 us-east-1a" cat "$EIC_TEST_MEMORY"

# Each type of host key.
for type in rsa-sha2-512 rsa-sha2-256 ecdsa-sha2-nistp384 ssh-ed25519; do
  rm -f "$EIC_HOME/known_hosts"
  Expect "$type" Ssh -o HostKeyAlgorithms="$type" "$HOST_ID" echo "$type"
done
# Hashed names.
rm -f "$EIC_HOME/known_hosts"
Expect hashed Ssh -o HashKnownHosts=yes "$HOST_ID" echo hashed
grep -q '^|1|' "$EIC_HOME/known_hosts" || Fail "names are not hashed"
Expect hashed Ssh "$HOST_ID" echo hashed

# Another key than the known one: ssh itself refuses.
mv "$WORK/host_key.pub" "$WORK/host_key.pub.was"
ssh-keygen -q -t ed25519 -N '' -f "$WORK/other_key"
echo "[$HOST_ID]:$PORT $(cut -d ' ' -f 1,2 "$WORK/other_key.pub")" >"$EIC_HOME/known_hosts"
ExpectStatus 255 Ssh -o HostKeyAlgorithms=ssh-ed25519 "$HOST_ID" true
grep -q 'HOST IDENTIFICATION HAS CHANGED' "$WORK/ssh.log" || Fail "ssh took a changed host key"
# An ssh that was told not to look gets no signature.
blind=(-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no)
ExpectStatus 255 Ssh "${blind[@]}" "$HOST_ID" true
ExpectRecorded "eic: NotSigned: the one-time key signed nothing: the host's key is not one that is known for it"
echo "@revoked * $(cut -d ' ' -f 1,2 "$WORK/host_key.pub.was")" >"$EIC_HOME/known_hosts"
ExpectStatus 255 Ssh "${blind[@]}" -o HostKeyAlgorithms=ssh-ed25519 "$HOST_ID" true
ExpectRecorded "is marked as revoked"
ExpectNothingLeft

# A certified host key: ssh decides by its authority.
ssh-keygen -q -t ed25519 -N '' -f "$WORK/authority"
mv "$WORK/host_key.pub.was" "$WORK/host_key.pub"
ssh-keygen -q -s "$WORK/authority" -I host -h -n "$HOST_ID" "$WORK/host_key.pub"
kill "$SSHD_PID"
wait "$SSHD_PID" || true
StartSshd "HostCertificate $WORK/host_key-cert.pub"
echo "@cert-authority * $(cat "$WORK/authority.pub")" >"$EIC_HOME/known_hosts"
Expect certified Ssh -o StrictHostKeyChecking=yes "$HOST_ID" echo certified
ExpectNothingLeft
Finish
