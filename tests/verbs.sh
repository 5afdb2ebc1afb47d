# shellcheck shell=bash
# What the suites of scripts have in common: how a test fails, waits and ends. Sourced by their lib.sh.
#
# WORK is the test's folder. A test that sets `trap AtExit EXIT` has to set FINISHED at its end: ending
# any other way is a failure, and shows the logs, *.log of WORK.

FINISHED=

# Says what went wrong; the logs follow from the exit trap.
Fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# WaitUntil SECONDS COMMAND...: polls until COMMAND is true; false when the time is over.
WaitUntil() {
  local end=$((SECONDS + $1 + 1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.02
  done
}

ShowLogs() {
  local file
  for file in "$WORK"/*.log; do
    [ ! -s "$file" ] || tail -n "${LOG_LINES:-1000}" "$file" | sed "s|^|$(basename "$file"): |" >&2
  done
}

# What a suite has to take away at the end, whatever the end is; it defines its own.
CleanUp() { :; }

# shellcheck disable=SC2317  # The trap calls it.
AtExit() {
  local status=$?
  [ "$status" != 0 ] || [ -n "$FINISHED" ] || status=1
  [ "$status" = 0 ] || ShowLogs
  CleanUp
  exit "$status"
}
