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
# shellcheck source=tools/debian_tree.sh
source "$repository/tools/debian_tree.sh"

Die() {
  echo "tools/fresh-tree.sh: $*" >&2
  exit 2
}

# shellcheck disable=SC2317  # The trap calls it.
RemoveTree() { [ -z "$tree" ] || rm -rf --one-file-system "$tree"; }

MakeFreshTree() {
  tree=$(mktemp -d /var/tmp/eic-fresh-tree.XXXXXX)
  MakeTree bookworm "$tree" --variant="${EIC_FRESH_VARIANT:-important}" || Die "the tree could not be made"
  mkdir "$tree/root/ec2-instance-connect"
  tar -C "$repository" --exclude=./build --exclude=./.git -c . |
    tar -C "$tree/root/ec2-instance-connect" -x
}

# What must not be there afterwards.
Leftovers() {
  find "$tree/etc/systemd/system" "$tree"/etc/rc?.d \
    \( -path '*.wants/*ssh*' -o -name 'sshd.service' -o -name 'S*ssh' \) 2>/dev/null
  find "$tree/usr/sbin" -name 'policy-rc.d*'
  find "$tree/opt" "$tree/home" "$tree/mnt" "$tree/run/eic" "$tree/tmp" "$tree/var/tmp" -mindepth 1 2>/dev/null
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
MakeFreshTree
echo "A fresh Debian $(cat "$tree/etc/debian_version") of $(find "$tree/var/lib/dpkg/info" -name '*.list' | wc -l) packages."
status=0
RunInTree "$tree" /root/ec2-instance-connect "$@" || status=$?
echo "In the fresh tree, '$*' ended with status $status."
leftovers=$(Leftovers)
if [ -n "$leftovers" ]; then
  echo "It left behind:"
  echo "${leftovers//$tree/}"
  status=1
fi
exit "$status"
