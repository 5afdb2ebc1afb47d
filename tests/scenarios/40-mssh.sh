#!/usr/bin/env bash
# Goal of this test
# What: mssh goes from an instance id, or a name, to a shell and to a remote command, as ssh does.
# How: an emulator with two instances (Amazon Linux and Ubuntu by their images), their agents and sshds;
#      an ordinary user with nothing but AWS's variables.
# Expected: the default user is the image's; the remote command arrives word by word, and its status comes
#           back; command substitution ends; background and forwards work; no process of ours is left.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

ONE=$(InstanceId 1)
StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"'),
  $(InstanceJson 2 '"image_id": "ami-0123456789abcdef2"')"
StartSshdOf 1
StartSshdOf 2

Expect 0 ec2-user mssh "$ONE" id -un
Expect 0 ec2-user mssh "$ONE" id -un
Expect 0 ubuntu mssh web-2 id -un
Expect 0 ubuntu mssh ubuntu@web-1 id -un
Expect 7 "" mssh "$ONE" exit 7
# shellcheck disable=SC2016  # It is the remote shell that expands.
Expect 0 'a  b|*|$HOME' mssh "$ONE" "printf '%s|%s|%s' 'a  b' '*' '\$HOME'"
Expect 0 $'ec2-user\r' eic ssh -tt "$ONE.us-west-2" id -un
ExpectNothingOfOurs
Finish
