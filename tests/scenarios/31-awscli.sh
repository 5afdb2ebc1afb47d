#!/usr/bin/env bash
# Goal of this test
# What: a key that the AWS CLI of this distribution sends opens the door, and AWS's errors come back.
# How: `aws ec2-instance-connect send-ssh-public-key` with a signed call, an Ed25519 key and an RSA key
#      in SSH2 text; then the ordinary ssh client. The same with a wrong secret and for an unknown
#      instance.
# Expected: both logins work; InvalidSignatureException and EC2InstanceNotFoundException.
source "$(dirname "$0")/lib.sh"
NeedsProgram aws

# SendKey FILE [OPTION]...
SendKey() {
  local file=$1
  shift
  aws ec2-instance-connect send-ssh-public-key --endpoint-url "$API" \
    --instance-id "$STAGE_INSTANCE_ID" --instance-os-user ec2-user \
    --ssh-public-key "file://$file" "$@" >"$WORK/aws.log" 2>&1
}

StartAll
AwsCredentials
NewKey key
NewKey rsa rsa
ExpectRefused ec2-user key
SendKey "$WORK/key.pub" || Fail "the AWS CLI could not send the key"
ExpectLogin ec2-user key
ssh-keygen -e -m RFC4716 -f "$WORK/rsa.pub" >"$WORK/rsa.ssh2"
SendKey "$WORK/rsa.ssh2" || Fail "the AWS CLI could not send the key in SSH2 text"
ExpectLogin ec2-user rsa
ExpectAccepted rsa

! AWS_SECRET_ACCESS_KEY=wrong SendKey "$WORK/key.pub" || Fail "a wrong secret was taken"
grep -q InvalidSignatureException "$WORK/aws.log" || Fail "a wrong secret has another error"
! SendKey "$WORK/key.pub" --instance-id i-0000000000000000f || Fail "an unknown instance took a key"
grep -q EC2InstanceNotFoundException "$WORK/aws.log" || Fail "an unknown instance has another error"
Finish
