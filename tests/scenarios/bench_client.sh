#!/usr/bin/env bash
# The client's bench, on a stage: ./dev bench client calls it (tools/bench.sh). It starts one instance, the
# API over HTTPS with a CA that this machine's store has, and relays that delay both; then it becomes
# tests/bench/measure_client.py. What that measures goes to descriptor 3, as JSON.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

EXTRA=/opt/eic/extra

# Relay PORT TO: both ways take 50 ms each.
Relay() {
  : >"$WORK/relay.$1.log"
  sleep 800 | "$EXTRA/delay_relay.py" 50 "127.0.1.1:$1" "$2" >"$WORK/relay.$1.log" 2>&1 &
  WaitUntil 10 grep -q ready "$WORK/relay.$1.log" || Fail "the relay at port $1 does not listen"
}

StartLog
EMULATOR_OPTIONS=(--tls --tls-name 127.0.1.1)
API=http://127.0.0.1:8443 StartService "$(InstanceJson 1)"
StartSshdOf 1
TrustApi
install -m 600 -o person -g person /dev/null "$PERSON_HOME/key"
NewKey key
install -m 600 -o person -g person "$WORK/key" "$PERSON_HOME/key"
install -m 644 -o person -g person "$WORK/key.pub" "$PERSON_HOME/key.pub"
{
  sed "s/^/$(InstanceAddress 1) /" "$WORK/host_key.1.pub"
  sed "s/^/[$(InstanceAddress 1)]:2222 /" "$WORK/host_key.1.pub"
} >"$PERSON_HOME/known_hosts"
Relay 2222 "127.0.1.1:22"
Relay 8443 "127.0.0.1:8443"
if [ -x /opt/eic/tree/usr/bin/aws ]; then
  cp /etc/ssl/certs/ca-certificates.crt /opt/eic/tree/tmp/bundle.pem # This stage's store, with the API's CA.
  install -d -m 700 -o 58004 -g 58004 /opt/eic/tree/home/client/.ssh
  sed "s/^/$(InstanceAddress 1) /" "$WORK/host_key.1.pub" >/opt/eic/tree/home/client/.ssh/known_hosts
fi
export INSTANCE ADDRESS ENDPOINT FAR_ENDPOINT FAR_PORT
INSTANCE=$(InstanceId 1) ADDRESS=$(InstanceAddress 1) ENDPOINT=https://127.0.0.1:8443
FAR_ENDPOINT=https://127.0.1.1:8443 FAR_PORT=2222
PERSON_ENV=(AWS_ENDPOINT_URL="$ENDPOINT")
AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "eic config --install failed"
exec "$EXTRA/measure_client.py" "$@"
