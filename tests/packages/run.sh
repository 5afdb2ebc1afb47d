# shellcheck shell=bash
# ./dev test-packages: makes the packages and runs the cases of this folder on them. Sourced by ./dev.

PACKAGE_CASE_SECONDS=900 # The first one of a suite makes its base tree.

# CaseSays FILE WORD: what stands behind `# WORD: ` in a case's head.
CaseSays() { sed -n "s/^# $2: //p" "$1"; }

# The packages under test, and the same source once more with a higher revision.
TestPackagesMake() {
  PackagePrograms
  PackageMake deb
  PackageMake rpm
  (
    export EIC_PACKAGE_REVISION=$(($(PackageRevision) + 1))
    PACKAGE=$PACKAGE/next
    mkdir -p "$PACKAGE"
    rm -rf "$PACKAGE"/{programs,notices}
    cp -R build/package/programs "$PACKAGE/"
    [ ! -d build/package/notices ] || cp -R build/package/notices "$PACKAGE/"
    PackageMake deb
    PackageMake rpm
  )
}

# What the packages under test are made of.
TestPackagesPrograms() {
  if [ -d build/package/notices ]; then
    echo "the payload"
  else
    echo "programs that are linked to the machine's libraries"
  fi
}

# TestPackagesTable RESULTS COMMIT: writes the table into the README, from lines `FILE RESULT`.
TestPackagesTable() {
  local readme=tests/packages/README.md commit=$2 file result note
  {
    sed '/^<!-- table -->/q' "$readme"
    echo
    echo "| case | what it shows | system | result | commit |"
    echo "|---|---|---|---|---|"
    while read -r file result; do
      note=$(CaseSays "$file" Note)
      echo "| $(basename "$file" .sh) | $(CaseSays "$file" Goal) | $(CaseSays "$file" System)${note:+; $note} |" \
        "$result | $commit |"
    done <"$1"
    echo
    echo "The packages of this run wrap $(TestPackagesPrograms)."
  } >build/test-packages/README.md
  mv build/test-packages/README.md "$readme"
}

# Those that are named, those for CI, or all.
TestPackagesChosen() {
  local file name
  for file in tests/packages/[0-9][0-9]-*.sh; do
    if [ "${1-}" = --ci ]; then
      [ -z "$(CaseSays "$file" CI)" ] || echo "$file"
    elif [ $# = 0 ]; then
      echo "$file"
    else
      for name in "$@"; do
        case $(basename "$file") in *"$name"*) echo "$file" && break ;; esac
      done
    fi
  done
}

# TestPackagesRun FILE: leaves how the case ended in build/test-packages/NAME.result, and tells it; with
# EIC_REQUIRE_ALL, none may be skipped.
TestPackagesRun() {
  local status=0 started=$SECONDS name result
  name=$(basename "$1" .sh)
  # It ends its systems itself, when it is told to or when this shell is gone.
  setpriv --pdeathsig TERM timeout --kill-after=30 "$PACKAGE_CASE_SECONDS" "$1" \
    >"build/test-packages/$name.out" 2>&1 || status=$?
  [ "$status" != 77 ] || [ -z "${EIC_REQUIRE_ALL:-}" ] || status=1
  case $status in
    0) result=passed ;;
    77) result=skipped ;;
    *) result=failed ;;
  esac
  echo "$1 $result" >"build/test-packages/$name.result"
  echo "$result $name ($((SECONDS - started)) s)"
  [ "$result" = passed ] || cat "build/test-packages/$name.out"
}

# TestPackagesRunAll FILE...: as many at a time as there are processors; the results, in order, go to
# build/test-packages/results.
TestPackagesRunAll() {
  local file
  mkdir -p build/test-packages
  rm -f build/test-packages/*.result
  # In the background they do not hear of an interrupt.
  # shellcheck disable=SC2046  # A list of numbers.
  trap 'kill $(jobs -p) 2>/dev/null || true; exit 130' INT TERM HUP
  for file in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    TestPackagesRun "$file" &
  done
  wait
  trap - INT TERM HUP
  cat build/test-packages/*.result >build/test-packages/results
}

# TestPackages [--ci] [NAME...]: status 1 if one of the cases fails. A run of all cases writes the
# table anew.
TestPackages() {
  local chosen=() commit failed
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-packages needs root" >&2
    return 2
  fi
  mapfile -t chosen < <(TestPackagesChosen "$@")
  if [ ${#chosen[@]} = 0 ]; then
    echo "no case is named so: see tests/packages/" >&2
    return 64
  fi
  Setup test-packages
  commit=$(git describe --always --dirty --exclude '*')
  TestPackagesMake
  TestPackagesRunAll "${chosen[@]}"
  [ $# != 0 ] || TestPackagesTable build/test-packages/results "$commit"
  # A case that left no result has failed, too.
  failed=$((${#chosen[@]} - $(grep -cE ' (passed|skipped)$' build/test-packages/results || true)))
  echo "packages: $(grep -c ' passed$' build/test-packages/results) passed, $failed failed," \
    "$(grep -c ' skipped$' build/test-packages/results) skipped"
  [ "$failed" = 0 ]
}
