#!/usr/bin/env bash
# Goal of this test
# What: the log can be away or full without closing the door.
# How: log in with a pushed key while /dev/log does not exist, and while its queue is full and its
#      reader stands still.
# Expected: both logins work. The full queue delays the agent by no more than 200 ms a run.
source "$(dirname "$0")/lib.sh"

# TryLogin WORDS LIMIT_MS
TryLogin() {
  Milliseconds ExpectLogin ec2-user key
  [ "$ELAPSED_MS" -le "$2" ] || Fail "$1: the login took $ELAPSED_MS ms, allowed are $2"
  echo "$1: login in $ELAPSED_MS ms"
}

StartAll
NewKey key
Push ec2-user key
TryLogin "log present" 20000
usual_ms=$ELAPSED_MS

kill -STOP "$CATCHER_PID"
# Datagrams until the queue is full: then logger waits and timeout ends it.
while timeout 0.2 logger --socket /dev/log fill; do :; done
TryLogin "log full" $((2 * usual_ms + 2 * 200 + 1000))
kill -KILL "$CATCHER_PID"
wait "$CATCHER_PID" 2>/dev/null || true

rm /dev/log
TryLogin "log missing" $((2 * usual_ms + 1000))
Finish
