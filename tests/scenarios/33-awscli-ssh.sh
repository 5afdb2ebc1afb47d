#!/usr/bin/env bash
# Goal of this test
# What: `aws ec2-instance-connect ssh` of a newer AWS CLI, Debian 13's, finds the instance, pushes a key
#       that it makes for this one login, and logs in.
# How: in a tree of Debian 13, as an ordinary user, with AWS's two environment variables that name
#      endpoints and nothing else; against this machine's sshd. Then for an instance that does not exist,
#      and with a wrong secret.
# Expected: the first login works, as ec2-user, and the audit line has the pushed key. The others end
#           before ssh starts, with the error's name.
repository=$(cd "$(dirname "$0")/../.." && pwd)
# The key file beside the tree is written when the tree is complete.
[ ! -e "$repository/build/trees/trixie-clients.key" ] || EIC_TREE=$repository/build/trees/trixie-clients
source "$(dirname "$0")/lib.sh"
NeedsTree aws
TREE=/opt/eic/tree
CLIENT_HOME=$TREE/home/client

# AwsSsh INSTANCE_ID: what stands on stdin is typed in the session.
AwsSsh() {
  chroot --userspec=client "$TREE" env HOME=/home/client \
    AWS_ENDPOINT_URL_EC2="$API" AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT="$API" \
    timeout 40 aws ec2-instance-connect ssh --connection-type direct --instance-id "$1" 2>"$WORK/aws.log"
}

# ExpectError NAME INSTANCE_ID
ExpectError() {
  ! AwsSsh "$2" </dev/null || Fail "$1 was expected, and there was a login"
  grep -q "($1)" "$WORK/aws.log" || Fail "another error than $1"
}

StartAll
AwsCredentials
install -d -m 700 -o 58004 -g 58004 "$CLIENT_HOME/.ssh"
cp "$WORK/known_hosts" "$CLIENT_HOME/.ssh/known_hosts"
printf '%s\n' "BatchMode yes" "StrictHostKeyChecking yes" "ConnectTimeout 5" >"$CLIENT_HOME/.ssh/config"

answer=$(AwsSsh "$STAGE_INSTANCE_ID" <<<'id -un') || Fail "aws ec2-instance-connect ssh did not log in"
[ "$answer" = ec2-user ] || Fail "logged in as '$answer'"
ExpectAudit "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:[^ ,]+, request-id: [^ ,]+, \
for IAM principal: arn:aws:iam::123456789012:user/emulator sshd=[0-9]+$"

ExpectError InvalidInstanceID.NotFound i-0000000000000000f
AWS_SECRET_ACCESS_KEY=wrong ExpectError AuthFailure "$STAGE_INSTANCE_ID"
Finish
