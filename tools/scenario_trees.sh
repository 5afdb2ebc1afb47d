# shellcheck shell=bash
# Trees of Debian 13 with programs that Debian 12 does not have, for single scenarios. They are kept in
# build/trees/, and each takes a minute or two to make. Sourced by `./dev test`, after
# tools/debian_tree.sh.

# ScenarioTree NAME PACKAGES [MMDEBSTRAP OPTION]...: makes build/trees/NAME unless it is there. A plain user
# has no scenarios, and a machine that is no Debian has no source for the tree: there the scenario is
# skipped, or fails where EIC_REQUIRE_ALL is set.
ScenarioTree() {
  local tree=build/trees/$1 packages=$2
  shift 2
  [ "$(id -u)" = 0 ] || return 0
  AptSources >/dev/null || return 0
  mkdir -p build/trees
  Stage "$tree" "$(KeyOf "$packages" "$*" "$(declare -f MakeTree MakeScenarioTree)")" \
    MakeScenarioTree "$tree" "$packages" "$@"
}

MakeScenarioTree() {
  local tree=$1 packages=$2
  shift 2
  rm -rf --one-file-system "$tree"
  MakeTree trixie "$tree" --include="$packages" "$@"
}

# 33-awscli-ssh and 47-newer-ssh: an AWS CLI whose `aws ec2-instance-connect ssh` works, and a newer ssh.
# The tree's user `client` is an ordinary one, because ssh looks up the user that it runs as.
# shellcheck disable=SC2016  # It is mmdebstrap that names the tree in $1.
ClientTree() {
  ScenarioTree trixie-clients awscli,openssh-client --variant=essential \
    --customize-hook='chroot "$1" useradd --create-home --uid 58004 client'
}

# 64-chain-directories: SSSD and systemd-userdbd, whose commands people have in sshd's slot. A stage mounts
# something on the home of `client` in every tree.
# shellcheck disable=SC2016
ChainTree() {
  ScenarioTree trixie-chain systemd-userdbd,sssd-common,sssd-proxy,ldb-tools --variant=apt \
    --customize-hook='mkdir -p "$1/home/client"'
}
