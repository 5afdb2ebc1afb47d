#!/usr/bin/env bash
# usage: tests/scenarios/vm.sh CASE
#
# Plays tests/vm/CASE.sh on a stage where the instance is a virtual machine: its own kernel, systemd, sshd and DMI tag.
# Metadata, API and the person's client are outside of it, on the stage. `./dev test-vm` makes what the folder
# EIC_MACHINE holds (tools/test_vm.sh). These are the verbs of the cases.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"

MACHINE=/opt/eic/machine
INSTANCE=$(InstanceId 0)
ADDRESS=$(InstanceAddress 0)
UP_SECONDS=480 # An emulated processor, on a machine that may do much else: half a minute where it does not.
PERSON_SECONDS=120
MACHINE_PID=
KERNEL_WORDS=
# What the firmware says on Nitro.
DMI=(-smbios "type=1,manufacturer=Amazon EC2,product=m5.large"
  -smbios "type=2,manufacturer=Amazon EC2,asset=$INSTANCE")

# Prepare: copies of what has to be writable, or readable for its owner alone.
Prepare() {
  cp -R "$MACHINE/emulator" "$WORK/emulator"
  install -m 600 "$MACHINE/ordinary" "$WORK/ordinary"
  sed "s/^/$ADDRESS /" "$MACHINE/host_keys" >"$WORK/known_hosts"
}

# StartMetadata: and the API.
StartMetadata() { StartService "$(InstanceJson 0)"; }

# StartMachine [QEMU OPTION]...: to the instance, 169.254.169.254 port 80 is its metadata, and nothing else is in
# reach; its port 22 is that of ADDRESS. What it writes to its disk is gone with it. On a busy machine a kernel that
# checked its timer would find it too late, and panic.
StartMachine() {
  local network=net=169.254.169.0/24,restrict=on,dhcpstart=169.254.169.15
  network+=,hostfwd=tcp:$ADDRESS:22-:22
  network+=,guestfwd=tcp:169.254.169.254:80-cmd:"socat -lf /dev/null - TCP:127.0.2.0:80"
  qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -no-user-config \
    -display none -monitor none -serial "file:$WORK/console.log" "${DMI[@]}" \
    -kernel "$MACHINE/vmlinuz" -append "root=/dev/nvme0n1 rw console=ttyS0 no_timer_check $KERNEL_WORDS" \
    -drive "file=$MACHINE/image,format=raw,if=none,id=root,snapshot=on" -device nvme,drive=root,serial=root \
    -netdev "user,id=net,$network" -device virtio-net-pci,netdev=net,romfile= \
    "$@" >"$WORK/qemu.log" 2>&1 &
  MACHINE_PID=$!
  WaitUntil "$UP_SECONDS" HasSshd || Fail "no sshd answers"
  WaitUntil "$UP_SECONDS" IsUp || Fail "the machine is not up: $(cat "$WORK/state.log")"
}

HasSshd() {
  kill -0 "$MACHINE_PID" || Fail "qemu has ended"
  ! grep 'Kernel panic' "$WORK/console.log" >/dev/null || Fail "the kernel panicked"
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  timeout 10 bash -c 'exec 3<>"/dev/tcp/$1/22" && head -c 8 <&3' connect "$ADDRESS" 2>/dev/null |
    grep '^SSH-2' >/dev/null || { sleep 0.5 && false; }
}

# IsUp: everything that starts at boot has started, and nothing has failed.
IsUp() {
  Root "systemctl is-system-running --wait; systemctl --failed --no-legend" >"$WORK/state.log"
  [ "$(cat "$WORK/state.log")" = running ]
}

# Login KEY [SSH OPTION]... -- COMMAND...: the ordinary client, with $WORK/KEY and no other key.
Login() {
  local key=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  ssh -F none -l ec2-user -i "$WORK/$key" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes \
    -o ConnectTimeout=60 -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$WORK/known_hosts" \
    -o GlobalKnownHostsFile=none -o PreferredAuthentications=publickey "${options[@]}" "$ADDRESS" "$@" \
    2>"$WORK/ssh.log"
}

# Root LINE: the shell's LINE, as an administrator who has an ordinary key; all over one connection.
Root() {
  Login ordinary -o ControlMaster=auto -o ControlPersist=yes -o ControlPath="$WORK/administrator" \
    -- "sudo sh -c $(printf %q "$1")"
}

# OrdinaryOpens: a key of authorized_keys opens the door, by a connection of its own.
OrdinaryOpens() { [ "$(Login ordinary -- id -un)" = ec2-user ] || Fail "an ordinary key does not open the door"; }

# Pushed: a new key, pushed for ec2-user through the API; true when it opens the door.
Pushed() {
  rm -f "$WORK"/pushed*
  NewKey pushed
  Push ec2-user pushed
  [ "$(Login pushed -- id -un)" = ec2-user ]
}
PushedOpens() { Pushed || Fail "a pushed key does not open the door"; }
PushedIsRefused() {
  ! Pushed || Fail "a pushed key opens the door"
  grep 'Permission denied (publickey' "$WORK/ssh.log" >/dev/null || Fail "no clean refusal of a pushed key"
}

# MsshOpens: the person's client, which makes a key of its own, and pushes it.
MsshOpens() { Expect 0 ec2-user mssh "$INSTANCE" id -un; }

# HasStarted N: waits until sshd has begun to listen N times since the boot. One that reloads its settings refuses
# connections for a moment.
HasStarted() {
  WaitUntil "$PERSON_SECONDS" HasListened "$1" || Fail "sshd has not begun to listen $1 times"
}
HasListened() {
  Root "journalctl -b -u ssh -o cat --no-pager" >"$WORK/sshd.log" || Fail "no journal"
  [ "$(grep -c '^Server listening on 0\.0\.0\.0 ' "$WORK/sshd.log")" = "$1" ] || { sleep 0.5 && false; }
}

# AgentSaid REGEX: the agent's lines in the instance's journal.
AgentSaid() {
  Root "journalctl -t ec2-instance-connect -o cat --no-pager" >"$WORK/journal.log" || Fail "no journal"
  grep -E -- "$1" "$WORK/journal.log" >/dev/null || Fail "the agent did not say: $1"
}

# DoctorFindsNothing: as an administrator asks it for the person's user.
DoctorFindsNothing() {
  Root "ec2-instance-connect doctor --user ec2-user" >"$WORK/doctor.log" || Fail "doctor found something"
}

# DoctorFinds REGEX: it finds something that is broken, and says this of it.
DoctorFinds() {
  local status=0
  Root "ec2-instance-connect doctor --user ec2-user" >"$WORK/doctor.log" || status=$?
  [ "$status" = 2 ] || Fail "doctor ended with status $status"
  grep -E -- "$1" "$WORK/doctor.log" >/dev/null || Fail "doctor did not say: $1"
}

Prepare
# shellcheck disable=SC1090  # The case.
source "/opt/eic/vm/$1.sh"
Finish
