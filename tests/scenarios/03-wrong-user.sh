#!/usr/bin/env bash
# Goal of this test
# What: a key that was pushed for one user opens no other user's door.
# How: push a key for ec2-user, and offer it as svc@corp.example.
# Expected: refused, and nothing is logged, because metadata has no key for that user. As ec2-user the
#           same key is accepted.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey key
Push ec2-user key
ExpectRefused svc@corp.example key
ExpectNoAudit
ExpectLogin ec2-user key
Finish
