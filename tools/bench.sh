# shellcheck shell=bash
# ./dev bench: what a run costs, beside the least that one process can do (tests/bench/yardstick.c).
# Sourced by ./dev, after tools/payload.sh.

BENCH_DIR=build/bench
BENCH_RECORD=tests/bench/instructions.json

BenchUsage() {
  cat <<'END'
usage: ./dev bench [--quick] [--against CMD] [--program PATH] [--json FILE]
                    measure on a stage of its own (root), and print the table
       ./dev bench --document   the same, and write doc/performance.md and its plots from it
       ./dev bench --check      status 1 if the release build needs more instructions than recorded
       ./dev bench --record     record what it needs now, in tests/bench/instructions.json
       ./dev bench client [--quick]   what mssh and its configuration add to a login by plain ssh
       ./dev bench chain [--quick]    what eic-chain adds to the slowest of its members
       ./dev bench console [--quick | --long] [--document]
                    eic-console in Chromium and without it, with 1000 sessions, beside ttyd over ssh where
                    that can be had; --long: 100 MB and 5 minutes in the browser; --document: and write it
                    into doc/console.md

  --quick         fewer runs, without the curves: in half a minute
  --against CMD   measure CMD too, an AuthorizedKeysCommand with its %u, %f, %t
  --program PATH  the agent to measure; else that of the payload if it is built, else the release build's
  --json FILE     where the figures go; else build/bench/figures.json
END
}

# BenchProgram: the agent to measure when none is named.
BenchProgram() {
  local payload
  payload=build/payload/$(dpkg --print-architecture 2>/dev/null || uname -m)/bin/eic-authorized-keys
  if [ -x "$payload" ]; then echo "$payload"; else echo build/release/bin/eic-authorized-keys; fi
}

# BenchStage PROGRAM FILE OPTION...: measures PROGRAM on a stage; the figures go to FILE.
BenchStage() {
  local program=$1 file=$2 stage=$BENCH_DIR/stage symbols
  shift 2
  rm -rf "$stage"
  mkdir -p "$stage/bin" "$stage/extra"
  cp "$program" "$stage/bin/eic-authorized-keys"
  cp build/release/bin/{eic-emulator,ec2-instance-connect} "$stage/bin/"
  cp build/release/bench/eic-* tests/bench/measure.py "$stage/extra/"
  symbols=$PAYLOAD_TREE$PAYLOAD_BUILD/agent/bin/eic-authorized-keys
  [[ $program != build/payload/* ]] || [ ! -e "$symbols" ] ||
    cp "$symbols" "$stage/extra/eic-authorized-keys-symbols"
  cmp -s "$program" build/release/bin/eic-authorized-keys ||
    cp build/release/bin/eic-authorized-keys "$stage/extra/eic-authorized-keys-system"
  export EIC_BIN_DIR=$PWD/$stage/bin
  export EIC_LOG_CATCHER=$PWD/build/release/bench/eic-log-catcher
  export EIC_STAGE_EXTRA=$PWD/$stage/extra
  (StageEnter 900 bench.sh "$@" 3>"$file.part")
  mv "$file.part" "$file"
}

# BenchClient [--quick]: whole logins, beside plain ssh and, where its tree is there, Debian 13's AWS CLI.
BenchClient() {
  local stage=$PWD/$BENCH_DIR/client lacks program
  source tests/scenarios/stage.sh
  lacks=$(StageLacksRights)
  [ -n "$lacks" ] || Setup bench
  lacks=${lacks:-$(StageLacks)}
  if [ -n "$lacks" ]; then
    echo "./dev bench client needs $lacks" >&2
    return 2
  fi
  Build release
  program=build/payload/$(dpkg --print-architecture 2>/dev/null || uname -m)/bin/eic
  [ -x "$program" ] || program=build/release/bin/eic
  echo "measuring $program"
  rm -rf "$stage"
  mkdir -p "$stage/bin" "$stage/extra"
  cp build/release/bin/{eic-authorized-keys,eic-emulator,ec2-instance-connect} "$program" "$stage/bin/"
  cp tests/bench/{measure_client,delay_relay}.py "$stage/extra/"
  "${CXX:-c++}" -std=c++20 -O1 -o "$stage/eic-log-catcher" tests/scenarios/log_catcher.cc
  export EIC_BIN_DIR=$stage/bin EIC_LOG_CATCHER=$stage/eic-log-catcher EIC_STAGE_EXTRA=$stage/extra
  [ ! -e build/trees/trixie-clients.key ] || export EIC_TREE=$PWD/build/trees/trixie-clients
  (StageEnter 600 bench_client.sh "$@" 3>"$BENCH_DIR/client.json.part")
  mv "$BENCH_DIR/client.json.part" "$BENCH_DIR/client.json"
  python3 tests/bench/report_client.py "$BENCH_DIR/client.json"
}

# BenchChain [--quick]: the release build's chain.
BenchChain() {
  local stage=$PWD/$BENCH_DIR/chain lacks
  source tests/scenarios/stage.sh
  lacks=$(StageLacksRights)
  [ -n "$lacks" ] || Setup bench
  lacks=${lacks:-$(StageLacks)}
  if [ -n "$lacks" ]; then
    echo "./dev bench chain needs $lacks" >&2
    return 2
  fi
  Build release
  rm -rf "$stage"
  mkdir -p "$stage/bin" "$stage/extra"
  cp build/release/bin/eic-{authorized-keys,emulator,chain} build/release/bin/ec2-instance-connect "$stage/bin/"
  cp tests/bench/measure_chain.py "$stage/extra/"
  "${CXX:-c++}" -std=c++20 -O1 -o "$stage/eic-log-catcher" tests/scenarios/log_catcher.cc
  export EIC_BIN_DIR=$stage/bin EIC_LOG_CATCHER=$stage/eic-log-catcher EIC_STAGE_EXTRA=$stage/extra
  (StageEnter 600 bench_chain.sh "$@")
}

# BenchConsole MODE MEGABYTES SECONDS SESSIONS: the release build's console.
BenchConsole() {
  local stage=$PWD/$BENCH_DIR/console lacks
  source tests/scenarios/stage.sh
  lacks=$(StageLacksRights)
  [ -n "$lacks" ] || { Setup bench && Setup console && Setup browser; }
  lacks=${lacks:-$(StageLacks)}
  if [ -n "$lacks" ]; then
    echo "./dev bench console needs $lacks" >&2
    return 2
  fi
  ConsoleFiles
  ReleaseForStage
  if [ ! -x "$EIC_BIN_DIR/eic-console" ] || [ ! -d build/npm/tests/node_modules ]; then
    echo "./dev bench console needs eic-console and npm's files for tests/browser; see above" >&2
    return 2
  fi
  rm -rf "$stage"
  mkdir -p "$stage"
  cp tests/bench/measure_console.{py,mjs} "$stage/"
  cp -R build/npm/tests/node_modules "$stage/"
  tools/ttyd.sh "$BENCH_DIR/ttyd" && cp -RP "$BENCH_DIR/ttyd" "$stage/" ||
    echo "ttyd's figures will be the recorded ones" >&2
  export EIC_BIN_DIR EIC_LOG_CATCHER EIC_STAGE_EXTRA=$stage
  (StageEnter 2400 bench_console.sh "${@:2}" 3>"$BENCH_DIR/console.json.part")
  mv "$BENCH_DIR/console.json.part" "$BENCH_DIR/console.json"
  python3 tests/bench/report_console.py "$1" "$BENCH_DIR/console.json"
}

Bench() {
  if [ "${1-}" = console ]; then
    case "${*:2}" in
      '') BenchConsole show 50 60 1000 ;;
      --quick) BenchConsole show 10 15 100 ;;
      --long) BenchConsole show 100 300 1000 ;;
      --document) BenchConsole document 50 60 1000 ;;
      '--long --document' | '--document --long') BenchConsole document 100 300 1000 ;;
      *) BenchUsage >&2 && return 64 ;;
    esac
    return
  fi
  if [ "${1-}" = chain ]; then
    case "${*:2}" in
      '' | --quick) BenchChain "${@:2}" ;;
      *) BenchUsage >&2 && return 64 ;;
    esac
    return
  fi
  if [ "${1-}" = client ]; then
    case "${*:2}" in
      '' | --quick) BenchClient "${@:2}" ;;
      *) BenchUsage >&2 && return 64 ;;
    esac
    return
  fi
  local mode=show program='' json=$BENCH_DIR/figures.json options=() lacks
  while [ $# -gt 0 ]; do
    case $1 in
      --quick) options+=(--quick) ;;
      --document | --check | --record) mode=${1#--} ;;
      --against | --program | --json)
        [ $# -gt 1 ] || { BenchUsage >&2 && return 64; }
        case $1 in
          --against) options+=(--against "$2") ;;
          --program) program=$2 ;;
          --json) json=$2 ;;
        esac
        shift
        ;;
      --help) BenchUsage && return 0 ;;
      *) BenchUsage >&2 && return 64 ;;
    esac
    shift
  done
  if [ "$mode" = document ] && [[ " ${options[*]} " = *" --quick "* ]]; then
    echo "./dev bench --document takes the whole of it, not --quick" >&2
    return 64
  fi
  source tests/scenarios/stage.sh
  lacks=$(StageLacksRights)
  [ -n "$lacks" ] || Setup bench
  lacks=${lacks:-$(StageLacks)}
  if [ -n "$lacks" ]; then
    echo "./dev bench needs $lacks" >&2
    return 2
  fi
  Build release -DEIC_BENCH=ON
  "${CXX:-c++}" -std=c++20 -O1 -o build/release/bench/eic-log-catcher tests/scenarios/log_catcher.cc
  mkdir -p "$BENCH_DIR"
  case $mode in
    check | record)
      program=${program:-build/release/bin/eic-authorized-keys}
      BenchStage "$program" "$json" --instructions-only "${options[@]}"
      python3 tests/bench/report.py "$mode" "$json" "$BENCH_RECORD"
      ;;
    *)
      program=${program:-$(BenchProgram)}
      echo "measuring $program"
      BenchStage "$program" "$json" "${options[@]}"
      python3 tests/bench/report.py "$mode" "$json" "$program"
      ;;
  esac
}
