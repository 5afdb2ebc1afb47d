#!/usr/bin/env bash
# usage: tests/usage/wrong_usage.sh BIN_DIR PROGRAM...
#
# Goal of this test
# What: wrong usage has one exit status in every program of ours, 64 (EX_USAGE of sysexits.h), so that
# whoever runs one can tell it from what the program found.
# How: each row of the table in a place without instance, network or home; then --help of the same program.
# Expected: 64 and nothing on standard output for a row, 0 for --help; and each PROGRAM, and each verb that its
# --help names, has rows.
set -euo pipefail

# PROGRAM ARGUMENT...
ROWS='
eic-authorized-keys
eic-authorized-keys --no-such-option -- alice
eic-authorized-keys --timeout later -- alice
eic-authorized-keys -- alice SHA256:x ssh-rsa more
eic-chain
eic-chain --no-such-option -- alice
eic-chain -- alice SHA256:x ssh-rsa more
ec2-instance-connect
ec2-instance-connect fly
ec2-instance-connect --no-such-option
ec2-instance-connect --root no/such/folder status
ec2-instance-connect enable --no-such-option
ec2-instance-connect enable --chain --replace
ec2-instance-connect disable --no-such-option
ec2-instance-connect disable now
ec2-instance-connect status --no-such-option
ec2-instance-connect status now
ec2-instance-connect doctor --no-such-option
ec2-instance-connect doctor --from nowhere
ec2-instance-connect doctor --login
ec2-instance-connect doctor --account
ec2-instance-connect doctor --json --quiet
ec2-instance-connect explain
ec2-instance-connect explain alice SHA256:x more
ec2-instance-connect sessions --no-such-option
ec2-instance-connect sessions now
eic-emulator
eic-emulator fly
eic-emulator --no-such-option
eic-emulator init
eic-emulator init --no-such-option
eic-emulator serve
eic-emulator serve --no-such-option
eic-emulator push
eic-emulator push --no-such-option
eic-emulator sign
eic-emulator sign --no-such-option
eic
eic fly
eic --no-such-option
eic push
eic push --no-such-option
eic list --no-such-option
eic forget
eic forget --no-such-option
eic config --no-such-option
eic proxy
eic proxy --no-such-option
eic why --no-such-option
eic why now
eic ssh
eic ssh --no-such-option
eic scp
eic scp --no-such-option
eic sftp
eic sftp --no-such-option
mssh
mssh --no-such-option
msftp
msftp --no-such-option
eic-console --no-such-option
eic-console more
'

failures=0
# Finding WORDS
Finding() {
  echo "$1"
  failures=$((failures + 1))
}

# Play BIN_DIR PROGRAM ARGUMENT...: its status is in STATUS, what it printed in $work.
Play() {
  STATUS=0
  (cd "$work" && env -i PATH=/usr/bin:/bin HOME="$work" timeout 30 "$1/$2" "${@:3}") \
    </dev/null >"$work/out" 2>"$work/err" || STATUS=$?
}

# VerbsOf BIN_DIR PROGRAM: those that its --help names.
VerbsOf() {
  Play "$1" "$2" --help
  [ "$STATUS" = 0 ] || Finding "$2 --help: status $STATUS instead of 0"
  awk '/^[A-Z]/ { inside = /^[Ss]ubcommands/ } inside && /^  [a-z]/ { print $1 }' "$work/out"
}

[ $# -ge 2 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
bin=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=0
for program in "$@"; do
  [ -x "$bin/$program" ] || { Finding "$program: there is none in $bin" && continue; }
  grep -qE "^$program( |$)" <<<"$ROWS" || Finding "$program: the table has no row of it"
  for verb in $(VerbsOf "$bin" "$program"); do
    grep -qE "^$program $verb( |$)" <<<"$ROWS" || Finding "$program $verb: the table has no row of it"
  done
  while read -r -a row; do
    rows=$((rows + 1))
    Play "$bin" "${row[@]}"
    [ "$STATUS" = 64 ] || Finding "${row[*]}: status $STATUS instead of 64: $(head -n 3 "$work/err")"
    [ ! -s "$work/out" ] || Finding "${row[*]}: prints to standard output: $(head -n 3 "$work/out")"
  done < <(grep -E "^$program( |$)" <<<"$ROWS")
done
[ "$failures" = 0 ] || exit 1
echo "PASS: $rows wrong command lines of $#"
