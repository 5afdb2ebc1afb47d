#!/usr/bin/env bash
# What `./dev bench console` measures, on a stage: usage: bench_console.sh MEGABYTES SECONDS SESSIONS.
#
# One instance with a real sshd and agent, eic-console as the person, and ttyd over plain ssh to the same sshd
# where its folder is there (tools/ttyd.sh). The figures go to descriptor 3, as JSON.
EIC_STAGE_SECONDS=2400
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
source "$(dirname "$0")/console.sh"

megabytes=$1 seconds=$2 sessions=$3
EXTRA=/opt/eic/extra
NeedsProgram node
NeedsProgram chromium
ln -s extra/node_modules /opt/eic/node_modules

# A key lives long enough for its login, and the emulator keeps 64 for a user.
EMULATOR_OPTIONS=(--ttl 5)
sed -i 's|^\(ec2-user:.*\):/bin/sh$|\1:/bin/bash|' /etc/passwd
StartLog
StartService "$(InstanceJson 1 '"image_id": "ami-0123456789abcdef1"')"
StartSshdOf 1 "MaxStartups 1000" "LogLevel INFO"
for size in "$megabytes" 100; do
  head -c "$((size * 1000000 * 3 / 4))" /dev/urandom | base64 -w 99 >"/tmp/much.$size"
  truncate -s "${size}000000" "/tmp/much.$size"
done
chmod 644 /tmp/much.*
CONSOLE_SECONDS=2300 StartConsole

# ttyd: with a key of the person's, and a longer time for its pings where the default would end the measurement.
ttyd_urls=() ttyd_port=()
if [ -x "$EXTRA/ttyd/ttyd" ]; then
  NewKey key
  install -m 600 -o person -g person "$WORK/key" "$PERSON_HOME/key"
  install -D -m 600 -o ec2-user -g ec2-user "$WORK/key.pub" /home/ec2-user/.ssh/authorized_keys
  sed "s/^/$(InstanceAddress 1) /" "$WORK/host_key.1.pub" >"$PERSON_HOME/known_hosts"
  libraries=$(cat "$EXTRA/ttyd/libraries")
  mount -t overlay overlay -o "lowerdir=$EXTRA/ttyd/lib:$libraries" "$libraries"
  Ttyd() {
    local port=$1
    shift
    PERSON_SECONDS=2300 AsPerson "$EXTRA/ttyd/ttyd" -i 127.0.0.1 -p "$port" -W "$@" -t rendererType=dom \
      -t disableLeaveAlert=true ssh -F none -i key -o IdentitiesOnly=yes -o IdentityAgent=none \
      -o UserKnownHostsFile="$PERSON_HOME/known_hosts" "ec2-user@$(InstanceAddress 1)" \
      >"$WORK/ttyd.$port.log" 2>&1 </dev/null &
    WaitUntil 10 curl --silent --output /dev/null "http://127.0.0.1:$port/" || Fail "ttyd does not listen"
  }
  Ttyd 7681 -P 300
  Ttyd 7682
  ttyd_urls=(http://127.0.0.1:7681/ http://127.0.0.1:7682/)
  ttyd_port=(7681)
fi

touch /tmp/browser.json /tmp/wire.json
chown person /tmp/browser.json
PERSON_SECONDS=1200 AsPerson node "$EXTRA/measure_console.mjs" /tmp/browser.json "$megabytes" "$seconds" \
  "${ttyd_urls[@]}" || Fail "the browser's part failed"
# The browser that has the token has gone: another console, for the sockets' part.
pkill -TERM -u person -x eic-console
WaitUntil 5 NothingOf 'eic-(console|forker)' || Fail "eic-console does not end"
CONSOLE_SECONDS=1100 StartConsole
Browse <<'END'
save(Console(printed_url()).enter())
END
timeout 1000 python3 "$EXTRA/measure_console.py" /tmp/wire.json 100 "$sessions" "${ttyd_port[@]}" ||
  Fail "the sockets' part failed"
python3 -c '
import json
both = {name: json.load(open("/tmp/%s.json" % name)) for name in ("browser", "wire")}
json.dump(both, open(3, "w"))
'
Finish
