# shellcheck shell=bash
# shellcheck disable=SC2034,SC2119,SC2120
# Real ssh and a real sshd for the tests of the client: each run by one ordinary user, on loopback, in a
# folder that goes away. Sourced as the first thing by a script of this folder:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
#   StageMain "$@"
#   Begin ... Finish
#
# Started by root, the script runs again as the user `tester`, who exists in its own mount namespace
# only, in a process namespace that takes all of its processes along at its end. Started by anybody
# else, it runs as that user. EIC_TEST_PROXY is the program eic-test-proxy.

STAGE_USER_ID=64999
HOST_ID=i-0123456789abcdef0

# StageMain ARG...: returns in the process that is to test.
StageMain() {
  if [ "$(id -u)" = 0 ]; then
    [ "${EIC_STAGE:-}" = outer ] && StageBecomeTester "$@"
    StageEnter "$@"
  fi
  [ -z "${STAGE_TRACE:-}" ] || [ -n "${EIC_STAGE_WORK:-}" ] || StageLacks "root, who may trace the keeper"
  StageBegin
}

# StageLacks REASON: the machine cannot; in CI that is a failure.
StageLacks() {
  echo "this machine lacks: $*" >&2
  [ -z "${EIC_REQUIRE_ALL:-}" ] || exit 1
  exit 77
}

StageEnter() {
  local work
  for tool in unshare setpriv mount timeout ssh ssh-agent ssh-keygen strace /usr/sbin/sshd; do
    command -v "$tool" >/dev/null || StageLacks "the program $tool"
  done
  unshare --mount --pid --fork true 2>/dev/null || StageLacks "the right to make namespaces"
  work=$(mktemp -d "${TMPDIR:-/tmp}/eic-ssh-XXXXXX")
  # Not exec: the folder is removed behind it.
  EIC_STAGE=outer EIC_STAGE_WORK=$work timeout --kill-after=5 "${STAGE_SECONDS:-280}" \
    unshare --mount --pid --fork --kill-child --propagation private --mount-proc bash "$0" "$@"
  local status=$?
  rm -rf "$work"
  exit "$status"
}

# In the namespaces, still root.
StageBecomeTester() {
  grep -v '^tester:' /etc/passwd >"$EIC_STAGE_WORK/passwd"
  echo "tester:x:$STAGE_USER_ID:$STAGE_USER_ID::$EIC_STAGE_WORK/home:/bin/bash" \
    >>"$EIC_STAGE_WORK/passwd"
  chmod 644 "$EIC_STAGE_WORK/passwd"
  mount --bind "$EIC_STAGE_WORK/passwd" /etc/passwd
  chown "$STAGE_USER_ID:$STAGE_USER_ID" "$EIC_STAGE_WORK"
  # STAGE_TRACE: options of strace for everything that the tester runs. Root's, since the keeper's memory
  # is closed to its own user.
  # shellcheck disable=SC2086
  exec ${STAGE_TRACE:+strace -f -o "$EIC_STAGE_WORK/trace" $STAGE_TRACE} \
    setpriv --reuid "$STAGE_USER_ID" --regid "$STAGE_USER_ID" --clear-groups \
    env -i PATH="$PATH" LC_ALL=C.UTF-8 USER=tester HOME="$EIC_STAGE_WORK/home" \
    EIC_STAGE_WORK="$EIC_STAGE_WORK" EIC_TEST_PROXY="$EIC_TEST_PROXY" \
    EIC_REQUIRE_ALL="${EIC_REQUIRE_ALL:-}" bash "$0" "$@"
}

# The folders and files of one test.
StageBegin() {
  # shellcheck source=tests/verbs.sh
  source "$(dirname "${BASH_SOURCE[0]}")/../verbs.sh"
  # shellcheck disable=SC2317
  CleanUp() { StageCleanUp; } # verbs.sh has one that does nothing
  [ -x "${EIC_TEST_PROXY:-}" ] || Fail "EIC_TEST_PROXY names no program"
  set -euo pipefail
  umask 077
  WORK=${EIC_STAGE_WORK:-$(mktemp -d "${TMPDIR:-/tmp}/eic-ssh-XXXXXX")}
  USER_NAME=$(id -un)
  trap AtExit EXIT
  export EIC_HOME=$WORK/eic EIC_TEST_KEYS=$WORK/authorized_keys EIC_TEST_LOG=$WORK/calls
  export EIC_TEST_MEMORY=$WORK/memory SHELL=/bin/bash
  mkdir -p "$WORK/home/.ssh" "$EIC_HOME"
  : >"$EIC_TEST_KEYS"
  : >"$EIC_TEST_LOG"
  PORT=
}

# What AtExit of verbs.sh calls, by the name of CleanUp.
# shellcheck disable=SC2317
StageCleanUp() {
  local pid
  for pid in ${SSHD_PID:-} ${AGENT_PID:-} $(KeeperPid); do kill "$pid" 2>/dev/null || true; done
  [ -n "${EIC_STAGE_WORK:-}" ] || rm -rf "$WORK"
}

# The keepers of this user: on a stage, this test's own.
KeeperPid() { pgrep -u "$(id -u)" -x eic-keeper || true; }

HasNoKeeper() { [ -z "$(KeeperPid)" ]; }

# StartSshd [OPTION]...: at $PORT, with these lines in its configuration. The last log is sshd.log.
StartSshd() {
  local try
  [ -e "$WORK/host_key" ] || ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key"
  for try in 1 2 3 4 5; do
    PORT=$((20000 + (RANDOM * 7 + $$) % 30000))
    {
      echo "Port $PORT"
      echo "ListenAddress 127.0.0.1"
      echo "HostKey $WORK/host_key"
      echo "AuthorizedKeysFile $EIC_TEST_KEYS"
      echo "PidFile none"
      echo "UsePAM no"
      echo "StrictModes no"
      echo "PasswordAuthentication no"
      echo "KbdInteractiveAuthentication no"
      echo "Subsystem sftp internal-sftp"
      echo "LogLevel VERBOSE"
      printf '%s\n' "$@"
    } >"$WORK/sshd_config"
    /usr/sbin/sshd -D -e -f "$WORK/sshd_config" 2>"$WORK/sshd.log" &
    SSHD_PID=$!
    if WaitUntil 5 grep -q 'Server listening' "$WORK/sshd.log"; then
      WriteConfig
      return
    fi
    kill "$SSHD_PID" 2>/dev/null || true
  done
  Fail "sshd did not start, in $try tries"
}

# WriteConfig [LINE]...: ssh's configuration, with these lines before the client's own block.
WriteConfig() {
  {
    printf '%s\n' "$@"
    echo "Host i-*"
    echo "  ProxyCommand $EIC_TEST_PROXY %h %p %r"
    echo "  ProxyUseFdpass ${FDPASS:-yes}"
    echo "  IdentityAgent $EIC_HOME/agent.sock"
    echo "  IdentitiesOnly no"
    echo "  StrictHostKeyChecking accept-new"
    echo "  UserKnownHostsFile $EIC_HOME/known_hosts"
    echo "  User $USER_NAME"
    echo "  Port $PORT"
  } >"$WORK/ssh_config"
}

# Ssh ARG...: the real one, with the test's configuration alone. Its words are in ssh.log.
Ssh() { ssh -F "$WORK/ssh_config" "$@" 2>>"$WORK/ssh.log"; }

# StartSession ARG... HOST: a session that lasts, in the background; SESSION is its ssh.
StartSession() {
  rm -f "$WORK/runs"
  ssh -F "$WORK/ssh_config" "$@" "touch '$WORK/runs'; sleep 60" </dev/null 2>>"$WORK/ssh.log" &
  SESSION=$!
  WaitUntil 20 test -e "$WORK/runs" || Fail "no session"
}

EndSession() {
  kill "$SESSION"
  wait "$SESSION" || true
}

# Expect WANTED COMMAND...: what COMMAND prints is WANTED.
Expect() {
  local wanted=$1 got
  shift
  got=$("$@") || Fail "status $? of: $*"
  [ "$got" = "$wanted" ] || Fail "'$got' instead of '$wanted' from: $*"
}

# ExpectStatus WANTED COMMAND...
ExpectStatus() {
  local wanted=$1 got=0
  shift
  "$@" || got=$?
  [ "$got" = "$wanted" ] || Fail "status $got instead of $wanted from: $*"
}

# Nothing of ours runs, and nothing that opens anything is left.
ExpectNothingLeft() {
  WaitUntil 15 HasNoKeeper || Fail "the keeper still runs"
  local name
  for name in agent.sock control.sock agent.sock.new control.sock.new; do
    [ ! -e "$EIC_HOME/$name" ] || Fail "$name is left"
  done
}

Finish() {
  FINISHED=yes
  echo "ok: $(basename "$0")"
}
