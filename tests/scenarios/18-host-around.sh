#!/usr/bin/env bash
# Goal of this test
# What: a host that is like many others breaks no login: a library that is loaded into every process has
#      reserved addresses and has a thread of its own, the bundle of anchors is replaced while a login
#      waits for metadata, and the links of a hashed store lead through two folders.
# How: preload such a library, as /etc/ld.so.preload does, with the agent confined; stop the emulator,
#      rename a new bundle over the old one, and let it go on; make such a store. Each time run the
#      agent as its own user.
# Expected: the pushed key on standard output each time, and no refusal in the log.
source "$(dirname "$0")/lib.sh"

# Agent STORE [VARIABLE=VALUE...]
Agent() {
  local store=$1
  shift
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups env -i "$@" \
    /opt/eic/bin/eic-authorized-keys --ca-store "$store" -- ec2-user "$(Fingerprint key)"
}

ExpectKey() {
  cmp "$WORK/expected" "$WORK/keys.log" || Fail "no key: $1"
  echo "$1: a key"
}

NeedsProgram cc
StartLog
StartEmulator
NewKey key
Push ec2-user key
cut -d ' ' -f 1,2 "$WORK/key.pub" >"$WORK/expected"

# 4 GiB that nothing may be written to, as the runtime of Go reserves them; 700 MiB that something could
# be; and a thread that wakes up again and again.
cat >"$WORK/greedy.c" <<'END'
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>
static void* Wake(void* none) {
  for (;;) usleep(1000);
  return none;
}
__attribute__((constructor)) static void Reserve(void) {
  static pthread_t thread;
  mmap(NULL, (size_t)4 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  mmap(NULL, (size_t)700 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  pthread_create(&thread, NULL, &Wake, NULL);
}
END
cc -shared -fPIC -pthread -o /opt/eic/greedy.so "$WORK/greedy.c"
Agent /etc/eic/anchors.pem LD_PRELOAD=/opt/eic/greedy.so >"$WORK/keys.log"
ExpectKey "addresses reserved by a library"

# The agent holds the bundle that it found.
cp /etc/eic/anchors.pem /etc/eic/bundle.pem
kill -STOP "$EMULATOR_PID"
Agent /etc/eic/bundle.pem >"$WORK/keys.log" &
agent=$!
sleep 0.3
cp /etc/eic/anchors.pem /etc/eic/bundle.pem.new
mv /etc/eic/bundle.pem.new /etc/eic/bundle.pem
kill -CONT "$EMULATOR_PID"
wait "$agent" || Fail "the agent ended with status $?"
ExpectKey "a bundle that was replaced"

# HASH.0 -> root.pem -> outer1/root.pem -> outer2/root.pem
mkdir -p /etc/eic/hashed /etc/eic/outer1 /etc/eic/outer2
cp /etc/eic/anchors.pem /etc/eic/outer2/root.pem
ln -s ../outer2/root.pem /etc/eic/outer1/root.pem
ln -s /etc/eic/outer1/root.pem /etc/eic/hashed/root.pem
ln -s root.pem "/etc/eic/hashed/$(openssl x509 -noout -hash -in /etc/eic/anchors.pem).0"
Agent /etc/eic/hashed >"$WORK/keys.log"
ExpectKey "links through two folders"

! HasAudit 'Refused ssh key' || Fail "there is a refusal in the log"
Finish
