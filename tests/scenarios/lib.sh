# shellcheck shell=bash
# The verbs of the scenarios. Sourced by each as its first act: on the machine itself this moves the
# script onto a stage (stage.sh) and starts it anew there; on the stage it defines the verbs.
#
# A scenario ends with Finish. Ending any other way is a failure, and shows the logs.
#
# Some of what is set and taken here only the scenarios give and read:
# shellcheck disable=SC2034,SC2119,SC2120

set -euo pipefail
# shellcheck source=tests/scenarios/stage.sh
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"

# GoOnStage SCRIPT: off the stage, moves there or says why it cannot (77: ctest's "skipped").
GoOnStage() {
  local lacks repository program
  ! OnStage || return 0
  lacks=$(StageLacks)
  if [ -n "$lacks" ]; then
    echo "$(basename "$1"): needs $lacks"
    [ -n "${EIC_REQUIRE_ALL:-}" ] && exit 1
    exit 77
  fi
  repository=$(cd "$(dirname "$1")/../.." && pwd)
  : "${EIC_BIN_DIR:=$repository/build/dev/bin}"
  : "${EIC_LOG_CATCHER:=$repository/build/dev/tests/eic-log-catcher}"
  for program in "$EIC_BIN_DIR"/eic-{authorized-keys,emulator} "$EIC_LOG_CATCHER"; do
    if [ ! -x "$program" ]; then
      echo "$program is not built (./dev build dev, or set EIC_BIN_DIR and EIC_LOG_CATCHER)"
      exit 1
    fi
  done
  StageEnter "${EIC_STAGE_SECONDS:-100}" "$@"
}

GoOnStage "$0" "$@"

WORK=/run/eic # Everything that a scenario writes down.
API=http://127.0.0.1:8080
AUDIT=$WORK/audit.log
SSHD_LOG=$WORK/sshd.log
EMULATOR_PID=
CATCHER_PID=
mkdir -p "$WORK"

# shellcheck source=tests/verbs.sh
source "$(dirname "${BASH_SOURCE[0]}")/../verbs.sh"
trap AtExit EXIT
# Process 1 gets only the signals that it asks for.
trap 'exit 130' INT TERM HUP

# StartLog: binds /dev/log.
StartLog() {
  touch "$AUDIT"
  eic-log-catcher /dev/log "$AUDIT" &
  CATCHER_PID=$!
  WaitUntil 5 test -S /dev/log || Fail "the log catcher did not bind /dev/log"
}

# StartEmulator [OPTION...]: the metadata service on its real address, the API on loopback.
StartEmulator() {
  [ -e "$WORK/emulator/anchors.pem" ] || eic-emulator init --dir "$WORK/emulator" >"$WORK/init.log"
  install -D -m 644 "$WORK/emulator/anchors.pem" /etc/eic/anchors.pem
  : >"$WORK/emulator.log"
  eic-emulator serve --dir "$WORK/emulator" --metadata 169.254.169.254:80 --allow-non-loopback \
    --api "${API#http://}" --instance-id "$STAGE_INSTANCE_ID" "$@" >"$WORK/emulator.log" 2>&1 &
  EMULATOR_PID=$!
  WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
}

StopEmulator() {
  kill -CONT "$EMULATOR_PID"
  kill "$EMULATOR_PID"
  wait "$EMULATOR_PID" || true
}

# The part of the configuration that a scenario may want to say differently.
DEFAULT_COMMAND="AuthorizedKeysCommand /opt/eic/bin/eic-authorized-keys \
--ca-store /etc/eic/anchors.pem -- %u %f %t"

# StartSshd [LINE...]: a real sshd in the foreground; LINEs come before the defaults, and first wins.
StartSshd() {
  local config=$WORK/sshd_config
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key"
  {
    [ $# = 0 ] || printf '%s\n' "$@"
    printf '%s\n' "$DEFAULT_COMMAND" "AuthorizedKeysCommandUser ec2-instance-connect" \
      "AuthorizedKeysFile .ssh/authorized_keys" "ListenAddress 127.0.0.1" "Port 22" \
      "HostKey $WORK/host_key" "PidFile none" "UsePAM no" "PasswordAuthentication no" \
      "AuthenticationMethods publickey" "LogLevel VERBOSE"
  } >"$config"
  # From 9.8 on sshd would lock out this client after some refusals; older ones lack the keyword.
  if /usr/sbin/sshd -t -f "$config" -o PerSourcePenalties=no 2>/dev/null; then
    echo "PerSourcePenalties no" >>"$config"
  fi
  : >"$SSHD_LOG"
  /usr/sbin/sshd -D -e -f "$config" 2>"$SSHD_LOG" &
  WaitUntil 10 grep -q '^Server listening' "$SSHD_LOG" || Fail "sshd does not listen"
  sed 's/^/127.0.0.1 /' "$WORK/host_key.pub" >"$WORK/known_hosts"
}

# StartAll [LINE...]: everything, with the defaults, and LINEs for sshd.
StartAll() {
  StartLog
  StartEmulator
  StartSshd "$@"
}

# NewKey NAME [TYPE]: makes $WORK/NAME and $WORK/NAME.pub.
NewKey() { ssh-keygen -q -t "${2:-ed25519}" -N '' -C "$1" -f "$WORK/$1"; }

# Fingerprint NAME [HASH]: as sshd writes it.
Fingerprint() { ssh-keygen -E "${2:-sha256}" -lf "$WORK/$1.pub" | cut -d ' ' -f 2; }

# Push USER NAME: through the API, as `aws ec2-instance-connect send-ssh-public-key` would.
Push() {
  eic-emulator push --api "$API" --instance-id "$STAGE_INSTANCE_ID" --os-user "$1" \
    --public-key "$WORK/$2.pub" >"$WORK/push.log" 2>&1 || Fail "the API refused key $2 for $1"
}

# NeedsProgram NAME [PYTHON_MODULE]: skips where the machine lacks it.
NeedsProgram() {
  if command -v "$1" >/dev/null && { [ $# = 1 ] || "$1" -c "import $2" 2>/dev/null; }; then return 0; fi
  SkipWithout "$* (./dev setup installs it)"
}

# NeedsTree PROGRAM: skips where the stage has no other system with it (EIC_TREE).
NeedsTree() {
  [ ! -x "/opt/eic/tree/usr/bin/$1" ] || return 0
  SkipWithout "the tree of Debian 13 with $1 (./dev test makes it)"
}

# SkipWithout WHAT: the end, for want of it; a failure where all is asked for.
SkipWithout() {
  echo "$(basename "$0"): needs $1"
  FINISHED=yes
  [ -z "${EIC_REQUIRE_ALL:-}" ] || exit 1
  exit 77
}

# AwsCredentials: what AWS's clients sign with, and nothing of this machine's configuration.
AwsCredentials() {
  export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE # AWS's example, which eic-emulator takes by default.
  export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  export AWS_DEFAULT_REGION=us-west-2 AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
}

# Serve USER: what stands on stdin is the blob for USER from now on, whatever the API would say.
Serve() {
  # Not as a form, which is curl's default and of which cpp-httplib takes 8 KiB.
  curl --silent --show-error --fail --max-time 5 --header 'Content-Type: text/plain' --data-binary @- \
    "$API/emulator/blob?user=${1//@/%40}" >/dev/null || Fail "the emulator took no blob for $1"
}

# Control CURL_OPTION... URL: asks one of the emulator's doors for tests.
Control() {
  curl --silent --show-error --fail --max-time 5 --output /dev/null "$@" || Fail "the emulator did not obey"
}

# SignRecord NAME TIMESTAMP [INSTANCE]: a genuine record for key NAME.
SignRecord() {
  eic-emulator sign --dir "$WORK/emulator" --timestamp "$2" \
    --instance-id "${3:-$STAGE_INSTANCE_ID}" --caller arn:aws:iam::123456789012:user/alice \
    --request 1234abcd-12ab-34cd-56ef-1234567890ab --public-key "$WORK/$1.pub"
}

# Ssh USER OPTION...: the ordinary client, with nothing of this machine's or user's configuration.
Ssh() {
  local user=$1
  shift
  ssh -F none -l "$user" -o BatchMode=yes -o ConnectTimeout=5 -o StrictHostKeyChecking=yes \
    -o UserKnownHostsFile="$WORK/known_hosts" -o GlobalKnownHostsFile=none \
    -o PreferredAuthentications=publickey "$@" 127.0.0.1 id -un
}

# Identities NAME...: options that offer exactly these keys, in this order.
Identities() {
  local name
  printf '%s\n' -o IdentitiesOnly=yes -o IdentityAgent=none
  for name in "$@"; do printf '%s\n' -i "$WORK/$name"; done
}

# ExpectLogin USER NAME...: one of the keys opens the door, and USER is who comes in.
ExpectLogin() {
  local user=$1 options
  shift
  mapfile -t options < <(Identities "$@")
  ExpectLoginWith "$user" "${options[@]}"
}

ExpectLoginWith() {
  local answer
  answer=$(Ssh "$@" 2>"$WORK/ssh.log") || Fail "login of $1 was refused"
  [ "$answer" = "$1" ] || Fail "logged in as '$answer' instead of $1"
}

# ExpectRefused USER NAME...: sshd says no, and nothing else went wrong.
ExpectRefused() {
  local user=$1 options
  shift
  mapfile -t options < <(Identities "$@")
  ! Ssh "$user" "${options[@]}" >"$WORK/ssh.log" 2>&1 || Fail "login of $user was accepted"
  grep -q 'Permission denied (publickey)' "$WORK/ssh.log" || Fail "no clean refusal for $user"
}

# Milliseconds COMMAND...: runs it; the time it took is in ELAPSED_MS.
Milliseconds() {
  local start
  start=$(date +%s%N)
  "$@"
  ELAPSED_MS=$((($(date +%s%N) - start) / 1000000))
}

# What the agent logged, without the rest of the world.
AuditLines() { grep -F ' ec2-instance-connect[' "$AUDIT" || true; }

HasAudit() { AuditLines | grep -E -- "$1" >/dev/null; }

# ExpectAudit REGEX: the agent logged such a line.
ExpectAudit() { WaitUntil 2 HasAudit "$1" || Fail "no audit line matches: $1"; }

# ExpectNoAudit: the agent logged nothing so far. A line of our own, sent last, shows that all arrived.
ExpectNoAudit() {
  local marker="marker $RANDOM $SECONDS"
  logger --socket /dev/log "$marker"
  WaitUntil 5 grep -qF -- "$marker" "$AUDIT" || Fail "the log catcher is deaf"
  [ -z "$(AuditLines)" ] || Fail "there should be no audit line"
}

# Escaped TEXT: TEXT as an extended regular expression that matches just it.
Escaped() { sed 's/[][\.*^$+?(){}|/]/\\&/g' <<<"$1"; }

# ExpectAccepted NAME: the audit line of an accepted key, in full: authpriv (10), info (6) is <86>.
ExpectAccepted() {
  ExpectAudit "^<86>.* ec2-instance-connect\[[0-9]+\]: Providing ssh key from EC2 Instance Connect \
with fingerprint: $(Escaped "$(Fingerprint "$1")"), request-id: [^ ,]+, for IAM principal: [^ ]+ sshd=[0-9]+$"
}

# ExpectRejection SLUG NAME: the audit line of a refused record: authpriv (10), warning (4) is <84>.
ExpectRejection() {
  ExpectAudit "^<84>.* ec2-instance-connect\[[0-9]+\]: Refused ssh key from EC2 Instance Connect: \
reason=$1 .*fingerprint=\"?$(Escaped "$(Fingerprint "$2")")"
}

# Finish: what holds at the end of every scenario, then success.
Finish() {
  if [ -e "$SSHD_LOG" ] &&
    grep -E 'AuthorizedKeysCommand .*(failed|exited|returned)|[^ ]Sanitizer|runtime error' "$SSHD_LOG"
  then
    Fail "the agent troubled sshd"
  fi
  [ ! -e "$WORK/emulator.log" ] ||
    ! grep -E '[^ ]Sanitizer|runtime error' "$WORK/emulator.log" || Fail "the emulator has a defect"
  FINISHED=yes
  echo "PASS"
}
