#!/usr/bin/env bash
# Goal of this test
# What: a member of the chain that has been taken over reaches nothing of a member of another user, nor of
#      the keeper and the collector: what the chain prints of the others is theirs.
# How: eic-chain, started by sshd as root, runs eic-member-taken-over beside a member of another user: as
#      root, which shows that the tries work, as a user of its own, as the collector's, and each confined.
# Expected: the table of doc/confinement.md, row by row; the other member's key opens the door all the same.
#      The columns "confined" where the kernel's Landlock has ABI 6.
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

DOCUMENT=$(dirname "$0")/confinement.md
command -v eic-member-taken-over >/dev/null || Fail "eic-member-taken-over is not built (preset release)"
abi=$(eic-taken-over --landlock-abi)
echo "Landlock ABI $abi"

StartLog
NewKey victims
Script victim <<END
sleep 1.2
echo '$(cat "$WORK/victims.pub")'
END
Member 50-victim "$SCRIPT" svc@corp.example
StartSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root"

# Column NAME USER [LINE]: what the hostile member could do as USER; a login in the meantime.
Column() {
  Member 10-hostile /opt/eic/bin/eic-member-taken-over "$2" "${@:3}"
  Chain -- ec2-user SHA256:x ssh-ed25519 >"$WORK/printed" 2>"$WORK/chain.log" ||
    Fail "the chain ended with status $?"
  grep -F "$(cat "$WORK/victims.pub")" "$WORK/printed" >/dev/null || Fail "the other's key is not printed"
  ExpectLogin ec2-user victims
  sed -n 's/^# //p' "$WORK/printed" >"$WORK/column.$1"
}
Column root root
rm "$CHAIN_FOLDER/20-mine.conf" # Root could.
Column other ubuntu
Column confined ubuntu "confine = yes"
Column collectors ec2-instance-connect
Column collectors-confined ec2-instance-connect "confine = yes"

{
  printf '| %-38s | %-8s | %-9s | %-8s | %-16s | %-8s |\n' try root 'own user' confined "collector's user" \
    confined
  echo '|---|---|---|---|---|---|'
  while IFS=: read -r name verdict; do
    printf '| %-38s | %-8s | %-9s | %-8s | %-16s | %-8s |\n' "$name" \
      "$(sed -n "s/^$name: //p" "$WORK/column.root")" "${verdict# }" \
      "$(sed -n "s/^$name: //p" "$WORK/column.confined")" \
      "$(sed -n "s/^$name: //p" "$WORK/column.collectors")" \
      "$(sed -n "s/^$name: //p" "$WORK/column.collectors-confined")"
  done <"$WORK/column.other"
} >"$WORK/is.table"
cat "$WORK/is.table"
Compared() { awk -F ' *[|] *' -v landlock="$((abi >= 6))" '{ print $2 "|" $3 "|" $4 "|" $6 (landlock ? "|" $5 "|" $7 : "") }'; }
awk '/^##/ { on = ($0 == "## A member of the chain") } on && /^\|/' "$DOCUMENT" >"$WORK/expected.table"
[ "$(wc -l <"$WORK/expected.table")" -gt 20 ] || Fail "no such table in $DOCUMENT"
diff <(Compared <"$WORK/expected.table") <(Compared <"$WORK/is.table") ||
  Fail "what is possible is not what doc/confinement.md says"
Finish
