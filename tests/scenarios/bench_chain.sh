#!/usr/bin/env bash
# What `./dev bench chain` measures, on a stage: the members, and an emulator that the agent asks.
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

NeedsProgram python3
StartLog
StartEmulator
NewKey key
Script slow <<'END'
sleep 0.02
echo "# slow"
END
Script quick <<<'echo "# quick"'
mkdir -p "$CHAIN_FOLDER"
python3 /opt/eic/extra/measure_chain.py "$@"
Finish
