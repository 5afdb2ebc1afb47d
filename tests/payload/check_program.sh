#!/usr/bin/env bash
# usage: tests/payload/check_program.sh hardened|payload|payload-admin|client PROGRAM...
#
# What a built program must be, read from the file itself. hardened: position-independent, nothing
# writable that can be run, bindings resolved and sealed before main, no path to libraries of its own.
# payload: all that, and it runs where there is nothing but libc from 2.26 on, and can do no TLS.
# payload-admin: the same, and it may load libdl, which before glibc 2.34 has dlopen.
# client: the same with TLS, and with threads, which before glibc 2.34 are a library beside libc. One
# line a finding; status 1 with any, 2 when a program cannot be read.
set -euo pipefail
export LC_ALL=C

GLIBC_MAX=2.26
findings=0

# Finding PROGRAM WORDS
Finding() {
  echo "$1: $2"
  findings=$((findings + 1))
}

# Demand PROGRAM TEXT PATTERN WORDS: a finding unless a line of TEXT matches.
Demand() { grep -qE -- "$3" <<<"$2" || Finding "$1" "$4"; }

# Forbid PROGRAM TEXT PATTERN WORDS: a finding for what matches, named.
Forbid() {
  local found
  found=$(grep -oE -- "$3" <<<"$2" | sort -u | tr '\n' ' ') || return 0
  Finding "$1" "$4: ${found% }"
}

CheckHardened() {
  local program=$1 header segments dynamic
  header=$(readelf -hW "$program")
  segments=$(readelf -lW "$program")
  dynamic=$(readelf -dW "$program")
  Demand "$program" "$header" 'Type: +DYN ' "is not position-independent"
  Demand "$program" "$dynamic" '\(FLAGS_1\).* PIE( |$)' "is not a position-independent executable"
  Demand "$program" "$dynamic" '\(FLAGS_1\).* NOW( |$)' "resolves symbols while it runs (no BIND_NOW)"
  Demand "$program" "$segments" '^ +GNU_RELRO ' "has no RELRO segment"
  Demand "$program" "$segments" '^ +GNU_STACK .* RW +0x' "has no segment that says that the stack is not executable"
  Forbid "$program" "$segments" '^ +[A-Z_]+ +0x.* RWE +0x' "has a segment that can be written and run"
  Forbid "$program" "$dynamic" '\((TEXTREL|RPATH|RUNPATH)\)' "has a dynamic entry that it must not have"
  Forbid "$program" "$dynamic" '\(FLAGS\).*TEXTREL' "has relocations in its code"
  Demand "$program" "$(readelf -W --dyn-syms "$program")" ' __stack_chk_fail(@|$)' "has no stack protector"
  Demand "$program" "$(readelf -W --dyn-syms "$program")" ' __[a-z]+_chk(@|$)' "has no fortified call"
}

# NewerThan MAX: of the versions on standard input, those above.
NewerThan() {
  local version
  while read -r version; do
    [ "$(printf '%s\n' "$version" "$1" | sort -V | tail -n 1)" = "$1" ] || echo "$version"
  done
}

# CheckPayload PROGRAM [LIBRARY WORD]: which library of glibc it may need beside libc and the loader.
CheckPayload() {
  local program=$1 needed versions newer
  needed=$(readelf -dW "$program" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p')
  Forbid "$program" \
    "$(grep -vE "^(libc\.so\.6|ld-linux-(x86-64\.so\.2|aarch64\.so\.1)${2:+|$2})$" <<<"$needed")" \
    '.+' "needs more than libc${3:+, $3} and the loader"
  Demand "$program" "$needed" '^libc\.so\.6$' "does not use the host's libc, and so not its NSS"
  versions=$(readelf -VW "$program" | sed -nE 's/.*Name: ([A-Za-z0-9_.]+) +Flags:.*/\1/p' | sort -u)
  Forbid "$program" "$(grep -v '^GLIBC_' <<<"$versions")" '.+' "needs versions that are not glibc's"
  newer=$(sed -n 's/^GLIBC_//p' <<<"$versions" | NewerThan "$GLIBC_MAX" | tr '\n' ' ')
  [ -z "$newer" ] || Finding "$program" "needs symbols of glibc newer than $GLIBC_MAX: ${newer% }"
  # A module of the host's NSS is in the same process, and may bring its own libcrypto or libstdc++.
  Forbid "$program" "$(readelf -W --dyn-syms "$program" | awk '$7 ~ /^[0-9]+$/ { print $8 }' |
    grep -vE '^(stdin|stdout|stderr|_{0,2}environ)@')" '.+' "shows symbols of its own to other libraries"
  # A library that looks for its configuration or modules where it was built: on a host, somebody
  # else may own that folder.
  Forbid "$program" "$(strings -a -n 6 "$program" | grep -v '^/dev/null/')" \
    '^/(build|source|src|opt/payload|home|root|tmp|var/tmp)/.+|^/.*(/ssl$|openssl\.cnf|ossl-modules|/engines)' \
    "was built with a path that must not count"
}

# A cipher suite of TLS 1.3, whose name libssl has.
TLS_SUITE='^TLS_AES_[A-Z0-9_]+$'

# CheckAgent PROGRAM [LIBRARY WORD]
CheckAgent() {
  CheckPayload "$@"
  Forbid "$1" "$(strings -a -n 6 "$1")" "$TLS_SUITE" "can do TLS, which is the client's alone"
}

CheckClient() {
  CheckPayload "$1" 'libpthread\.so\.0' libpthread
  Demand "$1" "$(strings -a -n 6 "$1")" "$TLS_SUITE" "cannot do TLS"
}

[ $# -ge 2 ] || { sed -n '2s/^# //p' "$0" >&2 && exit 64; }
kind=$1
shift
for program in "$@"; do
  readelf -hW "$program" >/dev/null 2>&1 || {
    echo "$program: there is no such program" >&2
    exit 2
  }
  case $kind in
    hardened) CheckHardened "$program" ;;
    payload) CheckHardened "$program" && CheckAgent "$program" ;;
    # doctor --account opens the host's libpam. From 2.34 on, libdl is there and empty.
    payload-admin) CheckHardened "$program" && CheckAgent "$program" 'libdl\.so\.2' libdl ;;
    client) CheckHardened "$program" && CheckClient "$program" ;;
    *) sed -n '2s/^# //p' "$0" >&2 && exit 64 ;;
  esac
done
[ "$findings" = 0 ] || exit 1
echo "$kind: ${*##*/}"
