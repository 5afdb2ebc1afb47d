#!/usr/bin/env bash
# usage: tests/payload/selftest.sh
#
# Each rule of check_program.sh finds a program that breaks it: small programs, each built with one
# flaw, and the words that must be said of it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
good=(-O2 -fPIE -pie -fstack-protector-all -D_FORTIFY_SOURCE=2 -z now -z relro -z noexecstack)

cat >"$work/program.c" <<'END'
#include <stdio.h>
#include <string.h>
int main(int argc, char** argv) {
  char text[16];
  memcpy(text, argv[0], (size_t)argc);
#ifdef WITH_MATHS
  extern double cos(double);
  if (cos(argc) > 0.5) return 3;
#endif
#ifdef WITH_GLOB
  extern int glob(const char*, int, void*, void*);  // of 2.27
  if (glob(text, 0, NULL, NULL) != 0) return 4;
#endif
#ifdef WITH_TLS
  puts("TLS_AES_128_GCM_SHA256");
#endif
#ifdef WITH_PATH
  puts("/usr/local/ssl/openssl.cnf");
#endif
#ifdef WITH_BUILD
  puts("/var/tmp/build/modules");
#endif
#ifdef WITH_FOLDER
  puts("/var/tmp/");
#endif
  return puts(text) < 0;
}
#ifdef WITH_SYMBOL
int shown_to_all = 1;
#endif
END

# Expect KIND WORDS FLAG...: built with the good flags and FLAGs, WORDS are said; none: no finding.
Expect() {
  local kind=$1 words=$2 said status=0
  shift 2
  "${CC:-cc}" "${good[@]}" "$work/program.c" "$@" -o "$work/program"
  said=$("$here/check_program.sh" "$kind" "$work/program") || status=$?
  if [ -z "$words" ] && [ "$status" = 0 ]; then return; fi
  if [ -n "$words" ] && [ "$status" = 1 ] && [[ $said == *"$words"* ]]; then return; fi
  echo "$kind ${*:-(good)}: expected '$words', status $status: $said"
  failures=$((failures + 1))
}

# Unsaid KIND WORDS FLAG...: WORDS are not said, whatever else is: of this machine's newer glibc, above all.
Unsaid() {
  local kind=$1 words=$2 said
  shift 2
  "${CC:-cc}" "${good[@]}" "$work/program.c" "$@" -o "$work/program"
  said=$("$here/check_program.sh" "$kind" "$work/program") || true
  [[ -z $said || $said == *"$words"* ]] || return 0
  echo "$kind $*: expected anything but '$words': $said"
  failures=$((failures + 1))
}

Expect hardened ''
Expect hardened "not position-independent" -fno-pie -no-pie
Expect hardened "resolves symbols while it runs" -z lazy
Expect hardened "no RELRO segment" -z norelro
Expect hardened "not executable" -z execstack
Expect hardened "can be written and run" -z execstack
Expect hardened "must not have: (RUNPATH)" -Wl,--enable-new-dtags,-rpath,/somewhere
Expect hardened "must not have: (RPATH)" -Wl,--disable-new-dtags,-rpath,/somewhere
Expect hardened "no stack protector" -fno-stack-protector
Expect hardened "no fortified call" -U_FORTIFY_SOURCE
Expect payload "needs more than libc and the loader: libm.so.6" -DWITH_MATHS -lm
Expect payload "not use the host's libc" -nodefaultlibs -Wl,--unresolved-symbols=ignore-all
Expect payload "newer than 2.26: 2.27" -DWITH_GLOB
Expect payload "symbols of its own to other libraries:" -DWITH_SYMBOL -rdynamic
Expect payload "path that must not count: /usr/local/ssl/openssl.cnf" -DWITH_PATH
Expect payload "path that must not count: /var/tmp/build/modules" -DWITH_BUILD
Unsaid payload "path that must not count" -DWITH_FOLDER
Expect payload "can do TLS, which is the client's alone: TLS_AES_128_GCM_SHA256" -DWITH_TLS
Unsaid payload "can do TLS"
Expect client "cannot do TLS"
Unsaid client "do TLS" -DWITH_TLS
Expect client "needs more than libc, libpthread and the loader: libm.so.6" -DWITH_MATHS -lm
# A library of that name, wherever this machine's glibc has its threads.
"${CC:-cc}" -shared -fPIC -x c - -Wl,-soname,libpthread.so.0 -o "$work/libthreads.so" <<<'int threads(void) { return 0; }'
threads=("-Wl,--no-as-needed" "$work/libthreads.so")
Expect payload "needs more than libc and the loader: libpthread.so.0" "${threads[@]}"
Unsaid client "needs more than" "${threads[@]}"
# libdl likewise.
"${CC:-cc}" -shared -fPIC -x c - -Wl,-soname,libdl.so.2 -o "$work/libopens.so" <<<'int opens(void) { return 0; }'
opens=("-Wl,--no-as-needed" "$work/libopens.so")
Expect payload "needs more than libc and the loader: libdl.so.2" "${opens[@]}"
Unsaid payload-admin "needs more than" "${opens[@]}"
Expect payload-admin "needs more than libc, libdl and the loader: libm.so.6" -DWITH_MATHS -lm
Expect payload-admin "can do TLS, which is the client's alone: TLS_AES_128_GCM_SHA256" -DWITH_TLS

status=0
"$here/check_program.sh" payload "$work/missing" >/dev/null 2>&1 || status=$?
[ "$status" = 2 ] || { echo "a missing program: status $status instead of 2" && failures=$((failures + 1)); }
status=0
"$here/check_objects.sh" "$work" >/dev/null 2>&1 || status=$?
[ "$status" = 2 ] || { echo "a missing build: status $status instead of 2" && failures=$((failures + 1)); }
mkdir -p "$work/build/src"
"${CC:-cc}" "${good[@]}" -fcf-protection=none -c "$work/program.c" -o "$work/build/src/program.o"
status=0
said=$("$here/check_objects.sh" "$work/build") || status=$?
[[ $status == 1 && $said == *"without branch protection"* ]] || {
  echo "an object without branch protection: status $status: $said"
  failures=$((failures + 1))
}
echo "$failures rules that do not hold"
[ "$failures" = 0 ]
