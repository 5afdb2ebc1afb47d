# shellcheck shell=bash
# The verbs of the demos: steps, and commands that are shown as a person would type them. Sourced behind client.sh.

# Announces the next step of the transcript.
STEP=0
Step() {
  STEP=$((STEP + 1))
  printf '\n%d. %s\n' "$STEP" "$*"
}

# Show COMMAND...: prints the command as a person would type it.
Show() {
  printf '   $'
  printf ' %q' "$@"
  echo
}

Indent() { sed 's/^/     /' "$@"; }

# Run COMMAND...: shows the command, runs it as the person and shows its output; has its status.
Run() {
  local status=0
  Show "$@"
  AsPerson "$@" >"$WORK/run.log" 2>&1 </dev/null || status=$?
  Indent "$WORK/run.log"
  return "$status"
}

# ExpectUser: the latest command printed that it ran as ec2-user.
ExpectUser() { [ "$(tail -n 1 "$WORK/run.log")" = ec2-user ] || Fail "this is not the shell of ec2-user"; }
