#!/usr/bin/env bash
# Goal of this test
# What: one emulator is several instances, in different partitions, each with metadata of its own; and it
#       knows who may push where.
# How: a configuration with a Nitro instance in us-west-2, a Xen one in cn-north-1 and one that is stopped;
#      two callers, of whom one may push to the first instance alone. The agent as on each instance.
# Expected: a key is on the instance that it was pushed to and on no other. AWS's errors for the stopped
#           instance, another region and the caller who may not. A user whom an instance does not have is
#           a success, as with AWS, and noted in the events.
source "$(dirname "$0")/lib.sh"

FIRST=i-0123456789abcdef0
SECOND=i-0123456789abcdef1
STOPPED=i-0123456789abcdef2

# PushTo INSTANCE REGION USER: what came of it is in push.log.
PushTo() {
  eic-emulator push --api "$API" --instance-id "$1" --region "$2" --os-user "$3" \
    --public-key "$WORK/key.pub" >"$WORK/push.log" 2>&1
}

# ExpectError NAME INSTANCE REGION
ExpectError() {
  ! PushTo "$2" "$3" ec2-user || Fail "$1 was expected, and the push was taken"
  grep -q "^$1: " "$WORK/push.log" || Fail "another error than $1"
}

# AgentOn INSTANCE ENDPOINT: what it prints.
AgentOn() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
    eic-authorized-keys --ca-store "$WORK/emulator/anchors.pem" --imds-endpoint "$2" \
    --sysfs-root "$WORK/emulator/sys/$1" --log-to stderr -- ec2-user 2>"$WORK/agent.log"
}

NewKey key
cat >"$WORK/config.json" <<END
{"instances": [
   {"instance_id": "$FIRST", "metadata": ["127.0.0.1:1338"], "users": ["ec2-user"]},
   {"instance_id": "$SECOND", "metadata": ["127.0.0.2:1338"], "presets": ["aws-cn", "xen"]},
   {"instance_id": "$STOPPED", "metadata": ["127.0.0.3:1338"], "state": "stopped"}],
 "credentials": [
   {"access_key_id": "all", "secret_access_key": "s1", "principal": "arn:aws:iam::123456789012:user/alice"},
   {"access_key_id": "one", "secret_access_key": "s2", "instances": ["$FIRST"]}]}
END
: >"$WORK/emulator.log"
eic-emulator serve --dir "$WORK/emulator" --config "$WORK/config.json" --api "${API#http://}" \
  >"$WORK/emulator.log" 2>&1 &
EMULATOR_PID=$!
WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
key_line=$(cut -d ' ' -f 1,2 "$WORK/key.pub")

export AWS_ACCESS_KEY_ID=all AWS_SECRET_ACCESS_KEY=s1
PushTo "$SECOND" cn-north-1 ec2-user || Fail "no push to the second instance"
[ "$(AgentOn "$SECOND" http://127.0.0.2:1338)" = "$key_line" ] || Fail "the second instance has no key"
grep -F 'for IAM principal: arn:aws:iam::123456789012:user/alice' "$WORK/agent.log" >/dev/null ||
  Fail "the caller is not named"
[ -z "$(AgentOn "$FIRST" http://127.0.0.1:1338)" ] || Fail "the first instance has a key of the second"
ExpectError EC2InstanceNotFoundException "$SECOND" us-west-2
ExpectError EC2InstanceStateInvalidException "$STOPPED" us-west-2

export AWS_ACCESS_KEY_ID=one AWS_SECRET_ACCESS_KEY=s2
ExpectError AuthException "$SECOND" cn-north-1
PushTo "$FIRST" us-west-2 nobody-knows || Fail "a push for an unknown user is a success with AWS"
curl --silent --max-time 5 "$API/emulator/events" | grep -F "$FIRST has no user nobody-knows" >/dev/null ||
  Fail "the events do not note the unknown user"
PushTo "$FIRST" us-west-2 ec2-user || Fail "no push to the first instance"
[ "$(AgentOn "$FIRST" http://127.0.0.1:1338)" = "$key_line" ] || Fail "the first instance has no key"
AWS_SECRET_ACCESS_KEY=s1 ExpectError InvalidSignatureException "$FIRST" us-west-2
AWS_ACCESS_KEY_ID=two ExpectError UnrecognizedClientException "$FIRST" us-west-2
Finish
