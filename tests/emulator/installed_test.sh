#!/usr/bin/env bash
# usage: installed_test.sh BUILD_FOLDER
# The emulator is never installed with the agent: `cmake --install` leaves it out, and its component is
# the program and its manual alone. What the packages hold is made of these two.
set -euo pipefail
build=$1
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT

# Paths COMPONENT_OPTION...: what is installed, by name.
Paths() {
  rm -rf "$target/root"
  DESTDIR=$target/root cmake --install "$build" "$@" >"$target/log" 2>&1 || { cat "$target/log" && return 1; }
  find "$target/root" ! -type d -printf '%f\n' | sort
}

all=$(Paths)
grep -x eic-authorized-keys <<<"$all" >/dev/null || { echo "the agent is not installed" && exit 1; }
if grep -i emulator <<<"$all"; then
  echo "the emulator is installed with the agent"
  exit 1
fi
emulator=$(Paths --component emulator)
[ "$emulator" = "$(printf '%s\n' eic-emulator eic-emulator.1)" ] || {
  echo "the emulator's component is: $emulator"
  exit 1
}
awk '/^Package: ec2-instance-connect$/, /^$/' "$(dirname "$0")/../../packaging/deb/control" |
  if grep -E '^(Depends|Recommends|Suggests|Pre-Depends):.*emulator|^ +eic-emulator'; then
    echo "the agent's package asks for the emulator's"
    exit 1
  fi
echo PASS
