#!/usr/bin/env bash
# usage: tests/doctor/booted.sh [--bin DIR] TREE
#
# Goal of this test
# What: doctor's unit, hardened as it is, finds what the plain command finds.
# How: a copy of TREE, a Debian with OpenSSH and systemd, is booted with a system on which a pushed key opens
#      the door. Faults are planted one after the other and taken back; each time the unit is started, and
#      its lines in the journal are compared with those of `doctor --quiet` as root. doctor logs in by itself.
# Expected: the healthy system has no line; each fault has the line of its check, from both alike. The unit
#      does not fail. `systemd-analyze verify` has no complaint, and `security` stays below the exposure
#      that this test holds. The login comes to a shell, in a transient unit, and leaves nothing.
#
# --bin DIR holds the agent and ec2-instance-connect for TREE (default: EIC_BIN_DIR); EIC_BIN_DIR has the
# emulator, which runs beside it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
UNIT=ec2-instance-connect-doctor.service
EXPOSURE_MAX=32 # In tenths; 100 is the worst.

# shellcheck source=tests/verbs.sh
source "$here/../verbs.sh"

# A system on which a pushed key opens the door, with the units as a package would install them.
MakeHealthy() {
  local hash name
  umask 022
  for name in ec2-instance-connect ec2-user; do
    chroot "$TREE" sh -c "id $name >/dev/null 2>&1 || useradd --no-create-home $name"
  done
  chroot "$TREE" usermod --shell /bin/sh --password '*' ec2-user
  install -D "$BIN/eic-authorized-keys" "$TREE/usr/libexec/ec2-instance-connect/eic-authorized-keys"
  install -D "$BIN/ec2-instance-connect" "$TREE/usr/sbin/ec2-instance-connect"
  install -D -m 644 "$here/../../systemd/$UNIT" "$TREE/lib/systemd/system/$UNIT"
  install -D -m 644 "$here/../../systemd/90-ec2-instance-connect.preset" \
    -t "$TREE/lib/systemd/system-preset"
  "$PROGRAMS/eic-emulator" init --dir "$WORK/emulator" >/dev/null
  hash=$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem")
  install -m 644 "$WORK/emulator/anchors.pem" "$TREE/etc/ssl/certs/$hash.0"
  echo doctor >"$TREE/etc/hostname"
  chroot "$TREE" ssh-keygen -A >/dev/null
  chroot "$TREE" ec2-instance-connect enable >/dev/null
  chroot "$TREE" systemctl --quiet preset "$UNIT"
}

# UnitLines: what the unit has said in all its runs. Not by a run's id: journald reads that from /proc, where a
# process that ended at once may be gone. Nor behind a cursor: with a match, journalctl may skip one line more.
UnitLines() { In journalctl --quiet --output cat --identifier ec2-instance-connect-doctor; }

# StartUnit: and keeps how many lines of earlier runs there are.
StartUnit() {
  SAID=$(UnitLines | wc -l)
  In systemctl reset-failed "$UNIT" # Which also forgets how often it was started.
  In systemctl start "$UNIT" || Fail "the unit failed: $(In systemctl status --no-pager "$UNIT")"
  In journalctl --sync
}

# ExpectAlike CHECK: the unit and the plain command both have CHECK's line and no other; none where CHECK is
# empty.
ExpectAlike() {
  In ec2-instance-connect doctor --quiet >"$WORK/plain.log" || true
  StartUnit
  UnitLines | tail -n "+$((SAID + 1))" >"$WORK/unit.log"
  diff "$WORK/plain.log" "$WORK/unit.log" >&2 || Fail "${1:-healthy}: the unit (>) and the command (<) differ"
  [ "$(sed -E 's/^(broken|warning) ([a-z0-9-]+): .*/\2/' "$WORK/unit.log")" = "$1" ] ||
    Fail "${1:-healthy}: found was $(cat "$WORK/unit.log")"
  echo "ok   ${1:-healthy}"
}

# What the hardening could hide: sshd's own answer, the command line of the daemon, a rule and a folder for
# the command's user alone, apt's lists. They are planted as faults.sh has them, and taken back here.
FAULTS='pubkey-off command-line-override imds-firewalled command-unreachable package-origin'
Undo_pubkey_off() { cp "$WORK/sshd_config.healthy" "$TREE/etc/ssh/sshd_config"; }
Undo_imds_firewalled() {
  ip rule add pref 0 lookup local
  ip rule del pref 50
  ip rule del pref 100
}
Undo_command_unreachable() { chmod 755 "$TREE/usr/libexec/ec2-instance-connect"; }
Undo_package_origin() { :; } # The last one.

# faults.sh's verbs, for a tree that is booted.
# shellcheck disable=SC2317  # Its functions call them.
Tree() { In "$@"; }
ip() { nsenter -t "$LEADER" -n ip "$@"; }

# Here it is a unit's daemon.
OverrideCommandLine() {
  mkdir "$TREE/etc/systemd/system/ssh.service.d"
  printf '%s\n' '[Service]' 'ExecStart=' "ExecStart=/usr/sbin/sshd -D \
-o 'AuthorizedKeysCommand /usr/bin/other %%u' -o 'AuthorizedKeysCommandUser nobody'" \
    >"$TREE/etc/systemd/system/ssh.service.d/planted.conf"
  RestartSshd
}
Undo_command_line_override() {
  rm -r "$TREE/etc/systemd/system/ssh.service.d"
  RestartSshd
}
RestartSshd() { In systemctl daemon-reload && In systemctl restart ssh.service; }

# The unit, as systemd judges it; both are told.
JudgeUnit() {
  local complaints exposure
  complaints=$(In systemd-analyze --man=no verify "$UNIT" 2>&1 | grep -F ec2-instance-connect || true)
  [ -z "$complaints" ] || Fail "systemd-analyze verify: $complaints"
  echo "systemd-analyze verify: no complaint"
  exposure=$(In systemd-analyze security --no-pager "$UNIT" | sed -n 's/.*Overall exposure level for [^:]*: *//p')
  echo "systemd-analyze security: exposure $exposure"
  [ "$(sed -E 's/^([0-9]+)\.([0-9]).*/\1\2/' <<<"$exposure")" -le "$EXPOSURE_MAX" ] ||
    Fail "exposure above $EXPOSURE_MAX tenths"
}

# It is enabled by its preset, so it ran.
RanAtBoot() {
  [ "$(In systemctl is-enabled "$UNIT")" = enabled ] || Fail "the preset does not enable the unit"
  [ -n "$(In systemctl show --property ExecMainStartTimestamp --value "$UNIT")" ] ||
    Fail "the unit did not run at boot"
  [ "$(In systemctl is-failed "$UNIT")" != failed ] || Fail "the unit failed at boot"
}

# doctor's own login comes to a shell, in a unit that goes; systemd's log has it.
LogsIn() {
  In ec2-instance-connect doctor --json --user ec2-user --from 10.1.2.3 --login >"$WORK/login.log" 2>&1 || true
  grep -q '"ended": "shell"' "$WORK/login.log" || Fail "doctor --login did not come to a shell"
  ! grep -q 'in no unit of its own' "$WORK/login.log" || Fail "doctor --login had no unit"
  In journalctl --sync
  In journalctl --quiet --output cat _PID=1 | grep 'ec2-instance-connect-login-' >/dev/null ||
    Fail "systemd started no unit for the login"
  [ -z "$(In systemctl list-units --all --plain --no-legend 'ec2-instance-connect-login-*')" ] ||
    Fail "the login's unit is left"
  [ -z "$(In sh -c 'ls -d /var/lib/ec2-instance-connect/stage.* 2>/dev/null')" ] || Fail "the login left files"
  echo "ok   a login in a unit of its own"
}

CleanUp() { Shutdown; }

Play() {
  local fault
  StageMakePrivate
  mount -t tmpfs -o size=2g,mode=755 tmpfs "$WORK"
  mkdir "$WORK/upper" "$WORK/upper.work" "$TREE"
  mount -t overlay -o "lowerdir=$LOWER,upperdir=$WORK/upper,workdir=$WORK/upper.work" overlay "$TREE"
  trap AtExit EXIT
  trap 'exit 130' INT TERM HUP
  MakeHealthy >"$WORK/healthy.log" 2>&1
  Boot
  RanAtBoot
  JudgeUnit
  ExpectAlike ''
  LogsIn
  cp "$TREE/etc/ssh/sshd_config" "$WORK/sshd_config.healthy"
  for fault in $FAULTS; do
    "Plant_${fault//-/_}"
    ExpectAlike "$fault"
    "Undo_${fault//-/_}"
  done
  FINISHED=yes
  echo "PASS: $LOWER"
}

if [ "${1-}" = --inner ]; then
  # shellcheck source=tests/scenarios/stage.sh
  source "$here/../scenarios/stage.sh"
  # shellcheck source=tests/doctor/faults.sh
  source "$here/faults.sh"
  # shellcheck disable=SC2317  # Play calls it.
  Plant_command_line_override() { OverrideCommandLine; }
  WORK=/mnt TREES='' PROGRAMS=$EIC_BIN_DIR
  # shellcheck source=tests/packages/tree.sh
  source "$here/../packages/tree.sh"
  R=$TREE
  Play
  exit
fi

BIN=
[ "${1-}" != --bin ] || { BIN=$2 && shift 2; }
[ $# = 1 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
LOWER=$1
: "${EIC_BIN_DIR:=$(cd "$here/../.." && pwd)/build/release/bin}"
BIN=${BIN:-$EIC_BIN_DIR}
export LOWER BIN EIC_BIN_DIR
exec timeout --foreground --kill-after=5 300 unshare --mount --propagation unchanged \
  bash "$here/booted.sh" --inner
