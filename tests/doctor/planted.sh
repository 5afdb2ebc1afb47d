#!/usr/bin/env bash
# usage: tests/doctor/planted.sh [--bin DIR] TREE [CHECK]...
#
# Goal of this test
# What: `ec2-instance-connect doctor` names what makes a login fail, and nothing that does not.
# How: TREE is the root of a system with OpenSSH (`/`: this machine's). Each fault of faults.sh is planted
#      alone in a copy of it, in namespaces of its own, with the emulator as metadata and a key that was
#      pushed; then doctor looks. Nothing is written to TREE, and nothing outlives the test.
# Expected: the healthy system has no finding; every other has the one that its fault is named after, with
#      the level and the status that go with it. Where a fault says so, ssh logs in as well, or fails to: as
#      doctor has it. Each check of doctor is planted, or unplanted.txt says why not.
#
# --bin DIR holds the agent and ec2-instance-connect that run in TREE (default: EIC_BIN_DIR). EIC_BIN_DIR
# has the emulator, which runs beside it, and EIC_LOG_CATCHER is the datagram catcher.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/doctor/faults.sh
source "$here/faults.sh"
# shellcheck source=tests/scenarios/stage.sh
source "$here/../scenarios/stage.sh"
# shellcheck source=tests/verbs.sh
source "$here/../verbs.sh"

API=http://127.0.0.1:8080
# Where the copies lie: a tmpfs that only this test's mount namespace sees.
WORK=/mnt

# Skip WHY: what cannot run here is a failure where all is asked for.
Skip() {
  echo "planted.sh: needs $*"
  [ -z "${EIC_REQUIRE_ALL:-}" ] || exit 1
  exit 77
}

# MountCopy LOWER UPPER: $R becomes a writable copy of LOWER.
MountCopy() {
  R=$WORK/root
  mkdir -p "$R" "$2" "$2.work"
  mount -t overlay -o "lowerdir=$1,upperdir=$2,workdir=$2.work" overlay "$R"
}

# What a booted system has besides its files.
Boot() {
  mount -t proc proc "$R/proc"
  mount -t tmpfs -o mode=755 tmpfs "$R/sys"
  mount -t tmpfs -o mode=755 tmpfs "$R/run"
  "$here/../../tools/mount_devices.sh" "$R"
  mkdir "$R/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$R/dev/pts"
  ln -s pts/ptmx "$R/dev/ptmx"
  mkdir "$R/run/sshd"
  mkdir -p "$R/sys/devices/virtual/dmi/id"
  echo "$STAGE_INSTANCE_ID" >"$R/sys/devices/virtual/dmi/id/board_asset_tag"
  chmod 444 "$R/sys/devices/virtual/dmi/id/board_asset_tag"
  ip link set lo up
  ip address add 169.254.169.254/32 dev lo
}

# Tree COMMAND...: in the copy, with nothing of this environment.
Tree() {
  chroot "$R" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
    DEBIAN_FRONTEND=noninteractive ${PRELOAD:+LD_PRELOAD=$PRELOAD} \
    ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$@"
}

# A system on which a pushed key opens the door.
MakeHealthy() {
  local name hash
  umask 022
  [ "$TREE" != / ] || MakeStock
  for name in ec2-instance-connect ec2-user; do
    Tree sh -c "id $name >/dev/null 2>&1 || useradd --no-create-home $name"
  done
  Tree usermod --shell /usr/sbin/nologin ec2-instance-connect
  Tree usermod --shell /bin/sh --password '*' ec2-user
  install -D "$BIN/eic-authorized-keys" "$R/usr/libexec/ec2-instance-connect/eic-authorized-keys"
  install -D "$BIN/ec2-instance-connect" "$R/usr/sbin/ec2-instance-connect"
  "$EIC_BIN_DIR/eic-emulator" init --dir "$WORK/emulator" >/dev/null
  hash=$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem")
  install -m 644 "$WORK/emulator/anchors.pem" "$R/etc/ssl/certs/$hash.0"
  Tree ssh-keygen -A >/dev/null
  ssh-keygen -q -t ed25519 -N '' -C key -f "$WORK/key"
  ssh-keygen -q -t rsa -b 2048 -N '' -C key -f "$WORK/key_rsa"
  Tree ec2-instance-connect enable >/dev/null
  # Once, and not again for each fault: it takes as long as all the rest of doctor.
  Tree sh -c '! command -v apt-cache >/dev/null || apt-cache gencaches >/dev/null'
}

# This machine may have been administered: its sshd gets a configuration as distributions ship it.
MakeStock() {
  rm -rf "$R/etc/ssh/sshd_config.d" "$R/etc/systemd/system"/ssh* "$R/etc/ec2-instance-connect" \
    "$R/var/lib/ec2-instance-connect" "$R/etc/default/ssh" "$R/etc/sysconfig/sshd"
  mkdir "$R/etc/ssh/sshd_config.d"
  printf '%s\n' 'Include /etc/ssh/sshd_config.d/*.conf' 'UsePAM yes' 'PermitRootLogin yes' \
    >"$R/etc/ssh/sshd_config"
}

# StartEmulator [OPTION...]: the metadata service on its real address, the API on loopback.
StartEmulator() {
  : >"$WORK/emulator.log"
  "$EIC_BIN_DIR/eic-emulator" serve --dir "$WORK/emulator" --metadata 169.254.169.254:80 \
    --allow-non-loopback --api "${API#http://}" --instance-id "${INSTANCE:-$STAGE_INSTANCE_ID}" "$@" \
    >"$WORK/emulator.log" 2>&1 &
  EMULATOR_PID=$!
  WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
}

StopEmulator() {
  kill "$EMULATOR_PID"
  wait "$EMULATOR_PID" || true
}

StartLog() {
  "$EIC_LOG_CATCHER" "$R/dev/log" "$WORK/audit.log" &
  CATCHER_PID=$!
  WaitUntil 5 test -S "$R/dev/log" || Fail "the log catcher did not bind /dev/log"
}

# Push USER: a key, as the API does it.
Push() {
  "$EIC_BIN_DIR/eic-emulator" push --api "$API" --instance-id "$STAGE_INSTANCE_ID" --os-user "$1" \
    --public-key "$KEY.pub" >/dev/null || Fail "the API refused the key"
}

# Serve USER INSTANCE: a genuine record of this instance, whatever the API would say.
Serve() {
  "$EIC_BIN_DIR/eic-emulator" sign --dir "$WORK/emulator" --timestamp "$(($(date +%s) + 60))" \
    --instance-id "$2" --public-key "$WORK/key.pub" |
    curl --silent --show-error --fail --max-time 5 --data-binary @- \
      "$API/emulator/blob?user=$1" >/dev/null || Fail "the emulator took no blob"
}

# Findings: what doctor names, one id a line; its status is in STATUS, its words in doctor.json.
Findings() {
  STATUS=0
  # shellcheck disable=SC2086  # Words of their own.
  Tree ec2-instance-connect doctor --json --user "$LOGIN" ${FROM:+--from "$FROM"} $FLAGS \
    >"$WORK/doctor.json" 2>"$WORK/doctor.err" || STATUS=$?
  sed -n 's/^ *"check": "\(.*\)",$/\1/p' "$WORK/doctor.json" >"$WORK/found"
}

# LogsIn: whether ssh gets a shell of LOGIN with the key, from FROM.
LogsIn() {
  Tree /usr/sbin/sshd -p 2222 -o ListenAddress=127.0.0.1 2>"$WORK/sshd.err" || Fail "sshd does not start"
  WaitUntil 5 test -s "$R/run/sshd.pid" || Fail "sshd does not run"
  [ "$(timeout 20 ssh -F none -p 2222 -b "$FROM" -i "$KEY" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null \
    "$LOGIN@127.0.0.1" 'echo in' 2>"$WORK/ssh.err")" = in ]
}

# DoctorLogsIn: where doctor's own login ends, one word. It leaves nothing of its own.
DoctorLogsIn() {
  Tree ec2-instance-connect doctor --json --user "$LOGIN" --from "$FROM" --login \
    >"$WORK/login.json" 2>"$WORK/login.err" || true
  ! compgen -G "$R/var/lib/ec2-instance-connect/stage.*" >/dev/null || echo left-files
  ! grep -qs '^sshd\|^ssh$' "$R"/proc/[0-9]*/comm || echo left-processes
  grep -q 'a real login follows' "$WORK/login.err" || echo unannounced
  sed -n 's/^ *"ended": "\(.*\)",$/\1/p' "$WORK/login.json"
}

# AsSshHasIt FAULT: the login ends as doctor says, where that is tried; and doctor's own as that.
AsSshHasIt() {
  local ssh=shell
  [ -n "$TRIES$ENDS" ] || return 0
  ENDED=$(DoctorLogsIn)
  [ -n "$ENDED" ] || return 1
  [ -z "$ENDS" ] || [ "$ENDED" = "$ENDS" ] || return 1
  [ -n "$TRIES" ] || return 0
  LogsIn || ssh=elsewhere
  if [ "${1%%.*}" = healthy ]; then
    [ "$ssh" = shell ] || return 1
  else
    [ "$ssh" = elsewhere ] || return 1
  fi
  [ -n "$ENDS" ] || [ "$ENDED" = "$ssh" ] || { [ "$ssh" = elsewhere ] && [ "$ENDED" != shell ]; }
}

# StatusFor CHECK: the exit status that goes with it.
StatusFor() {
  case $(Tree ec2-instance-connect doctor --checks | sed -n "s/^| \`$1\` | \([a-z]*\) .*/\1/p") in
    broken) echo 2 ;;
    warning) echo 1 ;;
    *) echo unknown ;;
  esac
}

# The innermost half, in namespaces of one fault's own: plant it, look, compare.
PlayFault() {
  local fault=$1 expected=${1%%.*} status
  # Its changes lie in a tmpfs of its own, which goes with its namespaces.
  mkdir -p "$WORK/fault"
  mount -t tmpfs -o size=512m,mode=755 tmpfs "$WORK/fault"
  MountCopy "$WORK/healthy:$TREE" "$WORK/fault/upper"
  Boot
  StartLog
  StartEmulator
  LOGIN=ec2-user PRELOAD='' PUSHES=yes KEY=$WORK/key FROM=127.0.0.7 TRIES='' ENDS='' ENDED='' FLAGS='' UNLOOKED=''
  status=0
  if [ "$fault" = healthy ]; then
    TRIES=yes
  elif declare -F "Applies_${expected//-/_}" >/dev/null && ! "Applies_${expected//-/_}"; then
    echo "none $fault: this release has no such thing"
    return
  else
    "Plant_${fault//-/_}"
  fi
  if [ "$expected" = healthy ]; then
    expected=''
  else
    status=$(StatusFor "$expected")
  fi
  [ -z "$PUSHES" ] || Push "$LOGIN"
  Findings
  if [ "$(cat "$WORK/found")" = "$expected" ] && [ "$STATUS" = "$status" ] &&
    sed -n '/"not_looked_at"/,/]/p' "$WORK/doctor.json" | grep -F -- "$UNLOOKED" >/dev/null; then
    AsSshHasIt "$fault" || {
      echo "FAIL $fault: ssh ends otherwise: $(cat "$WORK/ssh.err" "$WORK/sshd.err")"
      echo "doctor --login: ${ENDED:-nothing}, to be ${ENDS:-as ssh}: $(cat "$WORK/login.json" "$WORK/login.err")"
      return 1
    }
    echo "ok   $fault"
    return
  fi
  echo "FAIL $fault: status $STATUS instead of $status, findings: $(tr '\n' ' ' <"$WORK/found")"
  cat "$WORK/doctor.json" "$WORK/doctor.err"
  return 1
}

# Isolated FUNCTION...: a new network, process and mount namespace; what is started there ends there.
Isolated() {
  timeout --foreground --kill-after=5 60 unshare --mount --net --pid --fork --kill-child \
    --propagation unchanged bash "$here/planted.sh" --inner "$@"
}

# The checks of the program that nothing plants, and that are not excused; and excuses without a need.
CheckCoverage() {
  local check
  # shellcheck disable=SC2016  # The quotes are those of Markdown.
  Tree ec2-instance-connect doctor --checks | sed -n 's/^| `\([a-z0-9-]*\)`.*/\1/p' |
    sort >"$WORK/checks"
  Faults | cut -d . -f 1 | grep -v '^healthy$' | sort -u >"$WORK/planted"
  grep -v '^#' "$here/unplanted.txt" | cut -d ' ' -f 1 | sort >"$WORK/excused"
  for check in $(comm -23 "$WORK/checks" <(sort "$WORK/planted" "$WORK/excused")); do
    Fail "nothing plants $check: write Plant_${check//-/_}, or say in unplanted.txt why not"
  done
  for check in $(comm -12 "$WORK/planted" "$WORK/excused"); do
    Fail "unplanted.txt excuses $check, which is planted"
  done
  for check in $(sort "$WORK/planted" "$WORK/excused" | comm -13 "$WORK/checks" -); do
    Fail "doctor knows no check $check"
  done
}

# The middle: makes the healthy system once, then plays each fault.
PlayAll() {
  local fault failures=0 count=0
  StageMakePrivate
  mount -t tmpfs -o size=2g,mode=755 tmpfs "$WORK" || Skip "the right to mount"
  MountCopy "$TREE" "$WORK/healthy" 2>/dev/null || Skip "overlayfs"
  Boot
  MakeHealthy
  CheckCoverage
  umount --recursive --lazy "$R"
  [ $# -gt 0 ] || mapfile -t faults < <(echo healthy && Faults)
  [ $# = 0 ] || faults=("$@")
  for fault in "${faults[@]}"; do
    count=$((count + 1))
    Isolated fault "$fault" || failures=$((failures + 1))
  done
  [ "$failures" = 0 ] || Fail "$failures of $count"
  [ $# -gt 0 ] || [ "$count" -ge 114 ] || Fail "only $((count - 1)) faults are planted"
  echo "PASS: $TREE, $count systems, healthy one included"
}

# What this machine lacks for the test; nothing when it can run.
Lacks() {
  local tool
  for tool in perl curl openssl cc ip ssh-keygen; do
    command -v "$tool" >/dev/null || { echo "the program $tool" && return; }
  done
  StageLacksRights
}

if [ "${1-}" = --inner ]; then
  part=$2
  shift 2
  trap 'exit 130' INT TERM HUP
  case $part in
    all) PlayAll "$@" ;;
    fault)
      StageMakePrivate
      PlayFault "$@"
      ;;
  esac
  exit
fi

BIN=
[ "${1-}" != --bin ] || { BIN=$2 && shift 2; }
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
TREE=$1
shift
lacks=$(Lacks)
[ -z "$lacks" ] || Skip "$lacks"
: "${EIC_BIN_DIR:=$(cd "$here/../.." && pwd)/build/release/bin}"
: "${EIC_LOG_CATCHER:?names the log catcher}"
BIN=${BIN:-$EIC_BIN_DIR}
export TREE BIN EIC_BIN_DIR EIC_LOG_CATCHER
exec timeout --foreground --kill-after=5 900 unshare --mount --net --pid --fork --kill-child \
  --propagation unchanged bash "$here/planted.sh" --inner all "$@"
