#!/usr/bin/env bash
# Shows that every rule of tidy.sh finds what it is there to find: plants one violation at a time in a
# copy of this tree, and expects a finding that the tree as it is does not have.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
proved=" "

mkdir "$work/clean"
tar -C "$root" --exclude=./build --exclude=./.git -c . | tar -C "$work/clean" -x

# Copy: the tree as it is, without what is built, in $work/tree. Its files are links, so what changes a
# file has to put a new one in its place.
Copy() {
  rm -rf "$work/tree"
  cp -al "$work/clean" "$work/tree"
}

# Plant FILE TEXT: appends a line, making the file if need be.
Plant() {
  mkdir -p "$(dirname "$1")"
  { [ ! -e "$1" ] || cat "$1"; printf '%s\n' "$2"; } >"$work/planted"
  mv "$work/planted" "$1"
}

# Change FILE SED_PROGRAM: and makes sure that it changed something.
Change() {
  if [ ! -e "$1" ]; then
    Bad "there is no $1 to change"
    return
  fi
  cp "$1" "$work/before"
  sed -i -E "$2" "$1"
  ! cmp -s "$1" "$work/before" || Bad "the self-test's own change of $1 does nothing: $2"
}

Bad() {
  echo "FAIL: $*"
  failures=$((failures + 1))
}

# Expect RULE REGEX COMMAND...: after COMMAND in a copy, RULE finds REGEX; before, it does not.
Expect() {
  local rule=$1 regex=$2
  shift 2
  proved+="$rule "
  [ -e "$work/$rule" ] || "$here/tidy.sh" "$work/clean" "$rule" >"$work/$rule" 2>&1 || true
  ! grep -E -- "$regex" "$work/$rule" || Bad "$rule finds that without a violation"
  Copy
  cd "$work/tree"
  "$@"
  "$here/tidy.sh" "$work/tree" "$rule" >"$work/found" 2>&1 && Bad "$rule: status 0 after $*"
  grep -qE -- "$regex" "$work/found" || Bad "$rule does not find $regex after: $*"
  cd "$here"
}

MapLine() { Change README.md "/^## Code map/,/^\`\`\`/ s|^\`\`\`.*|&\n$1   planted|"; }
Unlist() { Change README.md '/^ *src\/core\/base64\./d; s|src/core/base64\.[^ ]* ||'; }
LongFile() { for _ in $(seq 401); do echo "// planted"; done >src/core/planted.cc; }

Expect RuleCodeMapNamesTheTree '^README.md:[0-9]+: the code map names src/core/planted\.\*' \
  MapLine 'src/core/planted.*'
Expect RuleTreeIsOnCodeMap '^src/core/planted.cc:1: is not on the code map' \
  Plant src/core/planted.cc '// planted'
Expect RuleTreeIsOnCodeMap '^src/planted/new.cc:1: is not on the code map' \
  Plant src/planted/new.cc '// planted'
Expect RuleTreeIsOnCodeMap '^src/core/base64.cc:1: is not on the code map' Unlist
Expect RuleTestsAreRegistered '^tests/core/planted_test.cc:1: is built by no' \
  Plant tests/core/planted_test.cc '// planted'
Expect RuleIncludesPointOneWay '^src/core/planted.h:1: src/core must not include host/' \
  Plant src/core/planted.h '#include "host/imds.h"'
Expect RuleIncludesPointOneWay '^src/agent/planted.cc:1: src/agent must not include issuer/' \
  Plant src/agent/planted.cc '#include "issuer/records.h"'
Expect RuleIncludesPointOneWay '^src/host/planted.cc:1: src/host must not include emulator/' \
  Plant src/host/planted.cc '#include "emulator/api.h"'
for line in '#include <curl/curl.h>' '#include <spdlog/spdlog.h>' '#include <syslog.h>' \
  '#include <fstream>' '#include <sys/socket.h>' 'auto now = std::time(nullptr);' \
  'auto now = time(nullptr);' 'char* home = getenv("HOME");' \
  'auto now = std::chrono::system_clock::now();'; do
  Expect RuleCoreHasNoOutside '^src/core/planted.cc:1: src/core reaches outside' \
    Plant src/core/planted.cc "$line"
done
Expect RuleReasonsAreExplained '^src/core/reason.cc:[0-9]+: doc/design.md does not explain planted-reason' \
  Plant src/core/reason.cc '    {Reason::kPlanted, "planted-reason", 5, false},'
Expect RuleReasonsAreExplained '^doc/design.md:[0-9]+: the code knows no reason planted-reason' \
  Plant doc/design.md $'\n## Reasons, planted\n| `planted-reason` | never |'
Expect RuleReasonsHaveVectors '^src/core/reason.cc:[0-9]+: no vector expects planted-reason' \
  Plant src/core/reason.cc '    {Reason::kPlanted, "planted-reason", 5, false},'
Expect RuleReasonsHaveVectors 'reasons_without_vector.txt:[0-9]+: planted-reason needs no exception' \
  Plant tests/tidy/reasons_without_vector.txt 'planted-reason  it does not exist'
Expect RuleReasonsHaveVectors 'reasons_without_vector.txt:[0-9]+: internal-error has no explanation' \
  Plant tests/tidy/reasons_without_vector.txt 'internal-error'
Expect RuleFilesAreShort '^src/core/planted.cc:401: is longer than 400 lines' LongFile
Expect RuleFilesAreShort 'long_files.txt:[0-9]+: src/core/reason.h needs no exception' \
  Plant tests/tidy/long_files.txt 'src/core/reason.h  it is short'
Expect RuleLinesAreShort '^src/core/planted.cc:1: is longer than 100 columns' \
  Plant src/core/planted.cc "// $(printf 'x%.0s' {1..100})"
Expect RuleFilesIncludeOnce '^src/core/base64.cc:[0-9]+: includes what a line above includes' \
  Plant src/core/base64.cc '#include "core/base64.h"'
Expect RuleVersionStandsOnce '^src/agent/planted.cc:1: repeats the version' \
  Plant src/agent/planted.cc "// $(sed -nE 's/^project\(.* VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")"
Expect RuleVersionStandsOnce '^CHANGELOG.md:[0-9]+: the newest version is not 9.9.9' \
  Change CMakeLists.txt 's/^(project\(.* VERSION )[0-9.]+/\19.9.9/'
Expect RuleVersionStandsOnce '^doc/planted.8:1: names another version' \
  Plant doc/planted.8 '.TH PLANTED 8 2000-01-01 "planted 0.0.1"'
Expect RuleKeysAreThrowAway '^planted/key.pem:1: holds a private key' \
  Plant planted/key.pem "-----BEGIN PRIVATE"" KEY-----"

Expect RulePipesAreReadToTheEnd '^tests/planted.sh:1: the quiet grep at the end of a pipe' \
  Plant tests/planted.sh 'ldd planted |'' grep -qF libasan'
# A row below the last of the table of threats.
Threat() { Change doc/design.md "s#^(\\| \\| print a key .*)#\\1\\n| planted | | | | \`$1\` |#"; }
for name in 99-planted planted-vector tests/host/planted_test.cc; do
  Expect RuleThreatsNameTests "^doc/design.md:[0-9]+: the table of threats names $name," Threat "$name"
done

while read -r rule; do
  case $proved in
    *" $rule "*) ;;
    *) Bad "nothing is planted for $rule" ;;
  esac
done < <(grep -oE '^Rule[A-Za-z]+' "$here/tidy.sh")
[ "$failures" = 0 ] || exit 1
echo "PASS"
