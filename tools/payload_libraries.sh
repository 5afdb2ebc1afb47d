#!/usr/bin/env bash
# usage: tools/payload_libraries.sh SOURCES PREFIX     (in the payload's tree; tools/payload.sh calls it)
#
# The recipe of the payload's libraries: fetches the source packages, with the distribution's patches
# applied, into SOURCES, and builds them twice, each time no more than the programs use: what is not
# there has no holes. PREFIX/agent is for the agent and the administrator's program, PREFIX/client for
# eic, which alone has TLS and threads; each has lib/*.a and include/. PREFIX itself has copyright/NAME
# and materials.tsv (name, version, source package, its version, licence, SHA-256 of its .dsc, whose
# programs it is linked into).
set -euo pipefail

sources=$1
prefix=$2
agent=$prefix/agent
client=$prefix/client
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
  local log=$sources/log.$BASHPID
  "$@" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "failed: $*" >&2
    return 1
  }
}

# Versions SOURCE_PACKAGE: those that the archive names, newest first.
Versions() { apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -ruV; }

# Fetch SOURCE_PACKAGE LICENCE LIBRARY=PROGRAMS...: unpacks the newest version that the archive has, to
# SOURCES/SOURCE_PACKAGE/*/. Where the archive names one and does not have it (a mirror that lags), the
# next older is taken; materials.tsv says which, and PREFIX/warnings that it is not the newest.
Fetch() {
  local package=$1 licence=$2 library version newest='' dsc
  shift 2
  mkdir -p "$sources/$package"
  cd "$sources/$package"
  for version in $(Versions "$package"); do
    newest=${newest:-$version}
    if apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3 source "$package=$version" >log 2>&1; then
      [ "$version" = "$newest" ] ||
        echo "WARNING: the archive names $package $newest and does not have it; this is $version" |
        tee -a "$prefix/warnings" >&2
      dsc=$(sha256sum ./*.dsc | cut -d ' ' -f 1)
      for library in "$@"; do
        cp ./*/debian/copyright "$prefix/copyright/${library%=*}"
        printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "${library%=*}" "$(UpstreamOf "$version")" "$package" \
          "$version" "$licence" "$dsc" "${library#*=}" >>"$prefix/materials.tsv"
      done
      return
    fi
  done
  cat log >&2
  echo "no source of $package" >&2
  return 1
}

# UpstreamOf VERSION: without Debian's epoch, revision and marks of a repacked tarball.
UpstreamOf() { sed -E 's/^[0-9]+://; s/-[^-]*$//; s/\+(ds|dfsg)[0-9]*$//' <<<"$1"; }

# OpensslInto PREFIX ARCHIVE... -- OPTION...: what agent and client have in common. Neither engines,
# modules nor dlopen, and no work at exit.
# It reads no configuration by itself (no-autoload-config; src/host/confinement.cc loads none), and
# every path that it is built with lies below /dev/null, so that none can exist on a host, whoever may
# write there: neither openssl.cnf nor certificates nor modules.
OpensslInto() {
  local into=$1 archives=()
  shift
  while [ "$1" != -- ]; do archives+=("$1") && shift; done
  shift
  # A folder of its own, since the sources serve two builds.
  mkdir "$sources/openssl-${into##*/}"
  cd "$sources/openssl-${into##*/}"
  # shellcheck disable=SC2086  # A list of flags.
  Logged ../openssl/*/Configure $openssl_target --release --prefix=/dev/null/openssl --libdir=lib \
    --openssldir=/dev/null/openssl \
    no-shared no-pic no-dso no-engine no-module no-autoload-config no-atexit no-filenames \
    no-tests no-legacy no-async no-afalgeng no-aria no-bf no-blake2 no-camellia no-cast \
    no-cmac no-cmp no-cms no-comp no-ct no-des no-dgram no-dh no-dsa no-ec2m no-gost no-idea no-md4 \
    no-mdc2 no-multiblock no-nextprotoneg no-ocb no-psk no-rc2 no-rc4 no-rfc3779 \
    no-rmd160 no-scrypt no-seed no-siphash no-siv no-sm2 no-sm3 no-sm4 no-sock no-srp no-srtp no-ssl \
    no-dtls no-ts no-ui-console no-whirlpool "$@" $flags
  Logged make -j "$jobs" build_generated
  Logged make -j "$jobs" "${archives[@]}"
  cp "${archives[@]}" "$into/lib/"
  cp -r ../openssl/*/include/openssl "$into/include/"
  cp -r include/openssl "$into/include/" # those that were generated
}

# libcrypto alone. What the agent needs: certificates, OCSP, RSA and RSA-PSS, the NIST curves, SHA-1,
# SHA-2, MD5 (fingerprints that sshd asks for). No threads, which would add libpthread before glibc 2.34.
AgentOpenssl() { OpensslInto "$agent" libcrypto.a -- no-threads no-chacha no-poly1305 no-tls; }

# With libssl: TLS 1.2 and 1.3. Threads, since the resolver is one; the secure heap is always there.
ClientOpenssl() {
  OpensslInto "$client" libcrypto.a libssl.a -- threads no-tls1 no-tls1_1 no-tls1-method no-tls1_1-method
}

# CurlInto PREFIX OPTION...: what agent and client have in common: HTTP/1.1, no other protocol, no
# cookies, no built-in path to certificates. HAVE_FILE_OFFSET_BITS: a long is 64 bits wide here, and
# without it no call is named fcntl64, which glibc has from 2.28 on.
CurlInto() {
  local into=$1 build=$sources/curl-${1##*/}
  shift
  Logged cmake -S "$(echo "$sources"/curl/*/)" -B "$build" -DCMAKE_INSTALL_PREFIX="$into" \
    -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$flags" -DCMAKE_C_FLAGS_RELEASE= \
    -DHAVE_FILE_OFFSET_BITS=OFF -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF \
    -DPICKY_COMPILER=OFF -DENABLE_MANUAL=OFF -DHTTP_ONLY=ON \
    -DENABLE_UNIX_SOCKETS=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF \
    -DCURL_USE_LIBSSH2=OFF -DCURL_ZLIB=OFF -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_COOKIES=ON \
    -DCURL_DISABLE_CRYPTO_AUTH=ON -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_GETOPTIONS=ON \
    -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_MIME=ON \
    -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_NTLM=ON \
    -DCURL_DISABLE_PROGRESS_METER=ON -DCURL_DISABLE_SHUFFLE_DNS=ON \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none "$@"
  Logged cmake --build "$build" -j "$jobs" --target install
}

# Plain HTTP and nothing else: no TLS, no proxy, no authentication, no resolver but libc's, which
# literal addresses never ask.
AgentCurl() {
  CurlInto "$agent" -DCURL_ENABLE_SSL=OFF -DENABLE_THREADED_RESOLVER=OFF -DCURL_DISABLE_HTTP_AUTH=ON \
    -DCURL_DISABLE_PARSEDATE=ON -DCURL_DISABLE_PROXY=ON -DCURL_DISABLE_SOCKETPAIR=ON
}

# HTTPS, and proxies with the password that such want (Basic). Names are resolved in threads, which wake
# the transfer by a pair of sockets. curl_getdate reads the answer's Date.
ClientCurl() {
  CurlInto "$client" -DCURL_ENABLE_SSL=ON -DCURL_USE_OPENSSL=ON -DOPENSSL_ROOT_DIR="$client" \
    -DOPENSSL_USE_STATIC_LIBS=ON -DENABLE_THREADED_RESOLVER=ON
}

# Without XPath, which brings libm, and which nobody here uses. The header says so as well.
ClientPugixml() {
  cd "$sources"/pugixml/*/src
  cp pugixml.hpp pugiconfig.hpp "$client/include/"
  sed -i 's|^// #define PUGIXML_NO_XPATH$|#define PUGIXML_NO_XPATH|' "$client/include/pugiconfig.hpp"
  grep -qx '#define PUGIXML_NO_XPATH' "$client/include/pugiconfig.hpp"
  # shellcheck disable=SC2086
  Logged g++ -std=c++17 $flags -I "$client/include" -c pugixml.cpp -o pugixml.o
  Logged ar rcs "$client/lib/libpugixml.a" pugixml.o
}

rm -rf "$sources" "$prefix"
mkdir -p "$sources" "$prefix/copyright" "$agent/lib" "$agent/include" "$client/lib" "$client/include"
Fetch openssl Apache-2.0 libcrypto=agent,client libssl=client
Fetch curl curl libcurl=agent,client
Fetch pugixml MIT pugixml=client
Fetch spdlog MIT spdlog=agent
Fetch fmtlib MIT fmt=agent
Fetch nlohmann-json3 MIT nlohmann-json=agent,client
Fetch cli11 BSD-3-Clause cli11=agent,client
# Headers alone.
for name in spdlog fmtlib cli11; do cp -r "$sources/$name"/*/include/. "$agent/include/"; done
cp -r "$sources"/nlohmann-json3/*/single_include/. "$agent/include/"
cp -r "$agent/include/CLI" "$agent/include/nlohmann" "$client/include/"
# Side by side: configuring keeps one processor busy.
{
  AgentOpenssl
  AgentCurl
} &
first=$!
ClientPugixml
ClientOpenssl
ClientCurl
wait "$first"
