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
  $(InstanceJson 2 '"image_id": "ami-0123456789abcdef2"'), $(InstanceJson 3 '"tags": {"Name": "my web (3)"}')"
for n in 1 2 3; do StartSshdOf "$n"; done

Expect 0 ec2-user mssh "$ONE" id -un
Expect 0 ec2-user mssh "$ONE" id -un
Expect 0 ubuntu mssh web-2 id -un
Expect 0 ubuntu mssh ubuntu@web-1 id -un
Expect 7 "" mssh "$ONE" exit 7
# shellcheck disable=SC2016  # It is the remote shell that expands.
Expect 0 'a  b|*|$HOME' mssh "$ONE" "printf '%s|%s|%s' 'a  b' '*' '\$HOME'"
Expect 0 $'ec2-user\r' eic ssh -tt "$ONE.us-west-2" id -un
# Words of ssh that want a command; a name that is no host's; and a starter that leaves odd things behind.
Expect 0 "" mssh -f "$ONE" "touch /tmp/in-the-background"
WaitUntil 10 test -e /tmp/in-the-background || Fail "-f did not run its command"
Expect 0 "" sh -c "echo bye | mssh -s $ONE sftp | cat >/dev/null"
Expect 0 ec2-user mssh 'my web (3)' id -un
Expect 0 ec2-user env --ignore-signal=CHLD mssh "$ONE" id -un
Expect 0 "" sh -c "mssh $ONE 'touch /tmp/without-descriptors' <&- >&- 2>&-"
[ -e /tmp/without-descriptors ] || Fail "no login without standard descriptors"
install -d -m 700 -o person -g person "$PERSON_HOME/.ssh"
printf 'Host aliased\n  HostName %s\n  User ubuntu\nHost *\n  User somebody\n' "$ONE" >"$PERSON_HOME/.ssh/config"
Expect 0 ubuntu mssh aliased id -un
Expect 0 ec2-user mssh "$ONE" id -un
rm "$PERSON_HOME/.ssh/config"
ExpectNothingOfOurs
Finish
