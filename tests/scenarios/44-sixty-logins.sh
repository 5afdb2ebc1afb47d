#!/usr/bin/env bash
# Goal of this test
# What: sixty logins of one person at once, by the wrapper and by the configuration, all succeed.
# How: thirty of each, to one instance whose sshd takes that many unauthenticated connections.
# Expected: sixty times the right answer; nothing of ours is left afterwards.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

ONE=$(InstanceId 1)
StartInstances 1 "MaxStartups 200"
AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "eic config --install failed"
Expect 0 ec2-user mssh "$ONE" id -un # It is known from here on.

cat >"$WORK/many.sh" <<END
for n in \$(seq 30); do
  mssh "$ONE" echo "wrapper \$n" >"$PERSON_HOME/answer.w.\$n" 2>"$PERSON_HOME/error.w.\$n" &
  ssh "$ONE" echo "config \$n" >"$PERSON_HOME/answer.c.\$n" 2>"$PERSON_HOME/error.c.\$n" &
done
wait
END
PERSON_SECONDS=80 AsPerson sh "$WORK/many.sh"
right=$(cat "$PERSON_HOME"/answer.* | sort -u | wc -l)
cat "$PERSON_HOME"/error.* | sort | uniq -c >"$WORK/errors.log"
[ "$right" = 60 ] || Fail "$right of 60 logins"
ExpectNothingOfOurs
Finish
