#!/usr/bin/env bash
# The stage: a network, mount and process namespace that looks like an EC2 instance.
#
# Sourced, it offers the outer half: StageLacks says what the machine does not allow and StageEnter
# plays a script of this folder on a new stage. Run as a program, it is the inner half: process 1 of
# the new namespaces, which sets the stage and becomes the script.
#
# On the stage the machine's root is there read-only, so no defect can write to it. Everything that
# changes is a tmpfs that goes away with the namespaces: /etc (a copy, with users of its own), /home,
# /root, /run, /tmp, /var/log, /dev, /sys (nothing but the DMI tag), and /opt/eic with the programs
# under test. When the script ends, the kernel ends what it started: nothing is left behind.

STAGE_INSTANCE_ID=i-0123456789abcdef0
STAGE_ROOT=/mnt # Exists everywhere; only the stage's own mount namespace sees what is mounted on it.

# Cuts the new mount namespace off from the machine's. In a chroot whose root is no mount point the
# mount to change is out of sight: nsenter looks from the namespace's real root.
StageMakePrivate() {
  mount --make-rprivate / 2>/dev/null ||
    nsenter --mount=/proc/self/ns/mnt mount --make-rprivate /
}

# Prints what this user or container may not do; nothing when it is allowed.
# shellcheck disable=SC2016  # It is the inner shell that expands.
StageLacksRights() {
  if [ "$(id -u)" != 0 ]; then
    echo "root"
  elif ! command -v unshare >/dev/null || ! command -v mount >/dev/null; then
    : # util-linux is missing: not known yet.
  elif ! timeout 10 unshare --mount --net --pid --fork --kill-child --propagation unchanged \
    bash -c 'source "$1" && StageMakePrivate && mount -t tmpfs tmpfs "$STAGE_ROOT" &&
      mount -t proc proc /proc' stage "${BASH_SOURCE[0]}" >/dev/null 2>&1; then
    echo "the right to make network, mount and process namespaces (CAP_SYS_ADMIN, and /proc mounted)"
  fi
}

# Prints what is lacking for a stage, rights or programs; nothing when it can be set.
StageLacks() {
  local tool
  for tool in unshare nsenter setpriv mount findmnt chroot timeout ip ssh ssh-keygen /usr/sbin/sshd; do
    if ! command -v "$tool" >/dev/null; then
      echo "the program $tool (./dev setup installs it)"
      return
    fi
  done
  StageLacksRights
}

# StageEnter SECONDS SCRIPT [ARG...]: becomes SCRIPT on a new stage; all of it ends after SECONDS.
# EIC_BIN_DIR holds the programs under test, EIC_LOG_CATCHER is the datagram catcher; what the folder
# EIC_STAGE_EXTRA holds, if it is set, is in /opt/eic/extra. EIC_TREE, if it is set, is another system's
# root: it is /opt/eic/tree. EIC_MACHINE, if it is set, is what a virtual machine is made of (vm.sh): /opt/eic/machine.
StageEnter() {
  local seconds=$1 here
  shift
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  # Whichever of these is killed, in whatever way: process 1 of the stage goes, and all others with it.
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LC_ALL=C.UTF-8 EIC_BIN_DIR="$EIC_BIN_DIR" EIC_LOG_CATCHER="$EIC_LOG_CATCHER" \
    EIC_REQUIRE_ALL="${EIC_REQUIRE_ALL:-}" \
    EIC_STAGE_EXTRA="${EIC_STAGE_EXTRA-}" EIC_TREE="${EIC_TREE-}" EIC_MACHINE="${EIC_MACHINE-}" \
    EIC_OUTPUT_SECONDS="${EIC_OUTPUT_SECONDS-}" EIC_OUTPUT_MEGABYTES="${EIC_OUTPUT_MEGABYTES-}" \
    EIC_CTRL_C_MS="${EIC_CTRL_C_MS-}" \
    EIC_PICTURES_FD="${EIC_PICTURES_FD-}" \
    timeout --foreground --kill-after=5 "$seconds" \
    setpriv --pdeathsig KILL \
    unshare --mount --net --pid --ipc --fork --kill-child --propagation unchanged \
    bash "$here/stage.sh" "$@"
}

# True on a stage, and nowhere else: the scenarios write to /etc without asking again.
OnStage() { [ $$ = 1 ] && [ -e /opt/eic/this-is-a-stage ]; }

# From here on: the inner half.

# StageFresh PATH MODE: an empty tmpfs in place of PATH, where the machine has such a folder.
StageFresh() {
  [ ! -d "$STAGE_ROOT$1" ] || mount -t tmpfs -o "size=512m,mode=$2" tmpfs "$STAGE_ROOT$1"
}

# The machine's root, read-only, with those mounts below it that hold programs and libraries.
StageMountRoot() {
  local target
  mount --bind / "$STAGE_ROOT"
  mount -o remount,bind,ro "$STAGE_ROOT"
  findmnt --raw --noheadings --output TARGET | while read -r target; do
    case $target in
      /usr | /usr/* | /lib* | /bin | /sbin | /var | /var/lib)
        mount --bind "$target" "$STAGE_ROOT$target"
        mount -o remount,bind,ro "$STAGE_ROOT$target"
        ;;
    esac
  done
}

# The usual devices, and room for a /dev/log of our own.
StageMountDev() {
  "$(dirname "${BASH_SOURCE[0]}")/../../tools/mount_devices.sh" "$STAGE_ROOT"
  # Terminals of the stage's own: for sessions with one, and for clients that ask at one.
  mkdir "$STAGE_ROOT/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$STAGE_ROOT/dev/pts"
  ln -s pts/ptmx "$STAGE_ROOT/dev/ptmx"
  mkdir -m 1777 "$STAGE_ROOT/dev/shm" # Ansible wants semaphores.
}

# StageAddUser NAME ID SHELL: by writing the lines, since useradd refuses an @. The password is `*`
# (none) and not `!`, which sshd without PAM takes for a locked account.
StageAddUser() {
  local etc=$STAGE_ROOT/etc
  sed -i "/^$1:/d" "$etc/passwd" "$etc/shadow" "$etc/group"
  echo "$1:x:$2:$2::/home/$1:$3" >>"$etc/passwd"
  echo "$1:*:19000::::::" >>"$etc/shadow"
  echo "$1:x:$2:" >>"$etc/group"
  mkdir -p "$STAGE_ROOT/home/$1/.ssh"
  chmod 700 "$STAGE_ROOT/home/$1/.ssh"
  chown -R "$2:$2" "$STAGE_ROOT/home/$1"
}

# What an instance has that this machine may not have: the DMI tag, the users, the link-local address.
StageFurnish() {
  local dmi=$STAGE_ROOT/sys/devices/virtual/dmi/id
  mkdir -p "$dmi"
  echo "$STAGE_INSTANCE_ID" >"$dmi/board_asset_tag"
  StageAddUser ec2-user 58001 /bin/sh
  StageAddUser svc@corp.example 58002 /bin/sh
  StageAddUser ec2-instance-connect 58003 /usr/sbin/nologin
  StageAddUser ubuntu 58005 /bin/sh
  # Who sits at the other end.
  StageAddUser person 58010 /bin/sh
  ip link set lo up
  ip address add 169.254.169.254/32 dev lo
}

# The programs, in a place that sshd accepts and every user can read, wherever the build tree is.
StageInstall() {
  local opt=$STAGE_ROOT/opt/eic
  mkdir -p "$opt/bin" "$opt/scenarios"
  cp "$EIC_BIN_DIR"/{eic-authorized-keys,ec2-instance-connect,eic-emulator} "$opt/bin/"
  cp "$EIC_LOG_CATCHER" "$opt/bin/eic-log-catcher"
  # The client is no part of the payload's scenarios of old, which have the agent alone.
  if [ -e "$EIC_BIN_DIR/eic" ]; then
    cp "$EIC_BIN_DIR/eic" "$opt/bin/"
    ln -s eic "$opt/bin/mssh"
    ln -s eic "$opt/bin/msftp"
  fi
  # Nor is the chain.
  [ ! -e "$EIC_BIN_DIR/eic-chain" ] || cp "$EIC_BIN_DIR/eic-chain" "$opt/bin/"
  # Neither is the console, which packagers may leave out.
  [ ! -e "$EIC_BIN_DIR/eic-console" ] || cp "$EIC_BIN_DIR/eic-console" "$opt/bin/"
  # Of the release build alone, with the table that it is compared to.
  if [ -e "$EIC_BIN_DIR/../tests/eic-taken-over" ]; then
    cp "$EIC_BIN_DIR"/../tests/eic-{,member-}taken-over "$opt/bin/"
    cp "$(dirname "${BASH_SOURCE[0]}")/../../doc/confinement.md" "$opt/scenarios/"
  fi
  [ ! -e "$EIC_BIN_DIR/../tests/eic-console-taken-over" ] ||
    cp "$EIC_BIN_DIR/../tests/eic-console-taken-over" "$opt/bin/"
  ln -s eic-authorized-keys "$opt/bin/eic_run_authorized_keys"
  cp "$(dirname "${BASH_SOURCE[0]}")"/*.{sh,py} "$opt/scenarios/"
  cp "$(dirname "${BASH_SOURCE[0]}")/../verbs.sh" "$opt/"
  cp -R "$(dirname "${BASH_SOURCE[0]}")/../vm" "$opt/vm"
  # The console's page in a real browser.
  mkdir "$opt/browser"
  cp "$(dirname "${BASH_SOURCE[0]}")"/../browser/*.mjs "$opt/browser/"
  [ -z "$EIC_STAGE_EXTRA" ] || cp -RL "$EIC_STAGE_EXTRA" "$opt/extra"
  touch "$opt/this-is-a-stage"
}

# The other system, read-only as the machine's; what its user `client` writes is gone with the stage.
StageMountTree() {
  local tree=$STAGE_ROOT/opt/eic/tree
  [ -n "$EIC_TREE" ] || return 0
  mkdir "$tree"
  mount --bind "$EIC_TREE" "$tree"
  mount -o remount,bind,ro "$tree"
  mount --bind "$STAGE_ROOT/proc" "$tree/proc"
  mount --rbind "$STAGE_ROOT/dev" "$tree/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$tree/tmp"
  mount -t tmpfs -o mode=700,uid=58004,gid=58004 tmpfs "$tree/home/client"
}

# The kernel and the image of a virtual machine are too large to be copied.
StageMountMachine() {
  [ -n "$EIC_MACHINE" ] || return 0
  mkdir "$STAGE_ROOT/opt/eic/machine"
  mount --bind "$EIC_MACHINE" "$STAGE_ROOT/opt/eic/machine"
  mount -o remount,bind,ro "$STAGE_ROOT/opt/eic/machine"
}

# Sets the stage and becomes the script.
StageMain() {
  local script
  set -euo pipefail
  umask 022
  script=$(basename "$1")
  shift
  StageMakePrivate
  StageMountRoot
  StageFresh /etc 755
  cp -a /etc/. "$STAGE_ROOT/etc/"
  for folder in /home /opt /run /sys /var/log; do StageFresh "$folder" 755; done
  for folder in /tmp /var/tmp; do StageFresh "$folder" 1777; done
  StageFresh /root 700
  StageMountDev
  mount -t proc proc "$STAGE_ROOT/proc"
  mkdir -p "$STAGE_ROOT/run/sshd"
  StageFurnish
  StageInstall
  StageMountTree
  StageMountMachine
  cd "$STAGE_ROOT"
  PATH=/opt/eic/bin:$PATH exec chroot "$STAGE_ROOT" bash "/opt/eic/scenarios/$script" "$@"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || StageMain "$@"
