# shellcheck shell=bash
# `./dev test-doctor`: trees of Debian with OpenSSH, this program built in each, and each fault planted in
# a copy (tests/doctor/planted.sh). The trees are kept below build/doctor-trees/. Sourced by ./dev.
source tools/debian_tree.sh

DOCTOR_PACKAGES=openssh-server,ca-certificates,g++,cmake,make,libcurl4-openssl-dev,libssl-dev,\
nlohmann-json3-dev,libspdlog-dev,libseccomp-dev,procps

# DoctorTree SUITE: makes build/doctor-trees/SUITE/tree, unless it is there.
DoctorTree() {
  local folder=build/doctor-trees/$1
  [ ! -e "$folder/complete" ] || return 0
  rm -rf --one-file-system "$folder"
  mkdir -p "$folder"
  MakeTree "$1" "$folder/tree" --variant=minbase --include="$DOCTOR_PACKAGES"
  # Bullseye has no CLI11: its headers alone are needed, and they are this machine's.
  cp -r /usr/include/CLI "$folder/tree/usr/include/"
  mkdir -p "$folder/tree/usr/share/cmake/CLI11"
  cp -r "$(dirname "$(find /usr/lib /usr/share -name CLI11Config.cmake 2>/dev/null | head -n 1)")"/. \
    "$folder/tree/usr/share/cmake/CLI11/"
  touch "$folder/complete"
}

# DoctorBuild SUITE: the agent and ec2-instance-connect, built in the tree by its own compiler.
DoctorBuild() {
  local tree=build/doctor-trees/$1/tree
  mkdir -p "$tree/src" "$tree/out"
  tar --exclude=./build --exclude=./.git -c . | tar -C "$tree/src" -x
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  unshare --mount bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 bash -euc "
      cmake -S /src -B /out -DCMAKE_BUILD_TYPE=Release -DEIC_BUILD_EMULATOR=OFF >/dev/null
      cmake --build /out -j $(nproc) --target eic-authorized-keys ec2-instance-connect"
  ' build "$tree"
}

# TestDoctor [SUITE]...
TestDoctor() {
  local suite status=0
  [ $# -gt 0 ] || set -- bookworm bullseye
  Setup test
  command -v mmdebstrap >/dev/null || { echo "./dev test-doctor needs mmdebstrap" >&2 && return 2; }
  Build release
  "${CXX:-c++}" -std=c++20 -O1 -o build/release/eic-log-catcher tests/scenarios/log_catcher.cc
  for suite in "$@"; do
    DoctorTree "$suite" && DoctorBuild "$suite" || return 1
    EIC_REQUIRE_ALL=1 EIC_BIN_DIR=$PWD/build/release/bin \
      EIC_LOG_CATCHER=$PWD/build/release/eic-log-catcher \
      tests/doctor/planted.sh --bin "$PWD/build/doctor-trees/$suite/tree/out/bin" \
      "$PWD/build/doctor-trees/$suite/tree" || status=1
  done
  return "$status"
}
