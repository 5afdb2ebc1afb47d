#!/usr/bin/env bash
# usage: tools/mount_devices.sh TREE
#
# Gives a tree the usual devices, in a /dev of its own. They are bind mounts, because containers refuse mknod.
# The caller is in a mount namespace that ends with it.
set -euo pipefail

mount -t tmpfs -o mode=755,size=512m tmpfs "$1/dev"
for node in null zero full random urandom tty; do
  touch "$1/dev/$node"
  mount --bind "/dev/$node" "$1/dev/$node"
done
ln -s /proc/self/fd "$1/dev/fd"
