# shellcheck shell=bash
# `./dev test-doctor`: each fault that doctor knows is planted in a copy of a Debian with OpenSSH
# (tests/doctor/planted.sh), and doctor's unit is tried in a copy that is booted (tests/doctor/booted.sh). The trees
# are kept in build/trees/. The programs are the payload, which runs on every one of them. Sourced by ./dev, after
# tools/debian_tree.sh and tools/payload.sh.

# An init and its bus, since booted.sh boots it; openssl and ip for what the faults do inside.
DOCTOR_TREE_PACKAGES=openssh-server,openssh-client,systemd-sysv,dbus,libpam-systemd,ca-certificates,iproute2,openssl

MakeDoctorTree() {
  rm -rf --one-file-system "$2"
  MakeTree "$1" "$2" --variant=minbase "--include=$DOCTOR_TREE_PACKAGES"
}

# TestDoctor [SUITE]...
TestDoctor() {
  local suite tree status=0
  [ $# -gt 0 ] || set -- bullseye bookworm trixie
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-doctor makes trees with mmdebstrap, and needs root" >&2
    return 2
  fi
  Setup test-doctor
  Payload
  # Beside the trees: the emulator, and the catcher of the log.
  Build release
  "${CXX:-c++}" -std=c++20 -O1 -o build/release/eic-log-catcher tests/scenarios/log_catcher.cc
  mkdir -p build/trees
  for suite in "$@"; do
    tree=build/trees/$suite-doctor
    Stage "$tree" "$(KeyOf "$DOCTOR_TREE_PACKAGES" "$(declare -f MakeTree MakeDoctorTree)")" \
      MakeDoctorTree "$suite" "$tree"
    EIC_REQUIRE_ALL=1 EIC_BIN_DIR=$PWD/build/release/bin \
      EIC_LOG_CATCHER=$PWD/build/release/eic-log-catcher \
      tests/doctor/planted.sh --bin "$PWD/$(PayloadDir)/bin" "$PWD/$tree" || status=1
    EIC_BIN_DIR=$PWD/build/release/bin \
      tests/doctor/booted.sh --bin "$PWD/$(PayloadDir)/bin" "$PWD/$tree" || status=1
  done
  return "$status"
}
