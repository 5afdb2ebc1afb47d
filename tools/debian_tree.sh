# shellcheck shell=bash
# Debian trees made by mmdebstrap, and commands chrooted in them. Sourced; needs root and mmdebstrap.
# The package source is the machine's own, or the file that EIC_APT_SOURCES names. It has to name
# bookworm; for another release its name takes bookworm's place.

# The file that names the machine's Debian sources.
AptSources() {
  local file
  for file in "${EIC_APT_SOURCES:-}" /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list \
    /etc/apt/sources.list.d/*; do
    if [ -s "$file" ] && grep -qE '^(Suites:|deb ).* bookworm( |$)' "$file"; then
      echo "$file"
      return
    fi
  done
  echo "no package source for Debian bookworm here: set EIC_APT_SOURCES" >&2
  return 1
}

# AptSourcesOf RELEASE [TYPE]: the same for another release; TYPE deb (default) or deb-src.
AptSourcesOf() {
  local file
  file=$(AptSources) || return
  sed -E -e '/^[[:space:]]*#/d' -e "s/\<bookworm\>/$1/g" \
    -e "s/^Types:.*/Types: ${2:-deb}/; s/^deb(-src)? /${2:-deb} /" "$file"
}

# AptSuffixOf FILE: what apt wants such a file to be called: debian.sources or sources.list.
AptSuffixOf() { if grep -q '^Types:' "$1"; then echo sources; else echo list; fi; }

# MakeTree RELEASE TREE [MMDEBSTRAP OPTION]...: with the machine's way to find names.
MakeTree() (
  local release=$1 folder=$2 sources
  shift 2
  sources=$(mktemp "/tmp/eic-XXXXXX.$(AptSuffixOf "$(AptSources)")") || exit
  trap 'rm -f "$sources"' EXIT
  trap 'exit 130' INT TERM HUP
  AptSourcesOf "$release" >"$sources" &&
    mmdebstrap --quiet --mode=root "$@" "$release" "$folder" "$sources" &&
    chmod 755 "$folder" &&
    cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
)

# RunInTree TREE FOLDER COMMAND...: chrooted and in FOLDER, with /proc, /sys and the usual devices, in
# mount and process namespaces that end with it. Where the tree has a folder /source, this repository
# is mounted there, read-only.
RunInTree() {
  local repository
  repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  unshare --mount --pid --fork --kill-child bash -euc '
    repository=$1 tree=$2 folder=$3
    shift 3
    mount -t proc proc "$tree/proc"
    mount --rbind /sys "$tree/sys"
    "$repository/tools/mount_devices.sh" "$tree"
    mkdir -m 1777 "$tree/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm"
    if [ -d "$tree/source" ]; then
      mount --bind "$repository" "$tree/source"
      mount -o remount,bind,ro "$tree/source"
    fi
    # Not as process 1: that one gets no signals, and the command shall see an ordinary process.
    chroot "$tree" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/root LANG=C.UTF-8 TERM=dumb ${EIC_REQUIRE_ALL:+EIC_REQUIRE_ALL=1} \
      bash -c "cd \"\$0\" && exec \"\$@\"" "$folder" "$@"
  ' run "$repository" "$@"
}

# Stage FILE KEY COMMAND...: runs COMMAND unless it was done with the same KEY, which FILE.key holds
# once it is done: one that was interrupted starts again.
Stage() {
  local file=$1.key key=$2 start=$SECONDS
  shift 2
  [ "$(cat "$file" 2>/dev/null)" != "$key" ] || return 0
  echo "making ${file%.key}"
  rm -f "$file"
  "$@" # Not in a condition, where a failure within it would go unnoticed.
  echo "$key" >"$file"
  echo "made ${file%.key} in $((SECONDS - start)) s"
}

# KeyOf WORD...: of words, and of the files among them, with their names.
KeyOf() {
  local word
  for word in "$@"; do
    echo "$word"
    [ ! -f "$word" ] || cat "$word"
  done | sha256sum | cut -d ' ' -f 1
}
