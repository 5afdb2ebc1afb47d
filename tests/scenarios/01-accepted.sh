#!/usr/bin/env bash
# Goal of this test
# What: a key that was pushed through the API opens the door, for each type that the service takes.
# How: push an Ed25519 key and an RSA key for ec2-user, and log in with each.
# Expected: both logins work, and each left the audit line of an accepted key.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey ed25519-key
NewKey rsa-key rsa
for name in ed25519-key rsa-key; do
  Push ec2-user "$name"
  ExpectLogin ec2-user "$name"
  ExpectAccepted "$name"
done
Finish
