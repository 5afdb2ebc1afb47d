#!/usr/bin/env bash
# Goal of this test: 60 logins at once, each with its own key, by one keeper; none fails.
# shellcheck disable=SC2016
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
StageMain "$@"

StartSshd "MaxStartups 100"
LOGINS=60

# Together [VARIABLE=VALUE]...: all at once; each prints its number.
Together() {
  local number pids=() failed=0
  : >"$WORK/numbers"
  : >"$EIC_TEST_KEYS"
  for ((number = 1; number <= LOGINS; ++number)); do
    env "$@" ssh -F "$WORK/ssh_config" "$HOST_ID" echo "$number" \
      >>"$WORK/numbers" 2>>"$WORK/ssh.log" </dev/null &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
  [ "$failed" = 0 ] || Fail "$failed of $LOGINS logins failed"
  Expect "$(seq "$LOGINS")" sort -n "$WORK/numbers"
  Expect "$LOGINS" grep -c ^ssh- "$EIC_TEST_KEYS"
  Expect "$LOGINS" awk '{ seen[$2] = 1 } END { for (key in seen) ++count; print count }' \
    "$EIC_TEST_KEYS"
  ExpectNothingLeft
}

Together
LOGINS=15
Together EIC_TEST_KEY_TYPE=rsa
Finish
