#!/usr/bin/env bash
# usage: tests/doctor/unit.sh
#
# Goal of this test
# What: systemd takes the units of systemd/.
# How: systemd-analyze verify on a copy whose ExecStart is a program that this machine has.
# Expected: no complaint.
set -euo pipefail
units=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../systemd" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v systemd-analyze >/dev/null; then
  echo "unit.sh: needs the program systemd-analyze"
  [ -z "${EIC_REQUIRE_ALL:-}" ] || exit 1
  exit 77
fi
for unit in "$units"/*.service; do
  sed 's|^ExecStart=/[^ ]*|ExecStart=/bin/true|' "$unit" >"$work/$(basename "$unit")"
done
complaints=$(systemd-analyze --man=no verify "$work"/*.service 2>&1 | grep -F -- "$work" || true)
complaints+=$(systemd-analyze --man=no verify "$work"/*.service 2>&1 | grep -F ec2-instance-connect || true)
if [ -n "$complaints" ]; then
  echo "FAIL: $complaints"
  exit 1
fi
echo "PASS"
