# shellcheck shell=bash
# ./dev test-tree: builds and tests natively in a tree of an older or newer Debian, with that release's
# compiler and libraries. Sourced by ./dev, after tools/setup.sh and tools/payload.sh.

# TreePackages RELEASE: what the build and the tests need there; and an init, since tests/doctor boots it.
TreePackages() {
  local group name names=()
  for group in build run test; do
    for name in $(Packages "$group" apt); do
      case $1-$name in
        bullseye-libcpp-httplib-dev | bullseye-libcli11-dev) ;; # TreeHeaders brings them.
        *) names+=("$name") ;;
      esac
    done
  done
  # Of the group `clients`: what people use ssh through. Bullseye has Ansible by its older name.
  names+=(rsync git strace "$([ "$1" = bullseye ] && echo ansible || echo ansible-core)")
  (IFS=, && echo "${names[*]},ca-certificates,dpkg-dev,systemd-sysv,dbus")
}

# TreeHeaders TREE: the two libraries of headers that bullseye does not have, from bookworm's sources.
TreeHeaders() {
  local suffix
  suffix=$(AptSuffixOf "$(AptSources)")
  AptSourcesOf bookworm deb-src >"$1/etc/apt/sources.list.d/bookworm-source.$suffix"
  RunInTree "$1" /usr/local/src bash -euc '
    apt-get -qq -o Acquire::Retries=3 update
    apt-get -qq -o APT::Sandbox::User=root source cpp-httplib cli11 >log 2>&1 || { cat log; exit 1; }
    cp cpp-httplib-*/httplib.h /usr/local/include/
    cmake -S cli11-*/ -B cli11 -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF \
      -DCLI11_BUILD_DOCS=OFF >log
    cmake --build cli11 --target install >log'
}

MakeTestTree() {
  local release=$1 tree=$2
  rm -rf --one-file-system "$tree"
  MakeTree "$release" "$tree" --variant=apt --include="$(TreePackages "$release")"
  mkdir "$tree/source"
  [ "$release" != bullseye ] || TreeHeaders "$tree"
}

# ReadyTestTree RELEASE: sets TEST_TREE, and makes the tree unless it is there already.
ReadyTestTree() {
  TEST_TREE=build/test-trees/$1
  mkdir -p build/test-trees
  Stage "$TEST_TREE" \
    "$(KeyOf "$(TreePackages "$1")" "$(declare -f MakeTree MakeTestTree TreeHeaders)")" \
    MakeTestTree "$1" "$TEST_TREE"
}

# TestTreeRelease TREE [TARGET...]: what is released, in the tree's /build/release. Older CMakes know no
# presets.
TestTreeRelease() {
  local tree=$1
  shift
  RunInTree "$tree" / cmake -S /source -B /build/release -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DEIC_WERROR=ON -DEIC_BUILD_TAKEN_OVER=ON &&
    RunInTree "$tree" / make -C /build/release -j "$(nproc)" --no-print-directory "$@"
}

# TestTreeBuild TREE: two builds, as `./dev test` has them but for the sanitizers: the
# tests, and what is released, which alone runs confined.
TestTreeBuild() {
  local tree=$1
  TestTreeRelease "$tree" &&
    RunInTree "$tree" / cmake -S /source -B /build/tests -DCMAKE_BUILD_TYPE=Debug \
      -DCMAKE_CXX_FLAGS_DEBUG="-O1" -DEIC_WERROR=ON -DEIC_BUILD_TESTS=ON \
      -DEIC_RELEASE_BIN_DIR=/build/release/bin &&
    RunInTree "$tree" / make -C /build/tests -j "$(nproc)" --no-print-directory
}

# TestTree RELEASE [CTEST OPTION]...
TestTree() {
  local release=${1-}
  case $release in
    bullseye | bookworm | trixie) ;;
    *)
      echo "usage: ./dev test-tree bullseye|bookworm|trixie [CTEST OPTION]..." >&2
      return 64
      ;;
  esac
  shift
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-tree makes a tree with mmdebstrap, and needs root" >&2
    return 2
  fi
  Setup payload
  ReadyTestTree "$release"
  TestTreeBuild "$TEST_TREE" >"$TEST_TREE.log" 2>&1 || {
    tail -n 40 "$TEST_TREE.log" >&2
    return 1
  }
  RunInTree "$TEST_TREE" /build/tests ctest --output-on-failure --no-tests=error -j "$(nproc)" "$@" |
    tee "$TEST_TREE-ctest.log"
}
