# shellcheck shell=bash
# ./dev test-packages: makes the packages and runs the cases of this folder on them. Sourced by ./dev.

PACKAGE_CASE_SECONDS=600 # The first one of a suite makes its base tree.

# CaseSays FILE WORD: what stands behind `# WORD: ` in a case's head.
CaseSays() { sed -n "s/^# $2: //p" "$1"; }

# The packages under test, and the same source once more with a higher revision.
TestPackagesMake() {
  PackagePrograms
  PackageMake deb ""
  PackageMake rpm ""
  (
    export EIC_PACKAGE_REVISION=$(($(PackageRevision) + 1))
    PACKAGE=$PACKAGE/next
    mkdir -p "$PACKAGE"
    cp -R "$PWD"/build/package/{programs,notices} "$PACKAGE/" 2>/dev/null || true
    PackageMake deb ""
    PackageMake rpm ""
  )
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

# TestPackagesRun FILE: prints how the case ended; with EIC_REQUIRE_ALL, none may be skipped.
TestPackagesRun() {
  local status=0
  timeout --kill-after=30 "$PACKAGE_CASE_SECONDS" "$1" \
    >"build/test-packages/$(basename "$1" .sh).out" 2>&1 || status=$?
  [ "$status" != 77 ] || [ -z "${EIC_REQUIRE_ALL:-}" ] || status=1
  case $status in
    0) echo passed ;;
    77) echo skipped ;;
    *) echo failed ;;
  esac
}

# TestPackages [--ci] [NAME...]: status 1 if one of the cases fails. A run of all cases writes the
# table anew.
TestPackages() {
  local chosen=() file started result commit
  local -A counts=([passed]=0 [failed]=0 [skipped]=0)
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
  mkdir -p build/test-packages
  : >build/test-packages/results
  for file in "${chosen[@]}"; do
    started=$SECONDS
    result=$(TestPackagesRun "$file")
    echo "$result $(basename "$file" .sh) ($((SECONDS - started)) s)"
    [ "$result" = passed ] || cat "build/test-packages/$(basename "$file" .sh).out"
    echo "$file $result" >>build/test-packages/results
    counts[$result]=$((counts[$result] + 1))
  done
  [ $# != 0 ] || TestPackagesTable build/test-packages/results "$commit"
  echo "packages: ${counts[passed]} passed, ${counts[failed]} failed, ${counts[skipped]} skipped"
  [ "${counts[failed]}" = 0 ]
}
