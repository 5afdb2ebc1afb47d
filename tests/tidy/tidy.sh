#!/usr/bin/env bash
# usage: tests/tidy/tidy.sh [ROOT [RULE]]
#
# The rules of this house that no compiler holds. Each finding is one line: file:line, what is wrong,
# and what to do. Status 0 when there is none. tidy_selftest.sh plants a violation of every rule.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:-$here/../..}"
findings=0

# Finding FILE LINE WORDS
Finding() {
  echo "$1:$2: $3"
  findings=$((findings + 1))
}

# LineOf FILE WORD: where WORD first stands, or 1.
LineOf() {
  local line
  line=$(grep -nF -m 1 -- "$2" "$1" 2>/dev/null | cut -d : -f 1) || true
  echo "${line:-1}"
}

# EachHit WORDS GREP_ARGUMENT...: one finding for each line that grep -nE finds.
EachHit() {
  local words=$1 file line
  shift
  while IFS=: read -r file line _; do
    Finding "$file" "$line" "$words"
  done < <(grep -rnHE "$@" 2>/dev/null || true)
}

# ListedWithReason FILE WORD: true when the list names WORD; an entry without an explanation is a finding.
ListedWithReason() {
  [ -e "$1" ] && awk -v word="$2" '$1 == word { found = 1 } END { exit !found }' "$1"
}

# Missing FILE OTHER: the lines of FILE that OTHER does not have.
Missing() { comm -23 <(sort -u "$1") <(sort -u "$2"); }

# Entries of a list must say why, and must still be needed: LIST, and a function that tells the latter.
CheckList() {
  local list=$1 number=0 entry why
  [ -e "$list" ] || return 0
  while read -r entry why; do
    number=$((number + 1))
    case $entry in '' | '#'*) continue ;; esac
    [ -n "$why" ] || Finding "$list" "$number" "$entry has no explanation: write it behind the name"
    "$2" "$entry" || Finding "$list" "$number" "$entry needs no exception (any more): remove the line"
  done < <(cat "$list")
}

# The code map of README.md: `LINE PATH` for each path that begins a line of its fenced block. Two paths
# of one line are set apart by one blank, the text by two or more.
CodeMap() {
  [ -e README.md ] || return 0
  awk '
    /^## / { in_section = ($0 ~ /^## Code map/) ; in_block = 0 }
    in_section && /^```/ { in_block = !in_block; next }
    in_block && NF {
      line = $0
      sub(/^ +/, "", line)
      sub(/  .*/, "", line)
      count = split(line, paths, " ")
      for (i = 1; i <= count; i++) if (i == 1 || paths[i] ~ /[\/.]/) print NR, paths[i]
    }' README.md
}

RuleCodeMapNamesTheTree() {
  local line path
  while read -r line path; do
    compgen -G "$path" >/dev/null ||
      Finding README.md "$line" "the code map names $path, which is not there: correct the map"
  done < <(CodeMap)
}

# Every source below src/ is named by its stem, or by its folder where the map names no file of it.
RuleTreeIsOnCodeMap() {
  local file folder stem map
  map=$'\n'$(CodeMap | cut -d ' ' -f 2)$'\n'
  if [ -z "${map//$'\n'/}" ]; then
    Finding README.md 1 "there is no code map: write a fenced block below '## Code map'"
    return
  fi
  for file in src/*/*.cc src/*/*.h src/*/*/*.cc src/*/*/*.h; do
    [ -e "$file" ] || continue
    folder=${file%/*}/
    stem=${file%.*}
    case $map in
      *$'\n'"$stem".* | *$'\n'"$stem"$'\n'*) ;;
      *$'\n'"$folder"[!$'\n']*)
        Finding "$file" 1 "is not on the code map: add a line $stem.* to README.md" ;;
      *$'\n'"$folder"$'\n'* | *$'\n'"${folder%/}"$'\n'*) ;;
      *) Finding "$file" 1 "is not on the code map: add a line $folder to README.md" ;;
    esac
  done
}

RuleTestsAreRegistered() {
  local file
  while read -r file; do
    grep -rqwF --include=CMakeLists.txt -- "$(basename "$file")" tests ||
      Finding "$file" 1 "is built by no CMakeLists.txt: name it in $(dirname "$file")/CMakeLists.txt"
  done < <(find tests -name '*_test.cc' | sort)
}

# The arrows: which folders of src/ each may include.
RuleIncludesPointOneWay() {
  local from may file line text target
  while read -r from may; do
    [ -d "src/$from" ] || continue
    while IFS=: read -r file line text; do
      target=${text#*\"}
      target=${target//..\//}
      target=${target%%/*}
      case " $may " in
        *" $target "*) ;;
        *) Finding "$file" "$line" "src/$from must not include $target/: it may use $may" ;;
      esac
    done < <(grep -rnHE '^ *# *include +"(\.\./)*(core|host|agent|chain|admin|issuer|aws|client|console|emulator|tests)/' \
      --include='*.h' --include='*.cc' "src/$from" || true)
  done <<'END'
core core
host core host
agent core host agent
chain core host chain
admin core host agent chain admin
issuer core issuer
aws core aws
client core aws client
console core aws client console
emulator core issuer aws emulator
END
}

# The judge has no door to the outside.
RuleCoreHasNoOutside() {
  EachHit "src/core reaches outside: take what it needs as an argument, from src/host" \
    -e '^ *# *include *<(curl/|spdlog/|httplib|nlohmann/|CLI/|fstream|filesystem|iostream|thread|syslog\.h|netdb\.h|unistd\.h|fcntl\.h|pwd\.h|stdio\.h|cstdio|arpa/|netinet/|sys/)' \
    -e '(^|[^_[:alnum:].>])(std::|::)?(time|getenv|secure_getenv|gettimeofday|clock_gettime|fopen|printf)\(' \
    -e '(system|steady|high_resolution)_clock::now' \
    --include='*.h' --include='*.cc' src/core
}

# The slugs of the table in reason.cc, one a line.
Slugs() { sed -nE 's/^ *\{Reason::k[A-Za-z0-9]+, "([a-z0-9-]+)",.*/\1/p' src/core/reason.cc; }

# The slugs of the table of reasons in doc/design.md, as `LINE SLUG`.
ExplainedSlugs() {
  [ -e doc/design.md ] || return 0
  awk '
    /^#+ / { in_section = (tolower($0) ~ /reasons/) }
    in_section && /^\| *`[a-z0-9-]+`/ { split($0, parts, "`"); print NR, parts[2] }' doc/design.md
}

RuleReasonsAreExplained() {
  local slug explained
  [ -e src/core/reason.cc ] || return 0
  explained=$(ExplainedSlugs)
  for slug in $(Missing <(Slugs) <(cut -d ' ' -f 2 <<<"$explained")); do
    Finding src/core/reason.cc "$(LineOf src/core/reason.cc "\"$slug\"")" \
      "doc/design.md does not explain $slug: add it to the table of reasons"
  done
  for slug in $(Missing <(cut -d ' ' -f 2 <<<"$explained") <(Slugs)); do
    Finding doc/design.md "$(grep -m 1 " $slug$" <<<"$explained" | cut -d ' ' -f 1)" \
      "the code knows no reason $slug: remove the row"
  done
}

# Expectations of all vectors, each word on a line.
ExpectedSlugs() {
  [ ! -d tests/vectors ] || { grep -rahE '^expect:' tests/vectors || true; } |
    sed 's/^expect: *//' | tr -s ' \t' '\n' | sort -u
}

NeedsVectorException() {
  Slugs | grep -xF -- "$1" >/dev/null && ! ExpectedSlugs | grep -xF -- "$1" >/dev/null
}

RuleReasonsHaveVectors() {
  local slug list=tests/tidy/reasons_without_vector.txt
  [ -e src/core/reason.cc ] || return 0
  for slug in $(Missing <(Slugs) <(ExpectedSlugs)); do
    ListedWithReason "$list" "$slug" ||
      Finding src/core/reason.cc "$(LineOf src/core/reason.cc "\"$slug\"")" \
        "no vector expects $slug: add one to tests/vectors, or say in $list why there is none"
  done
  CheckList "$list" NeedsVectorException
}

LINES_MAX=400
IsLong() { [ -e "$1" ] && [ "$(wc -l <"$1")" -gt "$LINES_MAX" ]; }

RuleFilesAreShort() {
  local file list=tests/tidy/long_files.txt
  while read -r file; do
    ListedWithReason "$list" "$file" ||
      Finding "$file" "$((LINES_MAX + 1))" "is longer than $LINES_MAX lines: divide it, or say in $list why not"
  done < <(find src \( -name '*.cc' -o -name '*.h' \) -exec awk -v max="$LINES_MAX" \
    'FNR == max + 1 { print FILENAME }' {} + | sort)
  CheckList "$list" IsLong
}

RuleLinesAreShort() {
  EachHit "is longer than 100 columns: break the line" \
    -e '^.{101,}$' --include='*.cc' --include='*.h' src
}

# clang-tidy has this check too, but ./dev lint joins files for it (tools/clang_tidy.py).
RuleFilesIncludeOnce() {
  local file line
  while read -r file line; do
    Finding "$file" "$line" "includes what a line above includes: remove one of them"
  done < <(find src \( -name '*.cc' -o -name '*.h' \) -exec awk '
    FNR == 1 { split("", seen) }
    /^#include / && seen[$2]++ { print FILENAME, FNR }' {} + | sort)
}

# The version stands once, in project(VERSION).
RuleVersionStandsOnce() {
  local version heading file
  version=$(sed -nE 's/^project\(.* VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
  if [ -z "$version" ]; then
    Finding CMakeLists.txt 1 "project() names no VERSION: it is where the version stands"
    return
  fi
  if [ -e CHANGELOG.md ]; then
    heading=$(grep -nE -m 1 '^## .*[0-9]+\.[0-9]+\.[0-9]+' CHANGELOG.md || echo "1:no version")
    grep -qF -- "$version" <<<"$heading" || Finding CHANGELOG.md "${heading%%:*}" \
      "the newest version is not $version of CMakeLists.txt: bring them together"
  fi
  EachHit "repeats the version: take it from project(VERSION)" \
    -e "(^|[^0-9.])${version//./\\.}([^0-9.]|$)" \
    --include='*.cc' --include='*.h' --include='*.spec*' --include='*.service' --include='*.sh' \
    src packaging systemd tools dev
  for file in doc/*.[1-8] doc/*.[1-8].in; do
    [ ! -e "$file" ] || ! grep -nE '^\.(TH|Os|Dt) ' "$file" | grep -E '[0-9]+\.[0-9]+\.[0-9]+' |
      grep -vF -- "$version" >/dev/null ||
      Finding "$file" "$(LineOf "$file" .TH)" "names another version than $version: correct it"
  done
}

# A private key in the repository says that it protects nothing.
RuleKeysAreThrowAway() {
  local file
  while IFS= read -r file; do
    grep -qiE 'throw-?away' "$file" "$(dirname "$file")"/README* 2>/dev/null ||
      Finding "$file" "$(LineOf "$file" 'PRIVATE KEY')" \
        "holds a private key: say in it, or in a README next to it, that it is throw-away"
  done < <(grep -rlE --exclude-dir=build --exclude-dir=.git -- '^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' . |
    sed 's|^\./||' | sort)
}

# With pipefail, a quiet grep behind a pipe fails now and then although it found something: it ends with its
# first hit, and
# what still writes to it dies of SIGPIPE.
RulePipesAreReadToTheEnd() {
  EachHit "the quiet grep at the end of a pipe is a race: give it /dev/null as output instead" \
    -e '(^|[^|])\| *grep (-[a-zA-Z]+ )*-[a-zA-Z]*q' \
    --include='*.sh' --include=dev --include=run dev .ci/run tools tests
}

# The tests that the table of threats names, as `LINE NAME`: its last column.
NamedTests() {
  [ -e doc/design.md ] || return 0
  awk '
    /^## / { in_section = /^## Threats/ }
    in_section && /^\|/ {
      count = split($0, columns, "|")
      parts = split(columns[count - 1], names, "`")
      for (i = 2; i <= parts; i += 2) print NR, names[i]
    }' doc/design.md
}

# A file of tests/, a scenario NN-name, or vectors.
RuleThreatsNameTests() {
  local line name pattern
  while read -r line name; do
    case $name in
      tests/*) pattern=$name ;;
      [0-9][0-9]-*) pattern=tests/scenarios/$name.sh ;;
      *) pattern=tests/vectors/$name.vec ;;
    esac
    compgen -G "$pattern" >/dev/null ||
      Finding doc/design.md "$line" "the table of threats names $name, and there is no $pattern: correct it"
  done < <(NamedTests)
}

for rule in $(compgen -A function | grep "^${2:-Rule}"); do "$rule"; done
if [ "$findings" -gt 0 ]; then
  echo "tidy: $findings findings"
  exit 1
fi
