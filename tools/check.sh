# shellcheck shell=bash
# ./dev check, ./dev coverage and ./dev taken-over. Sourced by ./dev.
#
# The first two use the coverage build: it has no sanitizers, which valgrind needs, and its agent is
# not confined.

COVERAGE_MIN=95 # percent of the lines of src/core

# BuildForChecks: the tests of the judge, all that it is made of instrumented for coverage.
BuildForChecks() {
  Setup check
  cmake --preset coverage >/dev/null
  # ccache may shorten paths; gcov has to find the sources again.
  CCACHE_NOHASHDIR='' CCACHE_BASEDIR='' cmake --build --preset coverage -j "${EIC_JOBS:-$(nproc)}" \
    --target core_test vectors_test >build/coverage/build.log 2>&1 || {
    tail -n 30 build/coverage/build.log >&2
    return 1
  }
}

# Exemptions stand on the line above what they exempt, with the reason. Left out as a whole: headers of
# libraries are not looked for, since cppcheck knows those of the standard by itself (missingIncludeSystem).
Cppcheck() {
  echo "cppcheck"
  cppcheck --enable=warning,performance,portability --std=c++20 --language=c++ --inline-suppr \
    --quiet --error-exitcode=1 --library=posix --suppress=missingIncludeSystem -I src \
    -DEIC_CONFINEMENT=1 '-DEIC_VERSION=""' src
}

# Every vector through the agent's own run; without the bit-by-bit tests, which do one thing many
# thousand times.
Valgrind() {
  echo "valgrind"
  valgrind --quiet --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite \
    build/coverage/tests/vectors_test --gtest_filter='All/Vectors.*:All/BadVectorFile.*' --gtest_brief=1 \
    >build/coverage/valgrind.log 2>&1 || {
    grep -a -m 40 -E '^==|FAILED' build/coverage/valgrind.log >&2
    return 1
  }
  grep -a -E '^\[  PASSED' build/coverage/valgrind.log
}

Check() {
  local status=0
  BuildForChecks
  Cppcheck || status=1
  Valgrind || status=1
  return "$status"
}

# Coverage: the table, and status 1 below the minimum. doc/coverage.md says why lines are not covered.
Coverage() {
  BuildForChecks
  find build/coverage -name '*.gcda' -delete
  build/coverage/tests/core_test --gtest_brief=1
  build/coverage/tests/vectors_test --gtest_brief=1
  gcovr --root . --filter 'src/core/' --exclude-unreachable-branches \
    --fail-under-line "$COVERAGE_MIN" build/coverage
}

# TakenOver: the tables of doc/confinement.md for this machine; as root, nobody's. That of a member of the
# chain needs root, and a stage.
TakenOver() {
  local folder status=0 become=()
  Setup build
  Build release >/dev/null
  folder=$(mktemp -d)
  # Where that user can run and open it, wherever the build lies.
  chmod 755 "$folder"
  cp build/release/tests/eic-taken-over CMakeLists.txt "$folder/"
  [ "$(id -u)" != 0 ] || become=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  "${become[@]}" "$folder/eic-taken-over" "$folder/CMakeLists.txt" || status=$?
  "${CXX:-c++}" -std=c++20 -O1 -o "$folder/eic-log-catcher" tests/scenarios/log_catcher.cc
  EIC_BIN_DIR=$PWD/build/release/bin EIC_LOG_CATCHER=$folder/eic-log-catcher \
    tests/scenarios/62-chain-taken-over.sh || [ $? = 77 ] || status=1
  rm -rf "$folder"
  return "$status"
}
