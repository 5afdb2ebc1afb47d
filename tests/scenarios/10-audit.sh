#!/usr/bin/env bash
# Goal of this test
# What: operators find every decision in the authentication log, with the priority that sends it there.
# How: read the datagrams that arrive on /dev/log for an accepted key, for a record signed for another
#      instance, and for a record whose key was changed after it was signed.
# Expected: <86> (authpriv.info) with the sentence that log rules know; <84> (authpriv.warning) with the
#           reason, the user, the request and the principal. No line has a control character.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey good
NewKey forged
in_a_minute=$(($(date +%s) + 60))

SignRecord good "$in_a_minute" | Serve ec2-user
ExpectLogin ec2-user good
ExpectAudit "^<86>[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} ec2-instance-connect\[[0-9]+\]: Providing ssh key \
from EC2 Instance Connect with fingerprint: $(Escaped "$(Fingerprint good)"), \
request-id: 1234abcd-12ab-34cd-56ef-1234567890ab, \
for IAM principal: arn:aws:iam::123456789012:user/alice sshd=[0-9]+$"

SignRecord good "$in_a_minute" i-0fedcba9876543210 | Serve ec2-user
ExpectRefused ec2-user good
ExpectRejection instance-mismatch good

SignRecord good "$in_a_minute" |
  sed "s|^ssh-ed25519 .*|$(cut -d ' ' -f 1,2 "$WORK/forged.pub")|" | Serve ec2-user
ExpectRefused ec2-user forged
ExpectRejection signature-invalid forged
ExpectAudit '^<84>.* reason=signature-invalid user="?ec2-user"? .*1234abcd-12ab-34cd-56ef-1234567890ab.*:user/alice'
! LC_ALL=C grep -q '[^ -~]' "$AUDIT" || Fail "an audit line has bytes that are not printable"
Finish
