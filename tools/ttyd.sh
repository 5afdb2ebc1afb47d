#!/usr/bin/env bash
# usage: tools/ttyd.sh FOLDER
#
# Makes FOLDER/ttyd, which `./dev bench console` measures eic-console beside: upstream's sources as Debian has
# them, with the libraries of the machine's own release in FOLDER/lib. Nothing is installed. Quick and silent
# when it is there already; status 2 where it cannot be had.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
into=$(cd "$1" && pwd)
[ ! -e "$into/made" ] || exit 0
source "$here/debian_tree.sh"

cd "$into"
rm -rf source root lists cache lib
mkdir -p lists/partial cache/archives/partial root source
sources=$into/sid.$(AptSuffixOf "$(AptSources)")
# Sid has neither updates nor security updates of its own.
AptSourcesOf sid deb-src | awk 'BEGIN { RS = ""; ORS = "\n\n" } !/sid-security/' | sed 's/ sid-updates//' >"$sources"
options=(-q -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$into/lists"
  -o Dir::Cache="$into/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3)
Fetch() {
  apt-get "${options[@]}" update || return
  # What Debian changes is of no concern, and a mirror may lack it for a while: upstream's archive will do.
  (cd source && apt-get "${options[@]}" --download-only source ttyd) || true
  tar -C source -xf source/ttyd_1.7*.orig.tar.* || return
  (cd cache && apt-get -q -o APT::Sandbox::User=root download \
    libwebsockets-dev libwebsockets17 libwebsockets-evlib-uv libuv1-dev libuv1 libjson-c-dev libcap-dev) || return
  for package in cache/*.deb; do dpkg -x "$package" root || return; done
}
Fetch >log 2>&1 || {
  echo "ttyd cannot be had here: $(tail -n 1 "$into/log")" >&2
  exit 2
}
libraries=/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)
"${CC:-cc}" -O2 -std=gnu99 -D_GNU_SOURCE -DTTYD_VERSION='"1.7"' -Iroot/usr/include -Iroot/usr/include/json-c \
  source/ttyd-*/src/*.c -o ttyd -L"root$libraries" -lwebsockets -luv -ljson-c -lz -lssl -lcrypto -lutil -lcap >>log 2>&1 || {
  echo "ttyd does not compile here: $into/log" >&2
  exit 2
}
# libwebsockets looks for a part of itself in the machine's folder alone: the stage shows it this one there.
mkdir lib
cp -P "root$libraries"/lib{websockets,uv}*.so* lib/
echo "$libraries" >libraries
rm -rf source/ttyd-* root lists cache
touch made
