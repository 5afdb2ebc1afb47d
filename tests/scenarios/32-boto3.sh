#!/usr/bin/env bash
# Goal of this test
# What: a key that boto3 of this distribution sends opens the door, and its errors are boto3's classes.
# How: a program of a few lines calls send_ssh_public_key and describe_instances; then the ordinary ssh
#      client.
# Expected: the login works; a key of another type raises InvalidArgsException.
source "$(dirname "$0")/lib.sh"
NeedsProgram python3 boto3

StartAll
AwsCredentials
NewKey key
NewKey ecdsa ecdsa
cat >"$WORK/send.py" <<'PYTHON'
import sys, boto3
endpoint, instance, key_file, other_key_file = sys.argv[1:]
ec2 = boto3.client("ec2", endpoint_url=endpoint)
found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
zone = found["Placement"]["AvailabilityZone"]
connect = boto3.client("ec2-instance-connect", endpoint_url=endpoint)
call = dict(InstanceId=instance, InstanceOSUser="ec2-user", AvailabilityZone=zone)
try:
    connect.send_ssh_public_key(SSHPublicKey=open(other_key_file).read(), **call)
    sys.exit("an ECDSA key was taken")
except connect.exceptions.InvalidArgsException as error:
    print(error)
reply = connect.send_ssh_public_key(SSHPublicKey=open(key_file).read(), **call)
assert reply["Success"] is True, reply
PYTHON
python3 "$WORK/send.py" "$API" "$STAGE_INSTANCE_ID" "$WORK/key.pub" "$WORK/ecdsa.pub" \
  >"$WORK/boto3.log" 2>&1 || Fail "boto3 could not send the key"
grep -q 'InvalidArgsException' "$WORK/boto3.log" || Fail "the refusal does not say its name"
ExpectLogin ec2-user key
ExpectAccepted key
Finish
