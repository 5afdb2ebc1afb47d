# shellcheck shell=bash
# Goal: twenty logins at once by mssh, each with a key of its own, all succeed; sshd accepts that many unauthenticated
# connections
LOGINS=20

StartMetadata
StartMachine
Root "echo 'MaxStartups 100' >/etc/ssh/sshd_config.d/10-many.conf && systemctl restart ssh"
MsshOpens # The host key is known from here on.
cat >"$WORK/many.sh" <<MANY
for n in \$(seq $LOGINS); do
  mssh "$INSTANCE" echo "login \$n" >"$PERSON_HOME/answer.\$n" 2>"$PERSON_HOME/error.\$n" &
done
wait
MANY
PERSON_SECONDS=240 AsPerson sh "$WORK/many.sh"
cat "$PERSON_HOME"/error.* | sort | uniq -c >"$WORK/errors.log"
right=$(cat "$PERSON_HOME"/answer.* | sort -u | grep -c '^login ')
[ "$right" = "$LOGINS" ] || Fail "$right of $LOGINS logins"
ExpectNothingOfOurs
accepted=$(Root "journalctl -u ssh -o cat --no-pager | grep -c '^Accepted publickey for ec2-user'") || Fail "no journal"
[ "$accepted" -gt "$LOGINS" ] || Fail "sshd's log has $accepted logins"
DoctorFindsNothing
