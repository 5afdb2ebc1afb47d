# shellcheck shell=bash
# `./dev test-sessions`: real logins in booted trees of Debian with journald, logind and rsyslog, and what
# `ec2-instance-connect sessions` says of them (tests/sessions/booted.sh). The trees are kept in build/trees/.
# The programs are this machine's release build, or those of --bin. Sourced by ./dev, after tools/debian_tree.sh.

# With rsyslog, which is to file the lines as before, and jq for the lines of doc/fleet.md. perl-base, which is essential, plays the hostile writer.
SESSIONS_TREE_PACKAGES=openssh-server,systemd-sysv,dbus,libpam-systemd,rsyslog,jq,ca-certificates,iproute2,libcurl4

MakeSessionsTree() {
  rm -rf --one-file-system "$2"
  MakeTree "$1" "$2" --variant=minbase "--include=$SESSIONS_TREE_PACKAGES"
}

# TestSessions [--bin DIR] [SUITE]...
TestSessions() {
  local suite tree bin='' status=0
  [ "${1-}" != --bin ] || { bin=$2 && shift 2; }
  [ $# -gt 0 ] || set -- bookworm trixie
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-sessions makes trees with mmdebstrap, and needs root" >&2
    return 2
  fi
  Setup test-sessions
  [ -n "$bin" ] || { Build release && bin=$PWD/build/release/bin; }
  mkdir -p build/trees
  for suite in "$@"; do
    tree=build/trees/$suite-sessions
    Stage "$tree" "$(KeyOf "$SESSIONS_TREE_PACKAGES" "$(declare -f MakeTree MakeSessionsTree)")" \
      MakeSessionsTree "$suite" "$tree"
    EIC_BIN_DIR=$bin tests/sessions/booted.sh "$PWD/$tree" || status=1
  done
  return "$status"
}
