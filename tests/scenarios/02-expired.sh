#!/usr/bin/env bash
# Goal of this test
# What: a key opens nothing once its life is over, whether metadata still serves it or not.
# How: push a key that lives 2 seconds, and wait. Then serve genuine records of the same key: one that is
#      live, and one whose Timestamp lies in the past, as a service would that forgets to drop it.
# Expected: refused, accepted, refused; the stale record leaves the reason key-expired.
source "$(dirname "$0")/lib.sh"

StartLog
StartEmulator --ttl 2
StartSshd
NewKey key
Push ec2-user key
sleep 2.1
ExpectRefused ec2-user key
ExpectNoAudit

SignRecord key $(($(date +%s) + 60)) | Serve ec2-user
ExpectLogin ec2-user key
SignRecord key $(($(date +%s) - 1)) | Serve ec2-user
ExpectRefused ec2-user key
ExpectRejection key-expired key
Finish
