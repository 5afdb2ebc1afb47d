# shellcheck shell=bash
# ./dev test-all: what takes longer than CI has, or needs trees of other releases. Sourced by ./dev, after
# all whose commands it runs.

TEST_ALL_LOGS=build/test-all
TEST_ALL_DOCUMENT=doc/test-all.md

# A row: its name, and the commands of it. A row needs no other, but where a comment says so.
TEST_ALL=(
  "load|load"
  "taken-over|taken-over"
  "console|console-long"
  "fuzz|fuzz --seconds 120"
  "payload|payload"
  "payload-scenarios|payload scenarios"
  # bullseye has the payload run on older libraries, trixie on newer ones.
  "tree-bullseye|test-tree bullseye"
  "payload-bullseye|payload scenarios --tree bullseye" # needs tree-bullseye and payload
  "tree-trixie|test-tree trixie"
  "payload-trixie|payload scenarios --tree trixie" # needs tree-trixie and payload
  "packages|test-packages"
  "doctor|test-doctor"
  "sessions|test-sessions"
)

TestAllUsage() {
  echo "usage: ./dev test-all [--document] [ROW...]   runs these rows, or all; --document: and writes" \
    "$TEST_ALL_DOCUMENT"
  echo "rows: ${TEST_ALL[*]%%|*}"
}

# TestAllCommand ROW: the arguments of ./dev behind it; nothing for a name that is no row.
TestAllCommand() {
  local row
  for row in "${TEST_ALL[@]}"; do [ "${row%%|*}" != "$1" ] || echo "${row#*|}"; done
}

# TestAllRow ROW COMMIT: runs it; prints its row of the table and keeps it, with the number of tests that
# were skipped for lack of a program. Status 1 where it failed.
TestAllRow() {
  local arguments start=$SECONDS verdict=passed status=0 seconds skipped
  read -ra arguments <<<"$(TestAllCommand "$1")"
  ./dev "${arguments[@]}" >"$TEST_ALL_LOGS/$1.log" 2>&1 </dev/null || status=$?
  seconds=$((SECONDS - start))
  skipped=$(grep -cE '\*\*\*(Skipped|Not Run)|: skipped$|^skipped [0-9]' "$TEST_ALL_LOGS/$1.log" || true)
  [ "$status" = 0 ] || verdict="**failed**, status $status"
  [ "$skipped" = 0 ] || verdict+="; $skipped skipped"
  echo "| \`./dev ${arguments[*]}\` | $((seconds / 60)) min $((seconds % 60)) s | $verdict | $2 |" |
    tee "$TEST_ALL_LOGS/$1.row"
  [ "$status" = 0 ]
}

TestAllColumns() { printf '%s\n' "| command | time | verdict | commit |" "|---|---:|---|---|"; }

# TestAllDocument: the document, of the last run of each row.
TestAllDocument() {
  local row name
  cat <<'END'
# What takes longer than CI has

`.ci/run` says what CI runs. What takes longer, or needs trees of other releases, is run by hand, as root:

    ./dev test-all             # all rows; with the name of a row, that one alone
    ./dev test-all --document  # the same, and writes this file of the last run of each row

A row that fails does not keep the next from running; the command then ends with status 1. What a row said is
in `build/test-all/`. A test that was skipped for lack of a program is counted beside the verdict.
Trees and builds that are there are used again, so the times are not those of a fresh machine.

END
  echo "On $(nproc) cores of $(. /etc/os-release && echo "$PRETTY_NAME"), $(uname -s) $(uname -r | cut -d - -f 1):"
  echo
  TestAllColumns
  for row in "${TEST_ALL[@]}"; do
    name=${row%%|*}
    cat "$TEST_ALL_LOGS/$name.row" 2>/dev/null || echo "| \`./dev $(TestAllCommand "$name")\` | | not run | |"
  done
}

# TestAll [--document] [ROW...]
TestAll() {
  local rows=("${TEST_ALL[@]%%|*}") row document='' status=0 commit
  [ "${1-}" != --document ] || { document=yes && shift; }
  for row in "$@"; do
    if [ -z "$(TestAllCommand "$row")" ]; then
      TestAllUsage >&2
      return 64
    fi
  done
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-all makes trees and namespaces, and needs root" >&2
    return 2
  fi
  [ -z "$document" ] || [ -z "$(git status --porcelain)" ] || {
    echo "./dev test-all --document names a commit, and the tree has changes that are in none" >&2
    return 2
  }
  [ $# = 0 ] || rows=("$@")
  mkdir -p "$TEST_ALL_LOGS"
  commit=$(git describe --always --dirty --exclude '*')
  TestAllColumns
  for row in "${rows[@]}"; do TestAllRow "$row" "$commit" || status=1; done
  [ -z "$document" ] || TestAllDocument >"$TEST_ALL_DOCUMENT"
  return "$status"
}
