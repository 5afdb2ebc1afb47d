#!/usr/bin/env bash
# usage: tools/payload_libraries.sh SOURCES PREFIX     (in the payload's tree; tools/payload.sh calls it)
#
# The recipe of the payload's libraries: fetches the source packages, with the distribution's patches
# applied, into SOURCES, and builds them into PREFIX: lib/*.a, include/, copyright/NAME and
# materials.tsv (name, version, source package, its version, licence, SHA-256 of its .dsc).
# No more of each than the agent and the administrator's program use: what is not there has no holes.
set -euo pipefail

sources=$1
prefix=$2
jobs=$(nproc)

# Position-independent for programs (not for shared libraries), hardened as our own code is, and in
# sections, so that the linker drops what is not used.
flags="-O2 -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong"
flags="$flags -fstack-clash-protection -D_FORTIFY_SOURCE=2"
case $(uname -m) in
  x86_64) openssl_target=linux-x86_64 flags="$flags -fcf-protection=full" ;;
  aarch64) openssl_target=linux-aarch64 flags="$flags -mbranch-protection=standard" ;;
  *) echo "the payload has no recipe for $(uname -m)" >&2 && exit 2 ;;
esac

# Logged COMMAND...: quiet unless it fails.
Logged() {
  "$@" >"$sources/log" 2>&1 || {
    tail -n 40 "$sources/log" >&2
    echo "failed: $*" >&2
    return 1
  }
}

# Versions SOURCE_PACKAGE: those that the archive names, newest first.
Versions() { apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -ruV; }

# Fetch NAME SOURCE_PACKAGE LICENCE: unpacks the newest version that the archive has, to
# SOURCES/NAME/*/. Where the archive names one and does not have it (a mirror that lags), the next older
# is taken; materials.tsv says which, and PREFIX/warnings that it is not the newest.
Fetch() {
  local name=$1 package=$2 licence=$3 version newest='' dsc
  mkdir -p "$sources/$name"
  cd "$sources/$name"
  for version in $(Versions "$package"); do
    newest=${newest:-$version}
    if apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3 source "$package=$version" >log 2>&1; then
      [ "$version" = "$newest" ] ||
        echo "WARNING: the archive names $package $newest and does not have it; this is $version" |
        tee -a "$prefix/warnings" >&2
      dsc=$(echo ./*.dsc)
      mkdir -p "$prefix/copyright"
      cp ./*/debian/copyright "$prefix/copyright/$name"
      printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$(UpstreamOf "$version")" "$package" "$version" \
        "$licence" "$(sha256sum "$dsc" | cut -d ' ' -f 1)" >>"$prefix/materials.tsv"
      return
    fi
  done
  cat log >&2
  echo "no source of $package" >&2
  return 1
}

# UpstreamOf VERSION: without Debian's epoch, revision and marks of a repacked tarball.
UpstreamOf() { sed -E 's/^[0-9]+://; s/-[^-]*$//; s/\+(ds|dfsg)[0-9]*$//' <<<"$1"; }

# libcrypto alone. What the agent needs: certificates, OCSP, RSA and RSA-PSS, the NIST curves, SHA-1,
# SHA-2, MD5 (fingerprints that sshd asks for). Neither engines, modules nor dlopen; no threads, which
# would add libpthread before glibc 2.34; no work at exit.
# It reads no configuration by itself (no-autoload-config; src/host/confinement.cc loads none), and
# every path that it is built with lies below /dev/null, so that none can exist on a host, whoever may
# write there: neither openssl.cnf nor certificates nor modules.
BuildOpenssl() {
  cd "$sources"/openssl/*/
  # shellcheck disable=SC2086  # A list of flags.
  Logged ./Configure $openssl_target --release --prefix=/dev/null/openssl --libdir=lib \
    --openssldir=/dev/null/openssl \
    no-shared no-pic no-threads no-dso no-engine no-module no-autoload-config no-atexit no-filenames \
    no-tests no-legacy no-async no-afalgeng no-aria no-bf no-blake2 no-camellia no-cast no-chacha \
    no-cmac no-cmp no-cms no-comp no-ct no-des no-dgram no-dh no-dsa no-ec2m no-gost no-idea no-md4 \
    no-mdc2 no-multiblock no-nextprotoneg no-ocb no-poly1305 no-psk no-rc2 no-rc4 no-rfc3779 \
    no-rmd160 no-scrypt no-seed no-siphash no-siv no-sm2 no-sm3 no-sm4 no-sock no-srp no-srtp no-ssl \
    no-tls no-dtls no-ts no-ui-console no-whirlpool $flags
  Logged make -j "$jobs" build_generated
  Logged make -j "$jobs" libcrypto.a
  cp libcrypto.a "$prefix/lib/"
  cp -r include/openssl "$prefix/include/"
}

# Plain HTTP/1.1 and nothing else: no TLS, no other protocol, no proxy, no cookies, no authentication,
# no resolver but libc's, which literal addresses never ask. HAVE_FILE_OFFSET_BITS: a long is 64 bits
# wide here, and without it no call is named fcntl64, which glibc has from 2.28 on.
BuildCurl() {
  cd "$sources"/curl/*/
  Logged cmake -S . -B build -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$flags" -DCMAKE_C_FLAGS_RELEASE= \
    -DHAVE_FILE_OFFSET_BITS=OFF -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF \
    -DPICKY_COMPILER=OFF -DENABLE_MANUAL=OFF -DHTTP_ONLY=ON -DCURL_ENABLE_SSL=OFF \
    -DENABLE_THREADED_RESOLVER=OFF -DENABLE_UNIX_SOCKETS=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF \
    -DCURL_USE_LIBSSH2=OFF -DCURL_ZLIB=OFF -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_COOKIES=ON \
    -DCURL_DISABLE_CRYPTO_AUTH=ON -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_GETOPTIONS=ON \
    -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_HTTP_AUTH=ON -DCURL_DISABLE_MIME=ON \
    -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_PARSEDATE=ON \
    -DCURL_DISABLE_PROGRESS_METER=ON -DCURL_DISABLE_PROXY=ON -DCURL_DISABLE_SHUFFLE_DNS=ON \
    -DCURL_DISABLE_SOCKETPAIR=ON -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none
  Logged cmake --build build -j "$jobs" --target install
}

rm -rf "$sources" "$prefix"
mkdir -p "$sources" "$prefix/lib" "$prefix/include"
Fetch openssl openssl Apache-2.0
Fetch curl curl curl
Fetch spdlog spdlog MIT
Fetch fmt fmtlib MIT
Fetch nlohmann-json nlohmann-json3 MIT
Fetch cli11 cli11 BSD-3-Clause
BuildOpenssl
BuildCurl
# Headers alone.
for name in spdlog fmt cli11; do cp -r "$sources/$name"/*/include/. "$prefix/include/"; done
cp -r "$sources"/nlohmann-json/*/single_include/. "$prefix/include/"
