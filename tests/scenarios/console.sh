# shellcheck shell=bash
# The verbs of eic-console's scenarios. Sourced behind lib.sh and client.sh.
# shellcheck disable=SC2034,SC2119,SC2120
[ -x /opt/eic/bin/eic-console ] || SkipWithout "eic-console, which this build does not have"
NeedsProgram python3

# StartConsole [OPTION...]: the console as the person, by the command CONSOLE_BY if that is set. It prints
# its URL to $WORK/console.out.
CONSOLE_PID=
CONSOLE_BY=()
StartConsole() {
  : >"$WORK/console.out"
  PERSON_SECONDS=${CONSOLE_SECONDS:-95} AsPerson "${CONSOLE_BY[@]}" eic-console "$@" >"$WORK/console.out" 2>"$WORK/console.log" </dev/null &
  CONSOLE_PID=$!
  WaitUntil 10 grep -q '^http://' "$WORK/console.out" || Fail "eic-console printed no URL"
  touch "$WORK/cookie"
  chown person "$WORK/cookie"
}

# Browse: Python on stdin, as the person, with console_client at hand.
Browse() {
  {
    echo 'from console_client import *'
    cat
  } >"$WORK/browse.py"
  AsPerson env PYTHONPATH=/opt/eic/scenarios PYTHONDONTWRITEBYTECODE=1 \
    timeout "${BROWSE_SECONDS:-60}" python3 "$WORK/browse.py" ||
    Fail "the browser's part failed"
}

# NothingOf NAME: the person has no process whose command line has it.
NothingOf() { ! pgrep -u person -f -- "$1" >/dev/null; }

# PidOf NAME: the person's oldest process of that name.
PidOf() { pgrep -o -u person -x "$1" || Fail "there is no process $1"; }
