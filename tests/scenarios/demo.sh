#!/usr/bin/env bash
# The demo, on a stage: one pushed key from the API to a login and to its end, and a login by mssh. `./dev demo` builds the
# programs and calls this with the seconds that a pushed key lives.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

# Says what comes, in the numbering of the transcript.
STEP=0
Step() {
  STEP=$((STEP + 1))
  printf '\n%d. %s\n' "$STEP" "$*"
}

# Show COMMAND...: prints the command as a person would type it.
Show() { printf '   $ %s\n' "$*"; }

Indent() { sed 's/^/     /' "$@"; }

# Login NAME: the ordinary client with that key; shows what it says, and has its status.
Login() {
  local status=0
  Show "ssh -i $1 ec2-user@127.0.0.1 id -un"
  ssh -F none -i "$WORK/$1" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=5 \
    -o UserKnownHostsFile="$WORK/known_hosts" ec2-user@127.0.0.1 id -un >"$WORK/login.log" 2>&1 ||
    status=$?
  Indent "$WORK/login.log"
  return "$status"
}

# ExpectNo NAME: sshd refuses that key, and nothing else went wrong.
ExpectNo() {
  ! Login "$1" || Fail "the door is open for key $1"
  grep -q 'Permission denied' "$WORK/login.log" || Fail "this is no refusal"
}

ttl_seconds=$1
echo "One pushed key from the API to a login and to its end, in namespaces of their own."
echo "A pushed key lives $ttl_seconds seconds here (60 on EC2; ./dev demo --ttl 60)."

Step "The service: metadata at 169.254.169.254, the API next to it. This machine is now $STAGE_INSTANCE_ID."
StartLog
Show "eic-emulator serve --metadata 169.254.169.254:80 --api ${API#http://} --ttl $ttl_seconds"
StartEmulator --ttl "$ttl_seconds"
Indent "$WORK/emulator.log"

Step "A real sshd that asks the agent for keys."
StartSshd
Show "sshd -D -f sshd_config, where"
grep '^AuthorizedKeys' "$WORK/sshd_config" | Indent

Step "A key, made now."
Show "ssh-keygen -t ed25519 -f key"
NewKey key
Fingerprint key | Indent

Step "It is pushed for ec2-user through the API."
Show "eic-emulator push --instance-id $STAGE_INSTANCE_ID --os-user ec2-user --public-key key.pub"
pushed_at=$SECONDS
Push ec2-user key
Indent "$WORK/push.log"

Step "It opens the door."
Login key || Fail "the pushed key was refused"
[ "$(tail -n 1 "$WORK/login.log")" = ec2-user ] || Fail "this is not the shell of ec2-user"

Step "The audit lines of /dev/log, <86> being authpriv.info. sshd asks twice for one login."
ExpectAccepted key
AuditLines | Indent

Step "The same for a person who has AWS credentials and no key: mssh makes one for this login, and pushes it."
Show "mssh $STAGE_INSTANCE_ID id -un"
AsPerson mssh "$STAGE_INSTANCE_ID" id -un >"$WORK/mssh.log" 2>"$WORK/person.log" </dev/null ||
  Fail "mssh did not log in"
Indent "$WORK/mssh.log"
[ "$(cat "$WORK/mssh.log")" = ec2-user ] || Fail "this is not the shell of ec2-user"
ExpectNothingOfOurs

Step "The same key as before, after its $ttl_seconds seconds."
while [ "$SECONDS" -le $((pushed_at + ttl_seconds)) ]; do sleep 0.1; done
ExpectNo key

Step "A key that was never pushed."
NewKey stranger
ExpectNo stranger

echo
Finish >/dev/null
echo "Every step did what it says. The namespaces end now, and with them all that ran in them."
