#!/usr/bin/env bash
# Goal of this test
# What: the client asks AWS over HTTPS by the CA store of the host, and believes nobody else.
# How: the emulator over TLS with its throw-away CA; a login while the host does not know that CA, with
#      --ca-bundle, and with the CA in the host's store; a certificate for another name.
# Expected: the first and the last are refused before anything is pushed, the others log in.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

ONE=$(InstanceId 1)
StartLog
EMULATOR_OPTIONS=(--tls)
StartService "$(InstanceJson 1)"
StartSshdOf 1
cp "$WORK/emulator/api-ca.pem" "$PERSON_HOME/ca.pem"

# Since the API is HTTPS, what it was asked is seen at the instance.
HasNoKey() { ! grep -q 'Accepted publickey' "$WORK/sshd.1.log"; }

PERSON_ENV=(AWS_ENDPOINT_URL=https://127.0.0.1:8080)
ExpectWords 1 'certificate' mssh "$ONE" true
HasNoKey || Fail "a login by a service that nobody vouches for"
Expect 0 ec2-user mssh --ca-bundle ca.pem "$ONE" id -un
TrustApi
Expect 0 ec2-user mssh "$ONE" id -un
# The certificate is for 127.0.0.1 and localhost, not for every name of this host.
PERSON_ENV=(AWS_ENDPOINT_URL=https://another.example:8080)
echo "127.0.0.1 another.example" >>/etc/hosts
ExpectWords 1 'certificate|SSL|name' mssh "$ONE" true
ExpectNothingOfOurs
Finish
