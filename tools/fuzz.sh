# shellcheck shell=bash
# ./dev fuzz: runs the fuzz targets, each for a short time, and says what came of it. doc/fuzzing.md.
# Sourced by ./dev.

# What CMake builds: `name:Function` there.
mapfile -t FUZZ_TARGETS < <(grep -oE '\b[a-z0-9_]+:[A-Z][A-Za-z0-9]+' tests/fuzz/CMakeLists.txt | cut -d: -f1 | sort)
FUZZ_DIR=build/fuzz

FuzzUsage() {
  echo "usage: ./dev fuzz [--seconds N] [TARGET...]"
  echo "       ./dev fuzz --minimize [TARGET...]"
  echo "targets: ${FUZZ_TARGETS[*]}"
}

# LastOf WORD LOG: the number behind the last WORD of a libFuzzer's log.
LastOf() { grep -aoE "$1:? +[0-9]+" "$2" | tail -1 | grep -oE '[0-9]+$' || echo -; }

# FuzzOne TARGET SECONDS: runs it from its committed inputs and those of earlier runs; prints its row
# of the table. Status 1 if there is a finding; findings/TARGET-* has its input.
FuzzOne() {
  local target=$1 seconds=$2 log findings corpus status=0
  corpus=$FUZZ_DIR/corpus/$target
  log=$FUZZ_DIR/fuzz_$target.log
  mkdir -p "$corpus" "$FUZZ_DIR/findings"
  # A slow input is a finding, too: the agent has a few seconds for all that it does.
  "$FUZZ_DIR/bin/fuzz_$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
    -max_len=16384 -print_final_stats=1 -dict="tests/fuzz/$target.dict" \
    -artifact_prefix="$FUZZ_DIR/findings/$target-" \
    "$corpus" "tests/fuzz/corpus/$target" >"$log" 2>&1 || status=1
  findings=$(sed -nE 's/.*Test unit written to +//p' "$log" | tr '\n' ' ')
  printf '%-16s %12s %8s %6s %7s  %s\n' "$target" \
    "$(LastOf stat::number_of_executed_units "$log")" \
    "$(LastOf stat::average_exec_per_sec "$log")" "$(LastOf cov "$log")" \
    "$(find "$corpus" -type f | wc -l)" "${findings:-$([ $status = 0 ] && echo none || echo "see $log")}"
  return $status
}

# FuzzMinimize TARGET: rewrites its committed corpus: the fewest of all inputs known here, those
# made of the vectors among them, that cover what all of them cover.
FuzzMinimize() {
  local target=$1 kept="tests/fuzz/corpus/$1" fresh="$FUZZ_DIR/fresh/$1"
  local known=("$FUZZ_DIR/seeds/$target")
  rm -rf "$fresh"
  mkdir -p "$fresh" "$kept"
  [ ! -d "$FUZZ_DIR/corpus/$target" ] || known+=("$FUZZ_DIR/corpus/$target")
  # By what is reached, not how often: a corpus in git is to be small.
  "$FUZZ_DIR/bin/fuzz_$target" -set_cover_merge=1 -use_counters=0 -timeout=5 -max_len=16384 \
    "$fresh" "$kept" "${known[@]}" >"$FUZZ_DIR/minimize_$target.log" 2>&1 || {
    echo "$target: see $FUZZ_DIR/minimize_$target.log" >&2
    return 1
  }
  rm -rf "$kept"
  cp -r "$fresh" "$kept"
  printf '%-16s %5s inputs %8s bytes\n' "$target" "$(find "$kept" -type f | wc -l)" \
    "$(find "$kept" -type f -exec cat {} + | wc -c)"
}

# Fuzz [--seconds N | --minimize] [TARGET...]
Fuzz() {
  local seconds=60 mode=run target status=0 targets
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds) seconds=${2-} && shift $(($# > 1 ? 2 : 1)) ;;
      --seconds=*) seconds=${1#*=} && shift ;;
      --minimize) mode=minimize && shift ;;
      *) break ;;
    esac
  done
  for target in "$@"; do
    case " ${FUZZ_TARGETS[*]} " in *" $target "*) ;; *) seconds= ;; esac
  done
  [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || { FuzzUsage >&2 && return 64; }
  targets=("$@")
  [ $# -gt 0 ] || targets=("${FUZZ_TARGETS[@]}")

  Setup fuzz
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz -j "${EIC_JOBS:-$(nproc)}" --target fuzzers >"$FUZZ_DIR/build.log" 2>&1 || {
    tail -n 30 "$FUZZ_DIR/build.log" >&2
    return 1
  }
  if [ $mode = minimize ]; then
    rm -rf "$FUZZ_DIR/seeds"
    "$FUZZ_DIR/bin/eic-fuzz-seeds" "$FUZZ_DIR/seeds"
    for target in "${targets[@]}"; do FuzzMinimize "$target" || status=1; done
    return $status
  fi
  printf '%-16s %12s %8s %6s %7s  %s\n' target executions exec/s cov corpus findings
  for target in "${targets[@]}"; do FuzzOne "$target" "$seconds" || status=1; done
  return $status
}
