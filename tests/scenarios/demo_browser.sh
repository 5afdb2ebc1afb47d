#!/usr/bin/env bash
# The browser's demo, on a stage: emulator, three instances and eic-console, until Ctrl+C. `./dev demo
# --browser` builds the programs and calls this with a port and the descriptor of a socket that listens at
# this port outside of the stage: where the person's browser is.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

port=$1
descriptor=$2
sed -i 's|^\(ec2-user:.*\):/bin/sh$|\1:/bin/bash|' /etc/passwd
StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"'),
  $(InstanceJson 2 '"tags": {"Name": "db-1"}' '"state": "stopped"' '"image_id": "ami-0123456789abcdef2"'),
  $(InstanceJson 3 '"tags": {"Name": "batch-1"}' '"public_ip": ""' '"private_ip": ""')"
StartSshdOf 1
CONSOLE_SECONDS=infinity StartConsole --port "$port"
# The stage has a network of its own; a connection from outside is carried to it.
setpriv --reuid person --regid person --clear-groups \
  python3 /opt/eic/scenarios/demo_relay.py "$descriptor" "$port" &

cat <<WORDS

EC2 Instance Connect in the browser. Open this address on this machine; it works once:

    $(cat "$WORK/console.out")

It shows three instances: web-1, which takes logins, db-1, which is stopped, and batch-1, which has no
address. From another machine: ssh -L $port:127.0.0.1:$port, then the same address there.
Ctrl+C ends all of it, and nothing stays behind.
WORDS
wait "$CONSOLE_PID" || true
Fail "eic-console has ended"
