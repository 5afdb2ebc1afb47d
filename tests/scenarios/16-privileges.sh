#!/usr/bin/env bash
# Goal of this test
# What: the agent works with no more rights than its user has, whoever starts it, and confined; and
#      --self-test passes.
# How: run it as root and as its user while the metadata service stands still, and look at its process;
#      log in through an sshd that runs it as root; take its user away; hand a group down to it.
# Expected: its process is the user's, with no group of root's; as released, within the limits of
#      doc/design.md, "Confinement", before anything came from the network. Without the user it refuses,
#      status 0, and says why. An inherited group is kept only where it cannot be dropped, and logged.
source "$(dirname "$0")/lib.sh"

AGENT=(eic-authorized-keys --ca-store /etc/eic/anchors.pem)
USER_ID=$(id -u ec2-instance-connect)

# Status FIELD: of the agent's process AGENT_PID, its values with blanks between.
Status() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$AGENT_PID/status" | tr -s '[:space:]' ' '; }
IsUsers() { [ "$(Status Uid)" = "$USER_ID $USER_ID $USER_ID $USER_ID " ]; }

# Limit WORDS: of the agent's process, soft and hard.
Limit() { sed -nE "s/^$1 +([^ ]+) +([^ ]+) .*/\1 \2/p" "/proc/$AGENT_PID/limits"; }
# In this order it confines itself; a container may have a filter of its own.
IsConfined() { [ "$(Limit 'Max data size')" = "536870912 536870912" ] && [ "$(Status Seccomp)" = "2 " ]; }

# What of doc/design.md, "Confinement", can be seen from outside, and the self-test's words for it.
ExpectConfined() {
  local ignored
  WaitUntil 3 IsConfined ||
    Fail "no filter of system calls ($(Status Seccomp)) or memory of $(Limit 'Max data size')"
  kill -STOP "$AGENT_PID" # Its token may take 1 s, and this may be a busy machine.
  [ "$(Status NoNewPrivs)" = "1 " ] || Fail "it may gain privileges"
  [ "$(Limit 'Max core file size')" = "0 0" ] || Fail "core: $(Limit 'Max core file size')"
  [ "$(Limit 'Max file size')" = "0 0" ] || Fail "file size: $(Limit 'Max file size')"
  [ "$(Limit 'Max open files')" = "64 64" ] || Fail "descriptors: $(Limit 'Max open files')"
  ignored=$(Status SigIgn)
  (((16#${ignored% } >> 24) & 1)) || Fail "SIGXFSZ would end it"
  # Of a process that is not dumpable, /proc belongs to root.
  [ "$(stat -c %u "/proc/$AGENT_PID/status")" = 0 ] || Fail "it is dumpable"
  kill -CONT "$AGENT_PID"
}

StartAll "AuthorizedKeysCommandUser root"
NewKey key
Push ec2-user key

kill -STOP "$EMULATOR_PID"
"${AGENT[@]}" -- ec2-user >"$WORK/stopped.log" 2>&1 &
AGENT_PID=$!
WaitUntil 3 IsUsers || Fail "started as root, it runs with the ids $(Status Uid)"
[ "$(Status Gid)" = "$USER_ID $USER_ID $USER_ID $USER_ID " ] || Fail "its groups are $(Status Gid)"
[ -z "$(Status Groups | tr -d ' ')" ] || Fail "it keeps the groups $(Status Groups)"
[ "$(Status CapEff)$(Status CapPrm)$(Status CapAmb)" = "$(printf '0000000000000000 %.0s' 1 2 3)" ] ||
  Fail "it keeps capabilities"
kill -CONT "$EMULATOR_PID"
wait "$AGENT_PID" || Fail "it ended with status $?"

# The sanitizers cannot be confined. What is a file on stdout or stderr may be written to.
IS_CONFINED=yes
! ldd /opt/eic/bin/eic-authorized-keys | grep libasan >/dev/null || IS_CONFINED=
if [ -n "$IS_CONFINED" ]; then
  kill -STOP "$EMULATOR_PID"
  setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "${AGENT[@]}" -- ec2-user >/dev/null 2>&1 &
  AGENT_PID=$!
  ExpectConfined
  kill -CONT "$EMULATOR_PID"
  wait "$AGENT_PID" || Fail "it ended with status $?"
fi

ExpectLogin ec2-user key
ExpectAccepted key

setpriv --reuid "$USER_ID" --regid "$USER_ID" --groups 0,5 "${AGENT[@]}" --log-to stderr -- ec2-user \
  >"$WORK/groups.out" 2>"$WORK/groups.log" || Fail "with foreign groups it ended with status $?"
grep -q '^ssh-ed25519 ' "$WORK/groups.out" || Fail "no key was printed with foreign groups"
grep -q 'it keeps the groups 0,5$' "$WORK/groups.log" || Fail "kept groups are not logged"

for start in "" "setpriv --reuid $USER_ID --regid $USER_ID --clear-groups"; do
  $start eic-authorized-keys --self-test >"$WORK/self-test.log" 2>&1 || Fail "the self-test: status $?"
  tail -n 1 "$WORK/self-test.log" | grep '^self-test: passed$' >/dev/null || Fail "the self-test's words"
done
cat "$WORK/self-test.log"
# The kernel's own word for its Landlock. The program is there where a build is as released; 17 holds that.
if [ -n "$IS_CONFINED" ] && command -v eic-taken-over >/dev/null; then
  abi=$(eic-taken-over --landlock-abi)
  landlock="ABI $abi"
  [ "$abi" != 0 ] || landlock=no
  grep -qxF "confinement: seccomp yes, Landlock $landlock, no new privileges yes, limits yes" \
    "$WORK/self-test.log" || Fail "the self-test is not confined, with Landlock $landlock"
fi

sed -i '/^ec2-instance-connect:/d' /etc/passwd
"${AGENT[@]}" --log-to stderr -- ec2-user >"$WORK/no-user.out" 2>"$WORK/no-user.log" ||
  Fail "without its user it ended with status $?"
[ ! -s "$WORK/no-user.out" ] || Fail "it printed keys as root"
grep -q 'reason=runs-as-root .*no such user' "$WORK/no-user.log" || Fail "it does not say why"
ExpectRefused ec2-user key
Finish
