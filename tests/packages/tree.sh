# shellcheck shell=bash
# Trees: a Debian in a folder, booted by systemd-nspawn or entered by chroot, in namespaces of its own.
# Nothing of it reaches the machine: packages are installed in the tree only, its network is a loopback
# of its own, and the kernel ends what runs in it when the case ends.
#
# Sourced by lib.sh, after tools/debian_tree.sh. WORK is the case's folder, TREES holds the base trees.
# shellcheck disable=SC2034,SC2153

TREE=$WORK/tree
INSTANCE_ID=i-0123456789abcdef0
LEADER=   # A process in the tree's namespaces.
HOLDER=   # The process whose end ends them.
CGROUPS=()

# What a tree has beyond apt and what is essential. Programs that are linked to the system, and not the
# payload, need libraries that a bare one lacks.
TreeIncludes() {
  local includes=openssh-server,adduser,ca-certificates,iproute2,procps
  case $1 in *-booted*) includes+=,systemd-sysv,dbus ;; esac
  case $1 in *-rpm*) includes+=,rpm ;; esac
  # A case has no network: what the console's package depends on is there already.
  case $1 in *-console*) includes+=,libcurl4,libpugixml1v5,libssh-4 ;; esac
  case $1 in *-dnf*) includes+=,dnf ;; esac
  case $1 in *-fleet*) includes+=,cloud-init,ansible-core,sudo ;; esac
  case $1 in *-selinux*) includes+=,selinux-policy-default,policycoreutils ;; esac
  case $1 in *-linked) includes+=,libcurl4,libpugixml1v5 ;; esac
  echo "$includes"
}

# TreeBase NAME: makes the base tree of that name where it is not there yet, one case at a time:
# SUITE[-booted][-rpm][-dnf][-fleet][-console][-selinux][-linked].
TreeBase() {
  mkdir -p "$TREES"
  (
    flock 9
    Stage "$TREES/packages-$1" "$(KeyOf "$(declare -f MakeTree TreeMake TreeIncludes)")" TreeMake "$1"
  ) 9>"$TREES/packages-$1.lock"
}

# TreeMake NAME: one that boots has OpenSSH's package at hand, to install it again.
TreeMake() {
  local base=$TREES/packages-$1 file
  local options=(--variant=minbase "--include=$(TreeIncludes "$1")")
  rm -rf --one-file-system "$base"
  # shellcheck disable=SC2016  # It is mmdebstrap that expands.
  case $1 in
    *-booted*) options+=(--customize-hook='chroot "$1" sh -c "cd /root && apt-get -qq download openssh-server"') ;;
  esac
  MakeTree "${1%%-*}" "$base" "${options[@]}"
  # mmdebstrap names the sources after the file that it was given.
  for file in "$base"/etc/apt/sources.list.d/*eic-*; do
    mv "$file" "${file%/*}/debian.${file##*.}"
  done
  chroot "$base" useradd --create-home --shell /bin/sh ec2-user
}

# NewTree SUITE[-booted][-rpm][-dnf][-fleet][-console][-selinux]: a fresh copy of the base, with a user who has an ordinary key.
NewTree() {
  local base=$1
  ! DebNeedsLibraries || base+=-linked
  TreeBase "$base"
  cp -a --reflink=auto "$TREES/packages-$base" "$TREE"
  echo tree >"$TREE/etc/hostname"
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/ordinary"
  install -d -m 700 "$TREE/home/ec2-user/.ssh"
  cp "$WORK/ordinary.pub" "$TREE/home/ec2-user/.ssh/authorized_keys"
  chroot "$TREE" chown -R ec2-user: /home/ec2-user/.ssh
  # From 9.8 on sshd would lock out a client after some refusals.
  if chroot "$TREE" /usr/sbin/sshd -V 2>&1 | grep -E '^OpenSSH_(9\.[89]|[1-9][0-9])' >/dev/null; then
    echo "PerSourcePenalties no" >>"$TREE/etc/ssh/sshd_config"
  fi
  "$PROGRAMS/eic-emulator" init --dir "$WORK/emulator" >"$WORK/init.log"
  install -D -m 644 "$WORK/emulator/anchors.pem" \
    "$TREE/usr/local/share/ca-certificates/emulator.crt"
  chroot "$TREE" update-ca-certificates >"$WORK/ca.log" 2>&1
}

# The namespaces' network: the instance's metadata address, and the emulator on it.
TreeNetwork() {
  nsenter -t "$LEADER" -n ip link set lo up
  nsenter -t "$LEADER" -n ip address add 169.254.169.254/32 dev lo
  setpriv --pdeathsig KILL nsenter -t "$LEADER" -n "$PROGRAMS/eic-emulator" serve \
    --dir "$WORK/emulator" --metadata 169.254.169.254:80 --allow-non-loopback \
    --api 127.0.0.1:8080 --instance-id "$INSTANCE_ID" >"$WORK/emulator.log" 2>&1 &
  WaitUntil 20 grep -q '^ready ' "$WORK/emulator.log" || Fail "eic-emulator is not ready"
}

# The instance id where Nitro has it, over a /sys without one.
# shellcheck disable=SC2016  # It is the inner shell that expands.
TreeDmi() {
  In sh -c 'mount -t tmpfs tmpfs "$1" && mkdir -p "$1/dmi/id" && echo "$2" >"$1/dmi/id/board_asset_tag"' \
    dmi /sys/devices/virtual "$INSTANCE_ID"
}

# CgroupFor NAME: a group of its own in each hierarchy that systemd uses; nspawn makes groups below it.
CgroupFor() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ -e "$hierarchy/cgroup.procs" ] || continue
    mkdir "$hierarchy/$1"
    CGROUPS+=("$hierarchy/$1")
  done
}

# Boot: the tree's own systemd as process 1.
# shellcheck disable=SC2016
Boot() {
  CgroupFor "eic-packages-$$"
  # This shell's child: killed with it, and the kernel ends the rest.
  setpriv --pdeathsig KILL bash -c '
    while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done
    shift
    exec "$@"' boot "${CGROUPS[@]}" -- \
    systemd-nspawn --quiet --boot --directory="$TREE" --register=no --keep-unit --private-network \
    --link-journal=no --machine="eic-$$" --console=pipe </dev/null >"$WORK/console.log" 2>&1 &
  HOLDER=$!
  WaitUntil 20 HasLeader || Fail "systemd-nspawn did not start"
  WaitUntil 60 IsUp || Fail "the tree did not boot"
  TreeDmi
  TreeNetwork
}

HasLeader() {
  LEADER=$(pgrep -P "$HOLDER" | head -n 1)
  [ -n "$LEADER" ] && [ "$(cat "/proc/$LEADER/comm")" = systemd ]
}

IsUp() {
  local state
  state=$(In systemctl is-system-running 2>/dev/null || true)
  [ "$state" = running ] || [ "$state" = degraded ]
}

# Shutdown: ends what runs; the tree stays and can be booted or entered again.
Shutdown() {
  [ -n "$HOLDER" ] || return 0
  # Process 1 of the tree, and with it its namespaces.
  kill -KILL "$LEADER" 2>/dev/null || true
  wait "$HOLDER" 2>/dev/null || true
  HOLDER=''
  LEADER=''
  RemoveCgroups
}

RemoveCgroups() {
  local group try
  for group in "${CGROUPS[@]}"; do
    for try in 1 2 3 4 5; do
      find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
      [ -d "$group" ] || break
      sleep "0.$try"
    done
  done
  CGROUPS=()
}

# Enter: a chroot in namespaces of its own, where nothing runs but what the case starts.
# shellcheck disable=SC2016
Enter() {
  setpriv --pdeathsig KILL \
    unshare --mount --net --pid --ipc --uts --fork --kill-child --propagation private bash -euc '
    tree=$1 mount_devices=$2
    mount --bind "$tree" "$tree"
    mount -t proc proc "$tree/proc"
    mount -t tmpfs -o mode=755 tmpfs "$tree/sys"
    mkdir -p "$tree/sys/devices/virtual"
    "$mount_devices" "$tree"
    mount -t tmpfs -o mode=755 tmpfs "$tree/run"
    mkdir "$tree/run/sshd"
    touch "$tree/run/entered"
    # Process 1 takes in the children of others, as an init does.
    exec chroot "$tree" bash -c "while :; do sleep 3600 & wait; done"
  ' enter "$TREE" "$REPOSITORY/tools/mount_devices.sh" >"$WORK/console.log" 2>&1 &
  HOLDER=$!
  WaitUntil 20 IsEntered || Fail "the tree cannot be entered"
  TreeDmi
  TreeNetwork
}

IsEntered() {
  local unshare
  unshare=$HOLDER
  LEADER=$(pgrep -P "$unshare" | head -n 1)
  [ -n "$LEADER" ] && [ -e "/proc/$LEADER/root/run/entered" ]
}

# In COMMAND...: in the tree, as root, with nothing of this environment.
In() {
  nsenter -t "$LEADER" -m -u -i -n -p -r -w env -i HOME=/root LC_ALL=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    DEBIAN_FRONTEND=noninteractive "$@"
}

# Beside COMMAND...: in the tree's namespaces, with the machine's files, and the tree at $TREE.
Beside() { nsenter -t "$LEADER" -m -u -i -n -p "$@"; }
