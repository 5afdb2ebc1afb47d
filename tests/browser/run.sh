#!/usr/bin/env bash
# usage: tests/browser/run.sh FILE... | --serve
#
# Runs tests of this folder by node, with npm's files of EIC_NPM_TESTS_DIR (build/npm/tests without it).
# With --serve it serves the page and the stand-in, for a look, until Ctrl+C.
# Status 77, ctest's "skipped", where something is missing; a failure where EIC_REQUIRE_ALL asks for all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
: "${EIC_NPM_TESTS_DIR:=$repository/build/npm/tests}"
: "${EIC_NPM_DIR:=$repository/build/npm/page}"

# Without WHAT
Without() {
  echo "tests/browser needs $1 (./dev setup console installs it)"
  [ -z "${EIC_REQUIRE_ALL:-}" ] || exit 1
  exit 77
}

command -v node >/dev/null || Without node
[ -d "$EIC_NPM_TESTS_DIR/node_modules/ws" ] || Without "npm's files in $EIC_NPM_TESTS_DIR"
[ -d "$EIC_NPM_DIR/node_modules/@xterm" ] || Without "npm's files in $EIC_NPM_DIR"
case " $* " in
  *.browser.mjs*) command -v chromium >/dev/null || Without chromium ;;
esac

# A module finds its libraries beside itself.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/*.mjs "$work/"
ln -s "$EIC_NPM_TESTS_DIR/node_modules" "$work/node_modules"
export EIC_PAGE_DIR=$repository/src/console/page EIC_NPM_DIR
export HOME=$work # Chromium writes there.
if [ "${1-}" = --serve ]; then
  node "$work/mock.mjs" 60
  exit
fi
files=()
for file in "$@"; do files+=("$work/$file"); done
node --test --test-reporter=spec "${files[@]}"
