# shellcheck shell=bash
# ./dev payload: one set of programs that runs on every host with glibc 2.26 or later. doc/packaging.md,
# "The payload". Sourced by ./dev.
#
# Three stages, each done again only when what goes into it has changed: a bullseye tree with its
# compiler, the libraries (tools/payload_libraries.sh), the programs. Agent and client have libraries of
# their own, so libraries and programs lie in two folders, agent and client. A stage's key is written when it
# is done, so one that was interrupted starts again.
source tools/debian_tree.sh

PAYLOAD_CACHE=build/payload/cache
PAYLOAD_TREE=$PAYLOAD_CACHE/tree
# In the tree.
PAYLOAD_SOURCES=/src
PAYLOAD_PREFIX=/opt/payload
PAYLOAD_BUILD=/build
PAYLOAD_AGENT_PROGRAMS=(eic-authorized-keys ec2-instance-connect eic-chain)
PAYLOAD_CLIENT_PROGRAMS=(eic)
PAYLOAD_PACKAGES=g++,cmake,make,dpkg-dev,libseccomp-dev

PayloadUsage() {
  echo "usage: ./dev payload [--fresh]   build/payload/ARCH; --fresh: with today's packages, from nothing"
  echo "       ./dev payload check       test the files that are there"
  echo "       ./dev payload scenarios [--tree RELEASE] [NAME...]   the scenarios with them; NAME: 01, 03-wrong-user"
}

# PayloadDir: where the result is.
PayloadDir() { echo "build/payload/$(dpkg --print-architecture)"; }

PayloadTree() {
  local suffix
  rm -rf --one-file-system "$PAYLOAD_TREE"
  rm -f "$PAYLOAD_CACHE"/*.key
  MakeTree bullseye "$PAYLOAD_TREE" --variant=apt --include="$PAYLOAD_PACKAGES"
  suffix=$(AptSuffixOf "$(AptSources)")
  AptSourcesOf bookworm deb-src >"$PAYLOAD_TREE/etc/apt/sources.list.d/bookworm-source.$suffix"
  mkdir "$PAYLOAD_TREE/source"
}

PayloadLibraries() {
  rm -f "$PAYLOAD_CACHE/programs.key"
  # The tree may be old, and the sources that its index names gone.
  RunInTree "$PAYLOAD_TREE" / apt-get -qq -o Acquire::Retries=3 update
  RunInTree "$PAYLOAD_TREE" / bash /source/tools/payload_libraries.sh \
    "$PAYLOAD_SOURCES" "$PAYLOAD_PREFIX"
}

# PayloadBuild agent|client OPTION... -- TARGET...: bullseye's CMake knows no presets: the flags are
# those of the release preset.
PayloadBuild() {
  local part=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  RunInTree "$PAYLOAD_TREE" / cmake -S /source -B "$PAYLOAD_BUILD/$part" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DEIC_LINK=bundled -DEIC_WERROR=ON \
    -DEIC_BUNDLE_PREFIX="$PAYLOAD_PREFIX/$part" "${options[@]}" &&
    RunInTree "$PAYLOAD_TREE" / make -C "$PAYLOAD_BUILD/$part" -j "$(nproc)" --no-print-directory "$@"
}

PayloadPrograms() {
  {
    PayloadBuild agent -DEIC_BUILD_CLIENT=OFF -DEIC_BUILD_TAKEN_OVER=ON \
      -- "${PAYLOAD_AGENT_PROGRAMS[@]}" eic-taken-over eic-member-taken-over &&
      PayloadBuild client -DEIC_BUILD_AGENT=OFF -- "${PAYLOAD_CLIENT_PROGRAMS[@]}"
  } >"$PAYLOAD_CACHE/programs.log" 2>&1 || {
    tail -n 40 "$PAYLOAD_CACHE/programs.log" >&2
    return 1
  }
  PayloadResult
}

# FromTree NAME PACKAGE LICENCE: the materials' line for what the tree's own package brought in.
FromTree() {
  local source version
  source=$(dpkg-query --admindir="$PAYLOAD_TREE/var/lib/dpkg" -W -f '${source:Package}' "$2")
  version=$(dpkg-query --admindir="$PAYLOAD_TREE/var/lib/dpkg" -W -f '${source:Version}' "$2")
  printf '%s\t%s\t%s\t%s\t%s\t-\tagent,client\n' "$1" "${version%-*}" "$source" "$version" "$3"
  cp -L "$PAYLOAD_TREE/usr/share/doc/$2/copyright" "$(PayloadDir)/copyright/$1"
}

# PayloadStrip agent|client PROGRAM...: into the result, without symbols.
PayloadStrip() {
  local build=$PAYLOAD_BUILD/$1 program
  shift
  for program in "$@"; do
    RunInTree "$PAYLOAD_TREE" / strip -o "$build/$program" "$build/bin/$program"
    install -m 755 "$PAYLOAD_TREE$build/$program" "$(PayloadDir)/bin/$program"
  done
}

# The result: programs without symbols, what is in them, and its licences.
PayloadResult() {
  local out
  out=$(PayloadDir)
  rm -rf "$out"
  mkdir -p "$out/bin"
  PayloadStrip agent "${PAYLOAD_AGENT_PROGRAMS[@]}"
  PayloadStrip client "${PAYLOAD_CLIENT_PROGRAMS[@]}"
  cp -r "$PAYLOAD_TREE$PAYLOAD_PREFIX/copyright" "$out/copyright"
  {
    printf 'name\tversion\tsource package\tits version\tlicence\tSHA-256 of its .dsc\tlinked into\n'
    cat "$PAYLOAD_TREE$PAYLOAD_PREFIX/materials.tsv"
    FromTree libstdc++ libstdc++-10-dev "GPL-3.0-or-later WITH GCC-exception-3.1"
    FromTree glibc-start-files libc6-dev "LGPL-2.1-or-later"
  } >"$out/BILL_OF_MATERIALS.tsv"
  (cd "$out" && sha256sum bin/* BILL_OF_MATERIALS.tsv >SHA256SUMS)
}

PayloadCheck() {
  local out
  out=$(PayloadDir)
  tests/payload/check_program.sh payload "$out"/bin/eic-authorized-keys "$out"/bin/eic-chain &&
    tests/payload/check_program.sh payload-admin "$out"/bin/ec2-instance-connect &&
    tests/payload/check_program.sh client "$out"/bin/eic &&
    tests/payload/check_objects.sh "$PAYLOAD_TREE$PAYLOAD_BUILD/agent" &&
    tests/payload/check_objects.sh "$PAYLOAD_TREE$PAYLOAD_BUILD/client"
}

# PayloadScenarios [--tree RELEASE] [NAME...]: with the payload's agent and an emulator that was built
# where they run: on this machine, or in the tree that `./dev test-tree RELEASE` made. There, and without
# NAME, the vectors as well.
PayloadScenarios() {
  local tree='' bin=build/payload/scenarios/bin script name program status=0 result ran=0 skipped=0
  if [ "${1-}" = --tree ]; then
    tree=build/test-trees/${2-}
    [ -e "$tree.key" ] || { echo "first ./dev test-tree ${2-}" >&2 && return 2; }
    shift 2
    bin=$tree/build/payload/bin
    install -D "$tree/build/release/bin/eic-emulator" "$bin/eic-emulator"
    install -D "$tree/build/tests/tests/eic-log-catcher" "$bin/../eic-log-catcher"
  else
    Setup demo
    Build release
    install -D build/release/bin/eic-emulator "$bin/eic-emulator"
    "${CXX:-c++}" -std=c++20 -O1 -o "$bin/../eic-log-catcher" tests/scenarios/log_catcher.cc
  fi
  rm -f "$bin"/eic "$bin"/eic-chain "$bin"/eic-authorized-keys # So that a payload that is missing is noticed.
  cp "$(PayloadDir)"/bin/* "$bin/"
  ln -sf eic "$bin/mssh"
  ln -sf eic "$bin/msftp"
  # Not shipped; made of the same libraries, so that it is the payload's confinement that is tried.
  for program in eic-taken-over eic-member-taken-over; do
    install -D "$PAYLOAD_TREE$PAYLOAD_BUILD/agent/tests/$program" "$bin/../tests/$program"
  done
  [ $# -gt 0 ] || set -- ""
  for name in "$@"; do
    for script in tests/scenarios/"$name"*.sh; do
      [[ $script =~ /[0-9][0-9]-[^/]*$ ]] || continue
      result=0
      PayloadScenario "$tree" "$script" "$bin" >build/payload/scenario.log 2>&1 || result=$?
      if [ "$result" = 77 ]; then # The tree lacks a program that it needs.
        echo "$(basename "$script" .sh): skipped"
        skipped=$((skipped + 1))
        continue
      fi
      ran=$((ran + 1))
      echo "$(basename "$script" .sh): status $result"
      [ "$result" = 0 ] || { status=1 && cat build/payload/scenario.log; }
    done
  done
  echo "$ran scenarios with the payload${tree:+ in $tree}, $skipped skipped"
  [ "$ran" -gt 0 ] || status=1
  [ -z "$tree" ] || [ "$*" != "" ] || PayloadVectors "$tree" || status=1
  return "$status"
}

# PayloadVectors TREE: the vectors through the payload's agent, by the tests that are built there.
PayloadVectors() {
  RunInTree "$1" / env EIC_PROGRAM=/build/payload/bin/eic-authorized-keys \
    EIC_FIXED_HOST=/build/tests/tests/vectors/libeic-fixed-host.so \
    /build/tests/tests/vectors_program_test --gtest_brief=1
}

# PayloadScenario TREE SCRIPT BIN: TREE is empty for this machine.
PayloadScenario() {
  if [ -z "$1" ]; then
    EIC_BIN_DIR=$PWD/$3 EIC_LOG_CATCHER=$PWD/$3/../eic-log-catcher "$2"
  else
    RunInTree "$1" /source env EIC_BIN_DIR=/build/payload/bin \
      EIC_LOG_CATCHER=/build/payload/eic-log-catcher "$2"
  fi
}

# The files that programs are made of.
PayloadProgramFiles() {
  # The agent's self-test has its evidence from the vectors.
  find CMakeLists.txt cmake src sshd_config.d tests/hostile tests/vectors -type f | sort
}

# Payload [--fresh | check | scenarios [--tree RELEASE] [NAME]...]
Payload() {
  local tree_key libraries_key programs
  case ${1-} in
    '' | --fresh) ;;
    check)
      PayloadCheck
      return
      ;;
    scenarios)
      shift
      PayloadScenarios "$@"
      return
      ;;
    *)
      PayloadUsage >&2
      return 64
      ;;
  esac
  if [ "$(id -u)" != 0 ]; then
    echo "./dev payload makes a tree with mmdebstrap, and needs root" >&2
    return 2
  fi
  Setup payload
  mkdir -p "$PAYLOAD_CACHE"
  # One at a time; the lock ends with this process.
  exec {PAYLOAD_LOCK}>"$PAYLOAD_CACHE/lock"
  flock "$PAYLOAD_LOCK"
  [ "${1-}" != --fresh ] || rm -f "$PAYLOAD_CACHE"/*.key
  tree_key=$(KeyOf "$PAYLOAD_PACKAGES" "$(declare -f MakeTree PayloadTree)" "$(AptSourcesOf bullseye)")
  libraries_key=$(KeyOf "$tree_key" tools/payload_libraries.sh)
  mapfile -t programs < <(PayloadProgramFiles)
  Stage "$PAYLOAD_CACHE/tree" "$tree_key" PayloadTree
  Stage "$PAYLOAD_CACHE/libraries" "$libraries_key" PayloadLibraries
  Stage "$PAYLOAD_CACHE/programs" \
    "$(KeyOf "$libraries_key" "${PAYLOAD_AGENT_PROGRAMS[@]}" "${PAYLOAD_CLIENT_PROGRAMS[@]}" \
      "$(declare -f PayloadBuild PayloadPrograms PayloadStrip PayloadResult FromTree)" "${programs[@]}")" PayloadPrograms
  PayloadCheck
  # As long as it is so, not only when it was made.
  [ ! -e "$PAYLOAD_TREE$PAYLOAD_PREFIX/warnings" ] || cat "$PAYLOAD_TREE$PAYLOAD_PREFIX/warnings" >&2
  (cd "$(PayloadDir)" && du -b "$PWD"/bin/*)
}
