#!/usr/bin/env bash
# Goal of this test
# What: user names of directory services, which contain an @, are served like any other.
# How: push a key for svc@corp.example and log in under that name.
# Expected: accepted. As ec2-user the same key is refused.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey key
Push svc@corp.example key
ExpectLogin svc@corp.example key
ExpectAccepted key
ExpectRefused ec2-user key
Finish
