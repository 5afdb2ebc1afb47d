#!/usr/bin/env bash
# Goal of this test
# What: two people can push a key for the same user within the same minute.
# How: push two keys for ec2-user, log in with each, the older one last.
# Expected: both are accepted, and each has its own audit line.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey first
NewKey second
Push ec2-user first
Push ec2-user second
ExpectLogin ec2-user second
ExpectLogin ec2-user first
ExpectAccepted first
ExpectAccepted second
Finish
