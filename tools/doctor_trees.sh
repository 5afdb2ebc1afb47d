# shellcheck shell=bash
# `./dev test-doctor`: the programs are built in trees of Debian with OpenSSH (tools/test_tree.sh), each fault is
# planted in a copy of them (tests/doctor/planted.sh), and the unit is tried in a copy that is booted
# (tests/doctor/booted.sh). Sourced by ./dev, after tools/test_tree.sh.

# TestDoctor [SUITE]...
TestDoctor() {
  local suite bin status=0
  [ $# -gt 0 ] || set -- bookworm bullseye
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-doctor makes trees with mmdebstrap, and needs root" >&2
    return 2
  fi
  Setup test-doctor
  # What stands beside the trees: the emulator, and the catcher of the log.
  Build release
  "${CXX:-c++}" -std=c++20 -O1 -o build/release/eic-log-catcher tests/scenarios/log_catcher.cc
  for suite in "$@"; do
    ReadyTestTree "$suite"
    TestTreeRelease "$TEST_TREE" eic-authorized-keys ec2-instance-connect >"$TEST_TREE.log" 2>&1 || {
      tail -n 40 "$TEST_TREE.log" >&2
      return 1
    }
    bin=$PWD/$TEST_TREE/build/release/bin
    EIC_REQUIRE_ALL=1 EIC_BIN_DIR=$PWD/build/release/bin \
      EIC_LOG_CATCHER=$PWD/build/release/eic-log-catcher \
      tests/doctor/planted.sh --bin "$bin" "$PWD/$TEST_TREE" || status=1
    EIC_BIN_DIR=$PWD/build/release/bin tests/doctor/booted.sh --bin "$bin" "$PWD/$TEST_TREE" || status=1
  done
  return "$status"
}
