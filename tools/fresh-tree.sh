#!/usr/bin/env bash
# usage: tools/fresh-tree.sh COMMAND [ARG]...     (COMMAND of ./dev: demo, test; or .ci/run)
#
# Proves that a command of the README works on a fresh Debian 12: makes such a tree with mmdebstrap,
# copies this working tree into it, runs the command chrooted there, and looks for what it left behind.
# Needs root, mmdebstrap, and a package source for Debian 12: EIC_APT_SOURCES names the file, else the
# machine's own. EIC_FRESH_VARIANT is mmdebstrap's variant (default: important, what a bare install has).
set -euo pipefail

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
tree=

Die() {
  echo "tools/fresh-tree.sh: $*" >&2
  exit 2
}

# shellcheck disable=SC2317  # The trap calls it.
RemoveTree() { [ -z "$tree" ] || rm -rf --one-file-system "$tree"; }

# The file that names the machine's Debian sources.
AptSources() {
  local file
  for file in "${EIC_APT_SOURCES:-}" /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    if [ -s "$file" ]; then
      echo "$file"
      return
    fi
  done
  return 1
}

MakeTree() {
  local sources
  sources=$(AptSources) || Die "no package sources: set EIC_APT_SOURCES"
  tree=$(mktemp -d /var/tmp/eic-fresh-tree.XXXXXX)
  mmdebstrap --quiet --mode=root --variant="${EIC_FRESH_VARIANT:-important}" bookworm "$tree" "$sources"
  chmod 755 "$tree"
  cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
  mkdir "$tree/root/ec2-instance-connect"
  tar -C "$repository" --exclude=./build --exclude=./.git -c . |
    tar -C "$tree/root/ec2-instance-connect" -x
}

# RunInTree COMMAND...: with /proc, /sys and the usual devices, in mount and process namespaces that
# end with it.
RunInTree() {
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  unshare --mount --pid --fork --kill-child bash -euc '
    tree=$1
    shift
    mount -t proc proc "$tree/proc"
    mount --rbind /sys "$tree/sys"
    mount -t tmpfs -o mode=755 tmpfs "$tree/dev"
    for node in null zero full random urandom tty; do
      touch "$tree/dev/$node"
      mount --bind "/dev/$node" "$tree/dev/$node"
    done
    ln -s /proc/self/fd "$tree/dev/fd"
    mkdir -m 1777 "$tree/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm"
    # Not as process 1: that one gets no signals, and the command shall see an ordinary process.
    chroot "$tree" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/root LANG=C.UTF-8 TERM=dumb ${EIC_REQUIRE_ALL:+EIC_REQUIRE_ALL=1} \
      bash -c "cd /root/ec2-instance-connect && exec \"\$@\"" run "$@"
  ' run "$tree" "$@"
}

# What must not be there afterwards.
Leftovers() {
  find "$tree/etc/systemd/system" "$tree"/etc/rc?.d \
    \( -path '*.wants/*ssh*' -o -name 'sshd.service' -o -name 'S*ssh' \) 2>/dev/null
  find "$tree/usr/sbin" -name 'policy-rc.d*'
  find "$tree/dev" "$tree/opt" "$tree/home" "$tree/mnt" "$tree/run/eic" "$tree/tmp" "$tree/var/tmp" \
    -mindepth 1 ! -path "$tree/dev/*" 2>/dev/null
  grep -HE '^(ec2-user|ec2-instance-connect|svc@)' "$tree/etc/passwd" "$tree/etc/shadow" "$tree/etc/group"
  return 0
}

[ $# -gt 0 ] || Die "usage: tools/fresh-tree.sh demo|test|.ci/run [ARG]..."
[ "$(id -u)" = 0 ] || Die "needs root"
command -v mmdebstrap >/dev/null || Die "needs mmdebstrap"
case $1 in
  .ci/run) ;;
  *) set -- ./dev "$@" ;;
esac
trap RemoveTree EXIT
trap 'exit 130' INT TERM HUP
MakeTree
echo "A fresh Debian $(cat "$tree/etc/debian_version") of $(find "$tree/var/lib/dpkg/info" -name '*.list' | wc -l) packages."
status=0
RunInTree "$@" || status=$?
echo "In the fresh tree, '$*' ended with status $status."
leftovers=$(Leftovers)
if [ -n "$leftovers" ]; then
  echo "It left behind:"
  echo "${leftovers//$tree/}"
  status=1
fi
exit "$status"
