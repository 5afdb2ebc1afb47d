#!/usr/bin/env bash
# Goal of this test
# What: after `eic config --install`, ssh and what is built on it take an instance id as a host.
# How: ssh, scp, sftp, rsync and git as they are; an alias whose HostName is an id; a `Host *` with
#      IdentitiesOnly and another IdentityAgent behind it; ControlMaster with ControlPersist; a jump
#      through one instance to another; -f, -N -L, and -T -D as an editor calls it; a user's agent with
#      five keys, forwarded by -A, against MaxAuthTries 3; then --remove.
# Expected: each works, with one push for each connection; --remove gives the file back byte for byte.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
for program in rsync git ssh-agent ssh-add; do NeedsProgram "$program"; done

ONE=$(InstanceId 1)
TWO=$(InstanceId 2)
CONFIG=$PERSON_HOME/.ssh/config

StartInstances 2
cat >"$CONFIG" <<END
Host web
  HostName $ONE
Host *
  IdentitiesOnly yes
  IdentityAgent none
  BatchMode yes
END
chmod 600 "$CONFIG" && chown person "$CONFIG"
cp "$CONFIG" "$WORK/config.before"

AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "eic config --install failed"
cp "$CONFIG" "$WORK/config.installed"
AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "a second installation failed"
cmp -s "$CONFIG" "$WORK/config.installed" || Fail "a second installation changes something"

Expect 0 ec2-user ssh "$ONE" id -un
Expect 0 ubuntu ssh "ubuntu@$ONE.us-west-2" id -un
Expect 0 ec2-user ssh web id -un
[ "$(Pushes)" = 3 ] || Fail "three connections and $(Pushes) pushes"
echo data >"$PERSON_HOME/data" && chown person "$PERSON_HOME/data"
Expect 0 "" scp -q data "$ONE:by-scp"
Expect 0 "" scp -q "${OLDER_SCP[@]}" data web:by-scp-o
echo 'put data by-sftp' >"$PERSON_HOME/batch"
AsPerson sftp -q -b batch "$ONE" >"$WORK/sftp.log" 2>&1 || Fail "sftp failed"
Expect 0 "" rsync data "$ONE:by-rsync"
for name in by-scp by-scp-o by-sftp by-rsync; do
  cmp -s "$PERSON_HOME/data" "/home/ec2-user/$name" || Fail "$name did not arrive"
done
Expect 0 "" ssh "$ONE" git init -q --bare repository
Expect 0 "" git clone -q "$ONE:repository" clone

# One connection for several sessions; the one behind it stays, and holds nobody up.
master=(-o ControlMaster=auto -o "ControlPath=$PERSON_HOME/master-%C" -o ControlPersist=30)
before=$(Pushes)
Expect 0 ec2-user ssh "${master[@]}" "$ONE" id -un
Expect 0 ec2-user ssh "${master[@]}" "$ONE" id -un
[ "$(Pushes)" = $((before + 1)) ] || Fail "a second session of one connection pushed again"
Expect 0 "" ssh "${master[@]}" -O exit "$ONE"

# From one instance to the other: both get a key of their own. ssh's -J beats every ProxyCommand, so that
# it is the wrapper that knows where the second one is.
Expect 0 ec2-user mssh --address public -J "$ONE" "$TWO" id -un

# A forward, with nothing on the screen and in the background.
Expect 0 "" ssh -f -N -L 127.0.0.1:7001:127.0.1.1:22 "$ONE"
WaitUntil 5 AsPerson ssh-keyscan -T 2 -p 7001 127.0.0.1 >/dev/null 2>&1 || Fail "the forward is not there"
pkill -u person -f -- '-N -L' || Fail "ssh did not go to the background"
Expect 0 hello ssh -T -D 127.0.0.1:7002 "$ONE" bash -c "'echo hello'"

# Five keys of the person's own, and an sshd that takes three tries.
cat >"$WORK/with-agent.sh" <<END
eval "\$(ssh-agent -s)" >/dev/null
trap 'kill \$SSH_AGENT_PID' EXIT
for n in 1 2 3 4 5; do
  ssh-keygen -q -t ed25519 -N '' -f "$PERSON_HOME/own.\$n" -C "own \$n"
  ssh-add -q "$PERSON_HOME/own.\$n"
done
ssh "$ONE" id -un
ssh -A "$ONE" ssh-add -l | grep -c ' own '
END
Expect 0 $'ec2-user\n5' sh "$WORK/with-agent.sh"

ExpectNothingOfOurs
AsPerson eic forget "$ONE" >"$WORK/forget.log" || Fail "eic forget failed"
! grep -F "$ONE" "$PERSON_HOME/.ssh/eic/known_hosts" >/dev/null || Fail "eic forget leaves a name of the instance"
Expect 0 "" sh -c 'eic config --remove >/dev/null'
cmp -s "$CONFIG" "$WORK/config.before" || Fail "--remove did not give back what was there"
Finish
