#!/usr/bin/env bash
# Goal of this test
# What: each way in which a login does not come about is said in words, with a status and what to do next.
# How: one instance that works; one that is stopped, one without an address; two of one name; a caller who
#      may not push and one who may not describe; a wrong secret; no credentials; an unknown id; a user
#      whom the instance does not have; a changed host key, and `eic forget`; a key that expired before
#      ssh asked; wrong usage.
# Expected: the statuses 1, 64, 8 and ssh's 255, and the words below.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

ONE=$(InstanceId 1)
STOPPED=$(InstanceId 2)
BARE=$(InstanceId 3)
StartLog
StartService "$(InstanceJson 1),
  $(InstanceJson 2 '"state": "stopped"'),
  $(InstanceJson 3 '"public_ip": ""' '"private_ip": ""'),
  $(InstanceJson 4 '"tags": {"Name": "twin"}'),
  $(InstanceJson 5 '"tags": {"Name": "twin"}')" '"credentials": [
  {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
  {"access_key_id": "AKIANOPUSH", "secret_access_key": "s", "actions": ["ec2:DescribeInstances", "ec2:DescribeImages"]},
  {"access_key_id": "AKIANODESCRIBE", "secret_access_key": "s", "actions": ["ec2-instance-connect:SendSSHPublicKey"]}]'
StartSshdOf 1

ExpectWords 1 'stopped' mssh "$STOPPED"
ExpectWords 8 'address' mssh "$BARE"
ExpectWords 8 'private' mssh --address ipv6 "$ONE"
ExpectWords 1 "$(InstanceId 4)" mssh twin
grep -F "$(InstanceId 5)" "$WORK/person.log" >/dev/null || Fail "the second of one name is not listed"
ExpectWords 1 'i-0000000000000000f' mssh i-0000000000000000f
ExpectWords 1 'no-such-name' mssh no-such-name
ExpectWords 64 'give an instance' mssh
ExpectWords 64 '--address' mssh --address up "$ONE"
ExpectWords 64 'unknown command no-such-command' eic no-such-command
ExpectWords 1 '8 or 17 digits' mssh "${ONE%?}"

PERSON_ENV=(AWS_ACCESS_KEY_ID=AKIANOPUSH AWS_SECRET_ACCESS_KEY=s)
ExpectWords 1 'SendSSHPublicKey' mssh "$ONE" true
PERSON_ENV=(AWS_ACCESS_KEY_ID=AKIANODESCRIBE AWS_SECRET_ACCESS_KEY=s)
ExpectWords 1 'DescribeInstances' mssh "$ONE" true
PERSON_ENV=(AWS_SECRET_ACCESS_KEY=wrong)
ExpectWords 1 'access credentials' mssh "$ONE" true
PERSON_ENV=(AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=)
ExpectWords 1 'credentials' mssh "$ONE" true
PERSON_ENV=()

ExpectWords 255 'no.such.host' msftp -t "$ONE" no.such.host
ExpectWords 255 'Permission denied' mssh "nobody-here@$ONE" true
AsPerson eic why >"$WORK/why.log"
grep -F "$ONE as nobody-here" "$WORK/why.log" >/dev/null || Fail "why does not tell of the latest login"

# The host has another key than the first time.
Expect 0 ec2-user mssh "$ONE" id -un
pkill -f "sshd_config.1" && rm "$WORK"/host_key.1*
StartSshdOf 1
ExpectWords 255 'HOST IDENTIFICATION HAS CHANGED' mssh "$ONE" true
Expect 0 "" sh -c "eic forget $ONE >/dev/null"
! grep -F "$ONE" "$PERSON_HOME/.ssh/eic/known_hosts" >/dev/null || Fail "a host key is not forgotten"
Expect 0 ec2-user mssh "$ONE" id -un

# An API that takes connections and says nothing.
kill -STOP "$EMULATOR_PID"
ExpectWords 1 'ConnectTimeout passed' mssh -o ConnectTimeout=2 "$ONE" true
kill -CONT "$EMULATOR_PID"

# A key that lives two seconds, and an instance that asks for it after four.
StopEmulator
EMULATOR_OPTIONS=(--ttl 2)
StartService "$(InstanceJson 1)"
pkill -f "sshd_config.1"
cat >/opt/eic/late <<END
#!/bin/sh
sleep 4
exec /opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem --imds-endpoint http://127.0.2.1 \
  --sysfs-root $WORK/emulator/sys/$ONE -- "\$@"
END
chmod 755 /opt/eic/late
StartSshdOf 1 "AuthorizedKeysCommand /opt/eic/late %u %f %t"
ExpectWords 255 'Permission denied' mssh "$ONE" true
ExpectNothingOfOurs
Finish
