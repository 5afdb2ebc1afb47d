# shellcheck shell=bash
# `./dev test-vm` and `./dev demo --vm`: the packages, installed by apt from our repository into a Debian, which boots in a virtual machine
# that looks like an instance on Nitro (tests/scenarios/vm.sh and tests/vm/). Sourced by ./dev, after tools/package.sh.

VM_DIR=build/test-vm
VM_CASE_SECONDS=1200
# The agent's package brings nothing but itself. The last two are for programs that are linked to the system.
VM_PACKAGES=linux-image-cloud-amd64,systemd-sysv,dbus,udev,openssh-server,sudo,adduser,ca-certificates,iproute2
VM_PACKAGES+=,libcurl4,libpugixml1v5

# VmRepositories: by the public command, one of the packages under test and one of the same source with a higher
# revision. They are made again when what they are made of has changed.
VmRepositories() {
  local sources
  mkdir -p "$VM_DIR"
  # Where this is no checkout, they are made each time.
  sources=$(git ls-tree "$(PackageCommit)" 2>/dev/null | grep -vE '\s(tests|tools|dev|\.ci|CONTRIBUTING\.md)$') || sources=$SRANDOM
  Stage "$VM_DIR/repositories" \
    "$(KeyOf "$sources" tools/package.sh "build/payload/$(dpkg --print-architecture)/SHA256SUMS")" VmMakeRepositories
}

VmMakeRepositories() {
  local -x GNUPGHOME=$PWD/$VM_DIR/gnupg EIC_SIGNING_KEY=nobody@example.com
  [ ! -d "$GNUPGHOME" ] || gpgconf --kill gpg-agent # Of a run that was killed.
  rm -rf "$GNUPGHOME"
  mkdir -m 700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key "Throw-away <$EIC_SIGNING_KEY>" ed25519 sign
  ./dev package repo
  EIC_PACKAGE_REVISION=$(($(PackageRevision) + 1)) EIC_PACKAGE_DIR=$PWD/$VM_DIR/next ./dev package repo
  gpgconf --kill gpg-agent
  rm -rf "$VM_DIR/repositories"
  mkdir "$VM_DIR/repositories"
  cp -R build/package/repo/apt "$VM_DIR/repositories/this"
  cp -R "$VM_DIR/next/repo/apt" "$VM_DIR/repositories/next"
  cp build/package/repo/signing-key.asc "$VM_DIR/repositories/"
  cp -R build/package/programs "$VM_DIR/repositories/programs"
}

# VmTree: a Debian as an image of EC2 has it: a kernel, systemd, a network by DHCP, sshd, and a user who may sudo.
VmTree() {
  local tree=build/trees/vm-plain
  rm -rf --one-file-system "$tree"
  # The kernel has what it needs to find its root, so nothing is made for it.
  INITRD=No MakeTree bookworm "$tree" --variant=minbase "--include=$VM_PACKAGES"
  rm -rf "$tree"/etc/apt/sources.list "$tree"/etc/apt/sources.list.d/* # What is installed comes from our repository.
  echo "/dev/nvme0n1 / ext4 defaults 0 1" >"$tree/etc/fstab"
  echo instance >"$tree/etc/hostname"
  printf "%s\n" "127.0.0.1 localhost" "127.0.1.1 instance" >"$tree/etc/hosts"
  printf '%s\n' '[Match]' 'Type=ether' '[Network]' 'DHCP=ipv4' >"$tree/etc/systemd/network/dhcp.network"
  chroot "$tree" systemctl --quiet enable systemd-networkd
  chroot "$tree" systemctl --quiet mask serial-getty@ttyS0.service
  # What a day-old machine does, and what holds apt's lock.
  chroot "$tree" systemctl --quiet disable e2scrub_reap.service apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer fstrim.timer
  chroot "$tree" useradd --create-home --shell /bin/bash ec2-user
  echo "ec2-user ALL=(ALL) NOPASSWD: ALL" >"$tree/etc/sudoers.d/ec2-user"
}

# VmSelinuxTree: the same with Debian's policy.
VmSelinuxTree() {
  local tree=build/trees/vm-selinux sources
  rm -rf --one-file-system "$tree"
  cp -a --reflink=auto build/trees/vm-plain "$tree"
  sources=$tree/etc/apt/sources.list.d/debian.$(AptSuffixOf "$(AptSources)")
  AptSourcesOf bookworm >"$sources"
  RunInTree "$tree" / sh -euc 'export DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o Acquire::Retries=3 update
    apt-get -y -qq --no-install-recommends install selinux-policy-default policycoreutils >/dev/null
    apt-get clean'
  rm "$sources"
}

# VmInstall TREE ANCHORS: as an administrator installs it; what apt says is in install.log.
VmInstall() {
  mkdir "$1/srv/repositories"
  cp -R "$VM_DIR"/repositories/{this,next,signing-key.asc} "$1/srv/repositories/"
  # For whoever signs, the instance's CA store has the emulator's root in the place of Amazon's.
  install -D -m 644 "$2" "$1/usr/local/share/ca-certificates/emulator.crt"
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  RunInTree "$1" /root sh -euc '
    update-ca-certificates
    echo "deb [signed-by=/srv/repositories/signing-key.asc] file:/srv/repositories/this ./" >/etc/apt/sources.list.d/ec2-instance-connect.list
    apt-get update
    apt-get -y install ec2-instance-connect' >"$VM_DIR/install.log" 2>&1 || {
    cat "$VM_DIR/install.log" >&2
    return 1
  }
}

# VmSelinux TREE: Debian's policy, our module, and the labels of both.
VmSelinux() {
  cp packaging/selinux/ec2-instance-connect.cil "$1/srv/"
  RunInTree "$1" / semodule --noreload --install /srv/ec2-instance-connect.cil
  RunInTree "$1" / setfiles -F /etc/selinux/default/contexts/files/file_contexts /
}

# VmImage KIND: build/test-vm/KIND is what a stage gets as /opt/eic/machine: kernel, root file system, the emulator's
# authority, an ordinary key of ec2-user, and sshd's host keys.
VmImage() {
  local machine=$VM_DIR/$1 tree=$VM_DIR/$1.tree
  rm -rf --one-file-system "$tree" "$machine"
  mkdir "$machine"
  cp -a --reflink=auto "build/trees/vm-$1" "$tree"
  "$VM_DIR/repositories/programs/eic-emulator" init --dir "$machine/emulator" >/dev/null
  VmInstall "$tree" "$machine/emulator/anchors.pem"
  ssh-keygen -q -t ed25519 -N '' -C ordinary -f "$machine/ordinary"
  install -D -m 644 "$machine/ordinary.pub" "$tree/home/ec2-user/.ssh/authorized_keys"
  chroot "$tree" chown -R ec2-user: /home/ec2-user/.ssh
  cat "$tree"/etc/ssh/ssh_host_*_key.pub >"$machine/host_keys"
  cp "$tree"/boot/vmlinuz-* "$machine/vmlinuz"
  [ "$1" != selinux ] || VmSelinux "$tree"
  mke2fs -q -t ext4 -d "$tree" "$machine/image" 2G >/dev/null
  rm -rf --one-file-system "$tree"
}

# VmReady KIND: after VmRepositories, makes what is not there, and sets what a stage takes.
VmReady() {
  local kind=$1
  mkdir -p build/trees
  Stage build/trees/vm-plain "$(KeyOf "$VM_PACKAGES" "$(declare -f MakeTree VmTree)")" VmTree
  [ "$kind" = plain ] ||
    Stage build/trees/vm-selinux "$(KeyOf build/trees/vm-plain.key "$(declare -f VmSelinuxTree)")" VmSelinuxTree
  Stage "$VM_DIR/$kind" "$(KeyOf "$VM_DIR/repositories.key" "build/trees/vm-$kind.key" \
    packaging/selinux/ec2-instance-connect.cil "$(declare -f VmInstall VmSelinux VmImage)")" VmImage "$kind"
  "${CXX:-c++}" -std=c++20 -O1 -o "$VM_DIR/eic-log-catcher" tests/scenarios/log_catcher.cc
  export EIC_BIN_DIR=$PWD/$VM_DIR/repositories/programs EIC_LOG_CATCHER=$PWD/$VM_DIR/eic-log-catcher
  export EIC_MACHINE=$PWD/$VM_DIR/$kind EIC_STAGE_SECONDS=$VM_CASE_SECONDS
}

# VmKind CASE: the machine that it is for, plain or selinux.
VmKind() { if grep '^# Machine: selinux$' "tests/vm/$1.sh" >/dev/null; then echo selinux; else echo plain; fi; }

# TestVm [CASE]...: each in a machine of its own, one at a time.
TestVm() {
  local name started status=0 cases
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-vm makes trees and namespaces, and needs root" >&2
    return 2
  fi
  read -ra cases < <(VmCases)
  [ $# -gt 0 ] || set -- "${cases[@]}"
  for name in "$@"; do
    if [ ! -e "tests/vm/$name.sh" ]; then
      echo "./dev test-vm has no case $name; the cases are ${cases[*]}" >&2
      return 64
    fi
  done
  Setup test-vm
  VmRepositories
  for name in "$@"; do
    VmReady "$(VmKind "$name")"
    started=$SECONDS
    if tests/scenarios/vm.sh "$name" >"$VM_DIR/$name.out" 2>&1; then
      echo "passed $name ($((SECONDS - started)) s)"
    else
      status=1
      cat "$VM_DIR/$name.out"
      echo "failed $name ($((SECONDS - started)) s)"
    fi
  done
  return "$status"
}

# DemoVm: what the installed package does on such a machine, shown on a stage.
DemoVm() {
  local lacks
  source tests/scenarios/stage.sh
  lacks=$(StageLacksRights)
  [ -n "$lacks" ] || Setup test-vm
  lacks=${lacks:-$(StageLacks)}
  if [ -n "$lacks" ]; then
    echo "./dev demo --vm needs $lacks" >&2
    return 2
  fi
  VmRepositories
  VmReady plain
  StageEnter "$VM_CASE_SECONDS" vm.sh demo
}

# VmCases: their names, on one line.
VmCases() { find tests/vm -name '*.sh' ! -name demo.sh -printf '%f\n' | sort | sed 's/\.sh$//' | paste -sd ' '; }
