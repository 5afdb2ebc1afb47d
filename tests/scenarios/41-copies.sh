#!/usr/bin/env bash
# Goal of this test
# What: files are copied by scp, sftp and rsync, and a repository by git, each through the wrapper.
# How: eic scp (and -O), msftp with a batch, rsync -e mssh both ways, git with GIT_SSH_COMMAND=mssh; a
#      file that does not exist.
# Expected: what arrives has the bytes that were sent; the status of a failure is the tool's own.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
for program in rsync git; do NeedsProgram "$program"; done

ONE=$(InstanceId 1)
REMOTE=/home/ec2-user

# Same FILE: the remote file has the bytes of the local one.
Same() { cmp -s "$PERSON_HOME/data" "$REMOTE/$1" || Fail "$1 did not arrive"; }

StartInstances 1
head -c 3000000 /dev/urandom >"$PERSON_HOME/data"
chown person "$PERSON_HOME/data"

Expect 0 "" eic scp -q data "$ONE:by-scp"
Same by-scp
Expect 0 "" eic scp -q "${OLDER_SCP[@]}" data "ec2-user@web-1:by-scp-O"
Same by-scp-O
Expect 0 "" eic scp -q "$ONE:by-scp" back
cmp -s "$PERSON_HOME/data" "$PERSON_HOME/back" || Fail "scp brought back something else"
Expect 1 "" eic scp -q "$ONE:no-such-file" back
# A host that is only a name here, for the key of an instance.
echo "$(InstanceAddress 1) box" >>/etc/hosts
Expect 0 "" eic scp -q --instance-id "$ONE" data box:by-name
Same by-name

echo 'put data by-sftp' >"$PERSON_HOME/batch"
AsPerson msftp -q -b batch "$ONE" >"$WORK/sftp.log" 2>&1 || Fail "msftp -b failed"
Same by-sftp
AsPerson msftp -q "$ONE:by-sftp" fetched >"$WORK/sftp.log" 2>&1 || Fail "msftp did not fetch"
cmp -s "$PERSON_HOME/data" "$PERSON_HOME/fetched" || Fail "msftp fetched something else"

Expect 0 "" rsync -e mssh data "$ONE:by-rsync"
Same by-rsync
Expect 0 "" rsync -e mssh "ec2-user@web-1:by-rsync" synced
cmp -s "$PERSON_HOME/data" "$PERSON_HOME/synced" || Fail "rsync brought back something else"

Expect 0 "" mssh "$ONE" git init -q --bare repository
PERSON_ENV=(GIT_SSH_COMMAND=mssh GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*')
Expect 0 "" git clone -q "$ONE:repository" clone
AsPerson git -C clone -c user.name=p -c user.email=p@example commit -q --allow-empty -m first
Expect 0 "" git -C clone push -q origin HEAD:main
ExpectNothingOfOurs
Finish
