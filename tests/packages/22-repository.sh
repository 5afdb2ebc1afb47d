#!/usr/bin/env bash
# Goal: `./dev package repo` signs, `apt-get install ec2-instance-connect` takes it with signed-by, and apt refuses a changed package or index, an index of another key, and one that is too old
# System: Debian 12, booted
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# Hints that name the folder where the repositories were made, for the one in the tree.
UseHint() {
  grep -E "^deb \[$1" "$WORK/repository.log" | sed "s|$WORK/packages/repo|/srv/repo|g" >"$TREE/etc/apt/sources.list"
  [ -s "$TREE/etc/apt/sources.list" ] || Fail "no hint for apt has $1"
}

NewTree bookworm-booted
MakeRepositories
MakeKey other
rm -f "$TREE"/etc/apt/sources.list "$TREE"/etc/apt/sources.list.d/*
UseHint 'signed-by='
Boot

for field in 'Suite: stable' 'Codename: stable' 'Date: .* [+]0000' 'Valid-Until: .* [+]0000'; do
  grep -xE "$field" "$TREE/srv/repo/apt/Release" >/dev/null || Fail "Release lacks $field"
done
(cd "$TREE/srv/repo" && sha256sum --check --strict SHA256SUMS >"$WORK/sums.log" 2>&1) || Fail "SHA256SUMS is wrong"
[ "$(wc -l <"$TREE/srv/repo/SHA256SUMS")" = "$(find "$TREE/srv/repo" -name '*.deb' -o -name '*.rpm' \
  -o -name 'sbom.*' | wc -l)" ] || Fail "SHA256SUMS is not of all packages"
gpg --batch --verify "$TREE/srv/repo/SHA256SUMS.asc" "$TREE/srv/repo/SHA256SUMS" 2>"$WORK/gpg.log" ||
  Fail "SHA256SUMS is not signed"

# A package with other bytes, of the size that the index names.
ChangeByte "$(echo "$TREE"/srv/repo/apt/ec2-instance-connect_*.deb)"
AptRefuses 'Hash Sum mismatch|unexpected size'
# An index that names another package, under the signature of the one before.
sed -i '/^SHA256: /y/0123456789abcdef/123456789abcdef0/' "$TREE/srv/repo/apt/Packages"
gzip -9nkf "$TREE/srv/repo/apt/Packages"
AptRefuses 'Hash Sum mismatch|unexpected size'
# A Release that was changed after it was signed.
sed -i 's/^Valid-Until: .*/Valid-Until: Fri, 01 Jan 2100 00:00:00 +0000/' "$TREE/srv/repo/apt/InRelease"
AptRefuses 'BADSIG|not signed|invalid'
# Somebody else's key.
rm "$TREE/srv/repo/apt/Release.gpg"
gpg --batch --yes --quiet --local-user other@example.com --clearsign --output "$TREE/srv/repo/apt/InRelease" \
  "$TREE/srv/repo/apt/Release"
AptRefuses 'NO_PUBKEY'
# An old one that was genuine once.
sed -i 's/^Valid-Until: .*/Valid-Until: Thu, 01 Jan 2026 00:00:00 +0000/' "$TREE/srv/repo/apt/Release"
Resign --clearsign --output "$TREE/srv/repo/apt/InRelease" "$TREE/srv/repo/apt/Release"
AptRefuses 'expired'

In apt-get -o APT::Update::Error-Mode=any update >"$WORK/apt.log" 2>&1 || Fail "apt-get update failed"
! grep -E '^[WE]:' "$WORK/apt.log" >&2 || Fail "apt-get update warns"
In apt-get -y install ec2-instance-connect >"$WORK/apt.log" 2>&1 || Fail "apt-get install failed"
HasNot /usr/bin/eic-emulator
HasNot /usr/bin/eic
Sound
PushedOpens

# Names of keys that are not one key, before anything is built.
for name in nobody@example.com example.com; do
  status=0
  EIC_PACKAGE_DIR=$WORK/refused EIC_SIGNING_KEY=$name "$REPOSITORY/dev" package repo >"$WORK/key.log" 2>&1 ||
    status=$?
  [ "$status" = 2 ] || Fail "EIC_SIGNING_KEY=$name ends with status $status"
  SaidIn key "gpg has [02] secret keys named '$name'"
done
[ ! -e "$WORK/refused" ] || Fail "something was built without a key"
# Without a key the hints say that nothing is checked.
(cd "$REPOSITORY" && bash -euc 'source tools/package.sh; PackageHints') >"$WORK/hints.log"
SaidIn hints '^deb \[trusted=yes\] file:'
SaidIn hints '^gpgcheck=0$'
gpgconf --kill gpg-agent
Finish
