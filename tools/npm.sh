#!/usr/bin/env bash
# usage: tools/npm.sh FOLDER LOCK_FOLDER
#
# Fetches what LOCK_FOLDER/package-lock.json names into FOLDER/node_modules, from the registry that npm is
# configured for. The lock names versions and hashes and no host; scripts of packages do not run.
# Quick and silent when it is there already. An offline build brings FOLDER along.
set -euo pipefail

folder=$1
lock=$2
if [ -d "$folder/node_modules" ] && cmp -s "$lock/package-lock.json" "$folder/package-lock.json"; then
  exit 0
fi
command -v npm >/dev/null || {
  echo "npm is missing (./dev setup console installs it)" >&2
  exit 2
}
mkdir -p "$folder"
# The lock comes last: it says that all is there.
rm -rf "$folder/node_modules" "$folder/package-lock.json"
staging=$(mktemp -d "$folder/npm.XXXXXX")
trap 'rm -rf "$staging"' EXIT
cp "$lock/package.json" "$lock/package-lock.json" "$staging/"
(cd "$staging" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
mv "$staging/node_modules" "$folder/"
cp "$lock/package.json" "$lock/package-lock.json" "$folder/"
