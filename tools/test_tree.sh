# shellcheck shell=bash
# ./dev test-tree: builds and tests natively in a tree of an older or newer Debian, with that release's
# compiler and libraries. Sourced by ./dev, after tools/setup.sh and tools/payload.sh.

# TreePackages RELEASE: what the build and the tests need there. bullseye has no cpp-httplib.
TreePackages() {
  local group names=()
  for group in build run test; do
    # shellcheck disable=SC2207  # Names of packages have no blanks.
    names+=($(Packages "$group" apt))
  done
  names=("${names[@]/#libcpp-httplib-dev/$([ "$1" = bullseye ] && echo dpkg-dev || echo libcpp-httplib-dev)}")
  (IFS=, && echo "${names[*]},ca-certificates,procps")
}

MakeTestTree() {
  local release=$1 tree=$2 suffix
  rm -rf --one-file-system "$tree"
  MakeTree "$release" "$tree" --variant=apt --include="$(TreePackages "$release")"
  mkdir "$tree/source" "$tree/opt/httplib"
  [ "$release" = bullseye ] || return 0
  # The emulator's cpp-httplib: one header, from bookworm's source.
  suffix=$(AptSuffixOf "$(AptSources)")
  AptSourcesOf bookworm deb-src >"$tree/etc/apt/sources.list.d/bookworm-source.$suffix"
  RunInTree "$tree" /opt/httplib bash -euc '
    apt-get -qq -o Acquire::Retries=3 update
    apt-get -qq -o APT::Sandbox::User=root source cpp-httplib >log 2>&1 || { cat log; exit 1; }
    cp cpp-httplib-*/httplib.h .'
}

# TestTreeBuild TREE [CMAKE OPTION]...: two builds, as `./dev test` has them but for the sanitizers: the
# tests, and what is released, which alone runs confined. Older CMakes know no presets.
TestTreeBuild() {
  local tree=$1
  shift
  RunInTree "$tree" / cmake -S /source -B /build/release -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DEIC_WERROR=ON "$@" &&
    RunInTree "$tree" / make -C /build/release -j "$(nproc)" --no-print-directory &&
    RunInTree "$tree" / cmake -S /source -B /build/tests -DCMAKE_BUILD_TYPE=Debug \
      -DCMAKE_CXX_FLAGS_DEBUG="-O1" -DEIC_WERROR=ON -DEIC_BUILD_TESTS=ON \
      -DEIC_RELEASE_BIN_DIR=/build/release/bin "$@" &&
    RunInTree "$tree" / make -C /build/tests -j "$(nproc)" --no-print-directory
}

# TestTree RELEASE [CTEST OPTION]...
TestTree() {
  local release=${1-} tree options=()
  case $release in
    bullseye) options=(-DHTTPLIB_INCLUDE_DIR=/opt/httplib) ;;
    bookworm | trixie) ;;
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
  tree=build/trees/$release
  mkdir -p build/trees
  Stage "$tree" "$(KeyOf "$(TreePackages "$release")" "$(declare -f MakeTree MakeTestTree)")" \
    MakeTestTree "$release" "$tree"
  TestTreeBuild "$tree" "${options[@]}" >"$tree.log" 2>&1 || {
    tail -n 40 "$tree.log" >&2
    return 1
  }
  RunInTree "$tree" /build/tests ctest --output-on-failure --no-tests=error -j "$(nproc)" "$@" |
    tee "$tree-ctest.log"
}
