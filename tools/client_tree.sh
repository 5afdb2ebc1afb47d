# shellcheck shell=bash
# A tree of Debian 13 with an AWS CLI that is newer than Debian 12's: it is what the scenario of
# `aws ec2-instance-connect ssh` logs in with. Kept in build/trees/, made in a minute or two. Sourced
# by `./dev test`, after tools/debian_tree.sh.

CLIENT_TREE=build/trees/trixie-clients
CLIENT_TREE_PACKAGES=awscli,openssh-client

# Its user `client` is an ordinary one: ssh wants to know who it runs as.
MakeClientTree() {
  rm -rf --one-file-system "$CLIENT_TREE"
  # shellcheck disable=SC2016  # It is mmdebstrap that names the tree in $1.
  MakeTree trixie "$CLIENT_TREE" --variant=essential --include="$CLIENT_TREE_PACKAGES" \
    --customize-hook='chroot "$1" useradd --create-home --uid 58004 client'
}

# ClientTree: makes the tree unless it is there. A plain user has no scenarios, and a machine that is
# no Debian no source for the tree: there the scenario is skipped, or fails where all is asked for.
ClientTree() {
  [ "$(id -u)" = 0 ] || return 0
  AptSources >/dev/null || return 0
  mkdir -p "$(dirname "$CLIENT_TREE")"
  Stage "$CLIENT_TREE" "$(KeyOf "$CLIENT_TREE_PACKAGES" "$(declare -f MakeTree MakeClientTree)")" \
    MakeClientTree
}
