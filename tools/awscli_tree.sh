# shellcheck shell=bash
# A tree of Debian 13 with its awscli and ssh client, for the scenario with a newer client than the
# machine's. Sourced by ./dev.

AWSCLI_TREE=build/trees/trixie-awscli

# AwscliTree: makes it where it is not there yet, as root. The name comes last, so a tree that is there is whole.
AwscliTree() {
  [ ! -d "$AWSCLI_TREE" ] || return 0
  echo "Making a tree of Debian 13 with awscli in $AWSCLI_TREE (about 600 MB)"
  rm -rf "$AWSCLI_TREE.new"
  mkdir -p "${AWSCLI_TREE%/*}"
  MakeTree trixie "$AWSCLI_TREE.new" --variant=apt --include=awscli,openssh-client \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' || return
  mv "$AWSCLI_TREE.new" "$AWSCLI_TREE"
}
