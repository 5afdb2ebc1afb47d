#!/usr/bin/env bash
# Goal of this test
# What: a worker of eic-console that an instance has taken over reaches nothing but its link and its
#       connection.
# How: eic-console-taken-over, confined as a worker is, tries it as an ordinary user and as root.
# Expected: every try is denied but the one that writes to /dev/null.
source "$(dirname "$0")/lib.sh"

[ -x /opt/eic/bin/eic-console-taken-over ] || SkipWithout "eic-console, which this build does not have"
mkdir -p /etc/eic
echo "not read, only opened" >/etc/eic/store.pem
for become in "setpriv --reuid person --regid person --clear-groups" ""; do
  # shellcheck disable=SC2086  # Words of a command.
  $become eic-console-taken-over /etc/eic/store.pem >"$WORK/is.table" || {
    cat "$WORK/is.table"
    Fail "a worker can do more than it should"
  }
  [ "$(wc -l <"$WORK/is.table")" -gt 50 ] || Fail "too few tries"
done
cat "$WORK/is.table"
Finish
