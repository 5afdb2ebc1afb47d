# shellcheck shell=bash
# The verbs of the client's scenarios. Sourced behind lib.sh.
#
# The instances are addresses of the stage's loopback, each with an sshd, a host key and metadata of its
# own; users are the stage's. The person is an ordinary user, who has nothing but AWS's two variables.
# shellcheck disable=SC2034,SC2119,SC2120

[ -x /opt/eic/bin/eic ] || SkipWithout "the client (eic), which this build does not have"

PERSON_HOME=/home/person
# scp's older protocol. Before OpenSSH 8.7 there is no other, and no word for it.
OLDER_SCP=(-O)
case $(scp -O 2>&1 || true) in *'unknown option'*) OLDER_SCP=() ;; esac
ENDPOINT=http://127.0.0.1:8080
# Instance N is called web-N, and lives at 127.0.1.N.
InstanceId() { echo "i-0123456789abcdef$1"; }
InstanceAddress() { echo "127.0.1.$1"; }

AL2023='{"image_id": "ami-0123456789abcdef1", "name": "al2023-ami-2023.9.20260101.0-kernel-6.1-x86_64", "owner_id": "137112412989"}'
UBUNTU='{"image_id": "ami-0123456789abcdef2", "name": "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260101", "owner_id": "099720109477"}'

# InstanceJson N [MEMBER]...: one instance as the emulator's configuration has it; MEMBERs count for more.
InstanceJson() {
  local n=$1 member
  shift
  printf '{"instance_id": "%s", "metadata": ["127.0.2.%s:80"], "public_ip": "%s", "private_ip": "10.0.0.%s"' \
    "$(InstanceId "$n")" "$n" "$(InstanceAddress "$n")" "$n"
  case " $* " in *'"tags"'*) ;; *) printf ', "tags": {"Name": "web-%s"}' "$n" ;; esac
  for member in "$@"; do printf ', %s' "$member"; done
  printf '}'
}

# StartService JSON_OF_INSTANCES [MEMBER]...: the emulator; MEMBERs of the configuration's top level. The
# options in EMULATOR_OPTIONS are given as well.
EMULATOR_OPTIONS=()
StartService() {
  local instances=$1 member
  shift
  {
    printf '{"instances": [%s], "images": [%s, %s]' "$instances" "$AL2023" "$UBUNTU"
    for member in "$@"; do printf ', %s' "$member"; done
    printf '}'
  } >"$WORK/config.json"
  : >"$WORK/emulator.log"
  eic-emulator serve --dir "$WORK/emulator" --config "$WORK/config.json" --api "${API#http://}" \
    "${EMULATOR_OPTIONS[@]}" >"$WORK/emulator.log" 2>&1 &
  EMULATOR_PID=$!
  if ! WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log"; then
    ! grep 'cannot serve TLS' "$WORK/emulator.log" >/dev/null || SkipWithout "an emulator with TLS"
    Fail "eic-emulator is not ready"
  fi
  install -D -m 644 "$WORK/emulator/anchors.pem" /etc/eic/anchors.pem
}

# StartSshdOf N [LINE...]: the sshd of instance N, with the agent as that instance has it.
StartSshdOf() {
  local n=$1 config=$WORK/sshd_config.$1
  shift
  [ -e "$WORK/host_key.$n" ] || ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key.$n"
  {
    [ $# = 0 ] || printf '%s\n' "$@"
    printf '%s\n' "AuthorizedKeysCommand /opt/eic/bin/eic-authorized-keys --ca-store /etc/eic/anchors.pem \
--imds-endpoint http://127.0.2.$n --sysfs-root $WORK/emulator/sys/$(InstanceId "$n") -- %u %f %t" \
      "AuthorizedKeysCommandUser ec2-instance-connect" "AuthorizedKeysFile .ssh/authorized_keys" \
      "ListenAddress $(InstanceAddress "$n")" "Port 22" "HostKey $WORK/host_key.$n" "PidFile none" \
      "UsePAM no" "PasswordAuthentication no" "AuthenticationMethods publickey" "LogLevel VERBOSE" \
      "MaxAuthTries 3" "MaxStartups 200" "Subsystem sftp internal-sftp" "AcceptEnv LANG"
  } >"$config"
  if /usr/sbin/sshd -t -f "$config" -o PerSourcePenalties=no 2>/dev/null; then
    echo "PerSourcePenalties no" >>"$config"
  fi
  : >"$WORK/sshd.$n.log"
  /usr/sbin/sshd -D -e -f "$config" 2>"$WORK/sshd.$n.log" &
  WaitUntil 10 grep -q '^Server listening' "$WORK/sshd.$n.log" || Fail "the sshd of instance $n does not listen"
}

# StartInstances COUNT [LINE...]: service, agents and sshds of instances 1 to COUNT.
StartInstances() {
  local count=$1 n instances=()
  shift
  for ((n = 1; n <= count; n++)); do instances+=("$(InstanceJson "$n")"); done
  StartLog
  StartService "$(IFS=, && echo "${instances[*]}")"
  for ((n = 1; n <= count; n++)); do StartSshdOf "$n" "$@"; done
}

# AsPerson COMMAND...: as the person, with a clean environment; PERSON_ENV adds to it.
PERSON_ENV=()
AsPerson() {
  setpriv --reuid person --regid person --clear-groups env -i -C "$PERSON_HOME" \
    PATH="$PATH" HOME="$PERSON_HOME" USER=person LOGNAME=person SHELL=/bin/sh LC_ALL=C.UTF-8 \
    AWS_ENDPOINT_URL="$ENDPOINT" AWS_REGION=us-west-2 AWS_EC2_METADATA_DISABLED=true \
    AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \
    AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY "${PERSON_ENV[@]}" \
    timeout "${PERSON_SECONDS:-20}" "$@"
}

# Expect STATUS WORDS COMMAND...: the person's command ends with STATUS, and prints exactly WORDS.
Expect() {
  local status=$1 words=$2 got answer
  shift 2
  got=0
  answer=$(AsPerson "$@" 2>"$WORK/person.log" </dev/null) || got=$?
  [ "$got" = "$status" ] || Fail "status $got instead of $status: $*"
  [ "$answer" = "$words" ] || Fail "said '$answer' instead of '$words': $*"
}

# ExpectWords STATUS REGEX COMMAND...: the person's command ends with STATUS, and says on stderr what
# matches REGEX.
ExpectWords() {
  local status=$1 regex=$2 got=0
  shift 2
  AsPerson "$@" >"$WORK/person.out.log" 2>"$WORK/person.log" </dev/null || got=$?
  [ "$got" = "$status" ] || Fail "status $got instead of $status: $*"
  grep -E -- "$regex" "$WORK/person.log" >/dev/null || Fail "no word of '$regex': $*"
}

# NothingOfOurs: no process of the client is alive, and no key.
NothingOfOurs() { ! pgrep -u person -x 'eic|mssh|msftp' >/dev/null; }

# ExpectNothingOfOurs: soon.
ExpectNothingOfOurs() { WaitUntil 5 NothingOfOurs || Fail "a process of ours outlives its use: $(pgrep -u person -a)"; }

# Pushes: how many keys were pushed so far.
Pushes() {
  curl --silent --max-time 5 "$API/emulator/events" | grep -oF '"action":"SendSSHPublicKey"' | wc -l
}

# TrustApi: the emulator's CA for HTTPS joins this stage's CA store, as update-ca-certificates would do it.
TrustApi() {
  local ca=$WORK/emulator/api-ca.pem
  cp "$ca" /etc/ssl/certs/eic-api-ca.pem
  ln -sf eic-api-ca.pem "/etc/ssl/certs/$(openssl x509 -in "$ca" -noout -hash).0"
  cat "$ca" >>/etc/ssl/certs/ca-certificates.crt
}
