# shellcheck shell=bash
# ./dev reproducible: builds what is shipped once more, and compares every byte. Sourced by ./dev.
#
# The first build is this checkout's, as people make it: with ccache, in this folder. The second is of a copy in
# another folder, without ccache, later, in another time zone and language, and under another umask. ccache with
# its base folder gives the compiler relative paths, and without it the compiler gets whole ones: so a path that
# a program keeps shows as a difference, and no object of the first build can be taken for the second.

REPRODUCIBLE=build/reproducible

# CopyElsewhere FOLDER: the sources that ./dev package packs, dated as they are here.
CopyElsewhere() {
  PackageSource "$1"
  touch -d "@$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CMakeLists.txt)" "$1/CMakeLists.txt"
}

# Elsewhere FOLDER COMMAND...: in a copy, in surroundings that no build may depend on. git must not find this
# checkout around it.
Elsewhere() {
  local folder
  folder=$(cd "$1" && pwd)
  shift
  (
    cd "$folder" || exit
    umask 0027
    export TZ=Asia/Kathmandu LC_ALL=C LANGUAGE=de CCACHE_DISABLE=1 GIT_CEILING_DIRECTORIES=${folder%/*}
    unset EIC_PACKAGE_DIR EIC_PROGRAMS_DIR EIC_SIGNING_KEY SOURCE_DATE_EPOCH
    "$@"
  )
}

# Results ROOT: what the two builds are compared by, without ROOT: SHA-256 and name of each file.
Results() {
  (
    cd "$1" && find build/payload/"$(dpkg --print-architecture)" build/package/programs build/package/deb \
      build/package/rpm build/package/sbom -type f \( -path 'build/payload/*' -o -path '*/programs/*' -o -name '*.deb' \
      -o -name '*.rpm' -o -path '*/sbom/*' \) -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  )
}

# Reproducible [packages]: with `packages`, the payload is not built again, and its copy is packed.
Reproducible() {
  local other=$REPRODUCIBLE/in/another/folder status=0
  case "$*" in
    '' | packages) ;;
    *)
      echo "usage: ./dev reproducible [packages]   packages: without building the payload again" >&2
      return 64
      ;;
  esac
  unset EIC_PACKAGE_DIR EIC_PROGRAMS_DIR EIC_SIGNING_KEY
  # shellcheck disable=SC2034  # package.sh reads it.
  PACKAGE=$PWD/build/package
  Payload
  Package deb
  Package rpm
  rm -rf --one-file-system "$REPRODUCIBLE"
  CopyElsewhere "$other"
  if [ "${1-}" = packages ]; then
    mkdir -p "$other/build/payload"
    cp -R "$(PayloadDir)" "$other/build/payload/"
  else
    Elsewhere "$other" ./dev payload
  fi
  Elsewhere "$other" ./dev package deb
  Elsewhere "$other" ./dev package rpm
  Results . >"$REPRODUCIBLE/here"
  Results "$other" >"$REPRODUCIBLE/there"
  # A program, a deb, an rpm and a document at least: nothing is not reproducible.
  for name in bin/eic-authorized-keys programs/eic-emulator '.*\.deb' '.*\.rpm' '.*sbom.cdx.json'; do
    grep -q "$name\$" "$REPRODUCIBLE/here" || { echo "the build made no $name" >&2 && return 1; }
  done
  diff "$REPRODUCIBLE/here" "$REPRODUCIBLE/there" || status=1
  if [ "$status" = 0 ]; then
    echo "reproducible: $(wc -l <"$REPRODUCIBLE/here") files are the same in both builds"
  else
    echo "not reproducible: see the names above; both builds are there, in build and $other/build" >&2
  fi
  return "$status"
}
