# shellcheck shell=bash
# A tree of Debian 13 with the directories whose commands people have in sshd's slot: SSSD and
# systemd-userdbd. The scenario 64-chain-directories logs in by them. Kept in build/trees/, made in a
# minute or two. Sourced by `./dev test`, after tools/debian_tree.sh.

CHAIN_TREE=build/trees/trixie-chain
CHAIN_TREE_PACKAGES=systemd-userdbd,sssd-common,sssd-proxy,ldb-tools

MakeChainTree() {
  rm -rf --one-file-system "$CHAIN_TREE"
  # A stage mounts something on the home of `client` in every tree.
  # shellcheck disable=SC2016  # It is mmdebstrap that names the tree in $1.
  MakeTree trixie "$CHAIN_TREE" --variant=apt --include="$CHAIN_TREE_PACKAGES" \
    --customize-hook='mkdir -p "$1/home/client"'
}

# ChainTree: makes the tree unless it is there; see ClientTree.
ChainTree() {
  [ "$(id -u)" = 0 ] || return 0
  AptSources >/dev/null || return 0
  mkdir -p "$(dirname "$CHAIN_TREE")"
  Stage "$CHAIN_TREE" "$(KeyOf "$CHAIN_TREE_PACKAGES" "$(declare -f MakeTree MakeChainTree)")" \
    MakeChainTree
}
