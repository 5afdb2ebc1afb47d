#!/usr/bin/env bash
# Goal of this test
# What: what an agent that has been taken over can still do is what doc/confinement.md says.
# How: eic-taken-over, confined as the agent is, tries it as the agent's user and as root, by each
#      mechanism alone and in both stages.
# Expected: the tables of doc/confinement.md, row by row. Where the kernel's Landlock is older than
#      ABI 6, the columns without Landlock. What this kernel lets anybody do differs by its settings
#      for some of the tries; of those the columns with the agent's own filter are compared.
source "$(dirname "$0")/lib.sh"

STORE=/etc/eic/store.pem
DOCUMENT=$(dirname "$0")/confinement.md

# TableOf HEADING: the table below it.
TableOf() { awk -v heading="$1" '/^##/ { on = ($0 == "## " heading) } on && /^\|/' "$DOCUMENT"; }

# By sysctl, by a container's own filter, by the kind of /etc.
KERNEL_DECIDES='process_vm_readv|pidfd_getfd|a namespace|userfaultfd|io_uring_setup|bpf|perf_event_open'
KERNEL_DECIDES+='|keyctl|the same by personality|the same by pkey_mprotect|open_by_handle_at'
KERNEL_DECIDES+='|MPTCP socket|the same by TCP Fast Open|mount, by fsopen'

# Compared: the columns of a table that this kernel can show: name, nothing, seccomp, and from ABI 6 on
# Landlock and both stages.
Compared() {
  awk -F ' *[|] *' -v decides="^($KERNEL_DECIDES)\$" -v landlock="$((abi >= 6))" '{
    if ($2 ~ decides) $3 = $5 = "*"
    print $2 "|" $3 "|" $4 (landlock ? "|" $5 "|" $6 "|" $7 : "")
  }'
}

# Expect HEADING COMMAND...
ExpectTable() {
  local heading=$1
  shift
  "$@" eic-taken-over "$STORE" >"$WORK/is.table" || Fail "eic-taken-over: status $?"
  printf '%s:\n\n' "$heading"
  cat "$WORK/is.table"
  TableOf "$heading" >"$WORK/expected.table"
  [ "$(wc -l <"$WORK/expected.table")" -gt 50 ] || Fail "no table '$heading' in $DOCUMENT"
  diff <(Compared <"$WORK/expected.table") <(Compared <"$WORK/is.table") ||
    Fail "what is possible is not what doc/confinement.md says: $heading"
}

command -v eic-taken-over >/dev/null || Fail "eic-taken-over is not built (preset release)"
mkdir -p /etc/eic
echo "not read, only opened" >"$STORE"
abi=$(eic-taken-over --landlock-abi)
echo "Landlock ABI $abi"

ExpectTable "As the agent's user" setpriv --reuid ec2-instance-connect --regid ec2-instance-connect \
  --clear-groups
ExpectTable "As root"
Finish
