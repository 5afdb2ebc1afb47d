#!/usr/bin/env bash
# Goal of this test
# What: a record that was signed for another instance opens nothing here.
# How: serve a genuine, live record of i-0fedcba9876543210 under this instance's metadata.
# Expected: refused with the reason instance-mismatch. The same key, signed for this instance, is
#           accepted.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey key
in_a_minute=$(($(date +%s) + 60))
SignRecord key "$in_a_minute" i-0fedcba9876543210 | Serve ec2-user
ExpectRefused ec2-user key
ExpectRejection instance-mismatch key
SignRecord key "$in_a_minute" | Serve ec2-user
ExpectLogin ec2-user key
Finish
