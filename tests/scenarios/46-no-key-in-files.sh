#!/usr/bin/env bash
# Goal of this test
# What: the private key is in no file and goes over no descriptor; nothing usable is left by a kill.
# How: a login under strace, which writes down every byte that is written or sent and every name that is
#      opened for writing; the file system before and after; kill -9 of all processes of ours and of ssh
#      at twelve moments of a login, each followed by a login.
# Expected: no name outside the client's folder is written, no file holds a private key, the trace has none
#           and shows no write to a file of what only the keeper knows; each login after a kill works.
export EIC_STAGE_SECONDS=150
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
NeedsProgram strace

ONE=$(InstanceId 1)
StartInstances 1
touch "$WORK/before"
PERSON_SECONDS=60 AsPerson strace -f -y -s 100000 -x \
  -e trace=openat,open,creat,write,writev,pwrite64,sendto,sendmsg,memfd_create,rename,renameat2 \
  -o "$PERSON_HOME/trace" mssh "$ONE" id -un >"$WORK/strace.out.log" 2>"$WORK/strace.log" ||
  Fail "no login under strace"
mv "$PERSON_HOME/trace" "$WORK/trace"
! grep -E 'OPENSSH PRIVATE|BEGIN PRIVATE|openssh-key-v1' "$WORK/trace" >/dev/null || Fail "a private key was written"
! grep memfd_create "$WORK/trace" >/dev/null || Fail "a file in memory was made"
written=$(grep -E 'O_WRONLY|O_RDWR|O_CREAT|creat\(' "$WORK/trace" | grep -oE '"[^"]+"' | tr -d '"' | sort -u |
  grep -vE "^(/dev/(null|tty|urandom|pts/.*)|$PERSON_HOME/\.ssh/eic/.*|$PERSON_HOME/\.ssh/eic)$" || true)
[ -z "$written" ] || Fail "these were opened for writing: $written"
find "$PERSON_HOME" /tmp /var/tmp /dev/shm -newer "$WORK/before" -type f 2>/dev/null >"$WORK/files"
while read -r file; do
  ! grep -qE 'PRIVATE KEY|openssh-key-v1' "$file" || Fail "$file holds a private key"
done <"$WORK/files"
grep -F "$PERSON_HOME/.ssh/eic/" "$WORK/files" >/dev/null || Fail "nothing was written where it should be"

for moment in 0.01 0.02 0.03 0.05 0.07 0.09 0.12 0.15 0.2 0.25 0.3 0.5; do
  AsPerson mssh "$ONE" sleep 3 >/dev/null 2>&1 &
  sleep "$moment"
  pkill -KILL -u person || true
  wait $! || true
  Expect 0 ec2-user mssh "$ONE" id -un
done
ExpectNothingOfOurs
Finish
