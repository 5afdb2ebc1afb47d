#!/usr/bin/env bash
# The demo, on a stage: one pushed key from the API to a login and to its end, and a login by mssh. `./dev demo` builds the
# programs and calls this with the seconds that a pushed key lives. Every command that it shows is the whole command that
# it runs, so a person can type the same.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/transcript.sh"

# ExpectNo NAME: sshd refuses that key, and nothing else went wrong.
ExpectNo() {
  ! Run ssh -i "$1" ec2-user@127.0.0.1 id -un || Fail "the login with $1 was accepted"
  grep -q 'Permission denied' "$WORK/run.log" || Fail "ssh failed for another reason than a refused key"
}

ttl_seconds=$1
API=http://127.0.0.1:1339 # The default of `eic-emulator push`.
ENDPOINT=$API
echo "One pushed key, from the API to a login and to its end. Everything runs in namespaces of its own."
echo "A pushed key lives $ttl_seconds seconds here (60 on EC2; ./dev demo --ttl 60)."

Step "The emulator serves metadata at 169.254.169.254 and the API. This machine is now $STAGE_INSTANCE_ID."
StartLog
StartEmulator --ttl "$ttl_seconds"
mapfile -d '' -t command <"/proc/$EMULATOR_PID/cmdline"
Show "${command[@]}"
Indent "$WORK/emulator.log"

Step "A real sshd asks the agent for keys."
StartSshd
install -o person -g person -m 644 "$WORK/known_hosts" "$PERSON_HOME/.ssh/known_hosts"
Show /usr/sbin/sshd -D -e -f "$WORK/sshd_config"
Show grep AuthorizedKeysCommand "$WORK/sshd_config"
grep AuthorizedKeysCommand "$WORK/sshd_config" | Indent

Step "A person makes a key."
Run ssh-keygen -q -t ed25519 -N '' -C demo -f key
Run ssh-keygen -lf key.pub
cp "$PERSON_HOME/key.pub" "$WORK/key.pub"

Step "The person pushes it for ec2-user."
pushed_at=$SECONDS
Run eic-emulator push --instance-id "$STAGE_INSTANCE_ID" --os-user ec2-user --public-key key.pub ||
  Fail "the API refused the key"

Step "The key logs in."
Run ssh -i key ec2-user@127.0.0.1 id -un || Fail "the pushed key was refused"
ExpectUser

Step "The agent's audit lines, as /dev/log got them (<86> is authpriv.info). sshd asks twice for each login."
ExpectAccepted key
AuditLines | Indent

Step "mssh needs no key: it makes one for this login and pushes it with the person's AWS credentials."
Show export "AWS_ENDPOINT_URL=$ENDPOINT" AWS_REGION=us-west-2
Run mssh "$STAGE_INSTANCE_ID" id -un || Fail "mssh did not log in"
ExpectUser
ExpectNothingOfOurs

Step "This demo's keys work for $ttl_seconds seconds. After that, sshd refuses the key of step 4."
while [ "$SECONDS" -le $((pushed_at + ttl_seconds)) ]; do sleep 0.1; done
ExpectNo key

Step "sshd refuses a key that was never pushed."
Run ssh-keygen -q -t ed25519 -N '' -C stranger -f stranger
ExpectNo stranger

echo
Finish >/dev/null
echo "Every step did what it says. The namespaces end now, and with them all that ran in them."
