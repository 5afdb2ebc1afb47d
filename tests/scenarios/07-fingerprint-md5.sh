#!/usr/bin/env bash
# Goal of this test
# What: an sshd that writes fingerprints as MD5 works like any other.
# How: `FingerprintHash md5` in sshd_config; push one key, and offer it and one that was not pushed.
# Expected: the pushed key is accepted, the other refused, and sshd has no complaint.
source "$(dirname "$0")/lib.sh"

StartAll "FingerprintHash md5"
NewKey pushed
NewKey other
Push ec2-user pushed
ExpectRefused ec2-user other
ExpectNoAudit
ExpectLogin ec2-user pushed
ExpectAudit '^<86>.*: Providing ssh key from EC2 Instance Connect with fingerprint: '
grep -qF "$(Fingerprint pushed md5)" "$SSHD_LOG" || Fail "sshd did not use MD5 fingerprints"
Finish
