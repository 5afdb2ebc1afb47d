# shellcheck shell=bash
# ./dev package: the deb, the rpm, and repositories of both. Sourced by ./dev.
#
# Everything is made below build/package: `programs` is what goes in, `deb` and `rpm` hold the packages
# and what they were built from, `repo` the repositories.

PACKAGE=${EIC_PACKAGE_DIR:-$PWD/build/package}
SIGNING_KEY='' # Its fingerprint, once `Package` knows it; empty: nothing is signed.

PackageHelp() {
  cat <<'END_OF_HELP'
usage: ./dev package deb|rpm|repo

The packages wrap the programs of EIC_PROGRAMS_DIR; without it those of build/payload, and where that
is not built, those of the release build.

EIC_PACKAGE_REVISION   the number after the version, 1 by default; raise it to pack the same source again
EIC_SIGNING_KEY        gpg's name of the key that signs the rpms, the repositories and SHA256SUMS
EIC_REPOSITORY_DAYS    for how many days apt accepts the repository, 90 by default
END_OF_HELP
}

PackageVersion() { sed -n 's/^project(ec2-instance-connect VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt; }

PackageRevision() { echo "${EIC_PACKAGE_REVISION:-1}"; }

# The commit that is packed, with edits of files that git knows.
PackageCommit() {
  local edited
  edited=$(git stash create)
  echo "${edited:-HEAD}"
}

# PackageSource FOLDER: the sources into FOLDER, as `git archive` has them; a tree that is no checkout
# is copied.
PackageSource() {
  rm -rf "$1"
  mkdir -p "$1"
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git archive "$(PackageCommit)" | tar -C "$1" -x
  else
    tar --exclude=./build --exclude=./.git -c . | tar -C "$1" -x
  fi
}

# Fills in the version of a template on stdin.
PackageFillIn() {
  local maintainer when
  maintainer=$(sed -n 's/^Maintainer: //p' packaging/deb/control)
  when=@$SOURCE_DATE_EPOCH
  sed -e "s/@VERSION@/$(PackageVersion)/g" -e "s/@REVISION@/$(PackageRevision)/g" \
    -e "s/@MAINTAINER@/$maintainer/g" -e "s/@DATE@/$(date -u -R -d "$when")/g" \
    -e "s/@RPM_DATE@/$(LC_ALL=C date -u -d "$when" '+%a %b %d %Y')/g"
}

# PackageHeaders PARTS: lines of materials for what headers of this machine bring into programs that are built
# on it, for those of PARTS, a regular expression of names.
PackageHeaders() {
  local name development licence parts source version
  while read -r name development licence parts; do
    parts=$(tr , "\n" <<<"$parts" | { grep -xE "$1" || true; } | paste -sd ,)
    source=$(dpkg-query -W -f '${source:Package}' "$development" 2>/dev/null) || continue
    version=$(dpkg-query -W -f '${source:Version}' "$development")
    [ -z "$parts" ] ||
      printf '%s\t%s\t%s\t%s\t%s\t-\t%s\n' "$name" "${version%-*}" "$source" "$version" "$licence" "$parts"
  done <<'END_OF_HEADERS'
boost libboost-dev BSL-1.0 console
cli11 libcli11-dev BSD-3-Clause agent,client,console,emulator
cpp-httplib libcpp-httplib-dev MIT emulator
fmt libfmt-dev MIT agent
nlohmann-json nlohmann-json3-dev MIT agent,client,console,emulator
spdlog libspdlog-dev MIT agent
END_OF_HEADERS
}

# PackageMaterials PARTS: the table of what is linked into the programs: the payload's, where it is packed, and
# headers for PARTS, which were built here.
PackageMaterials() {
  local bill=$PACKAGE/notices/BILL_OF_MATERIALS.tsv
  if [ -e "$bill" ]; then
    cat "$bill"
  else
    printf 'name\tversion\tsource package\tits version\tlicence\tSHA-256 of its .dsc\tlinked into\n'
  fi
  PackageHeaders "$1"
}

# PackageSbom deb|rpm: SPDX and CycloneDX of each package, in build/package/sbom/FORMAT/NAME.
PackageSbom() {
  local format=$1 arch name part programs options program
  arch=$(uname -m)
  [ "$format" != deb ] || arch=$(dpkg --print-architecture)
  rm -rf "$PACKAGE/sbom/$format"
  while IFS='|' read -r name part programs; do
    options=(--licence Apache-2.0)
    [ "$part" != console ] ||
      options=(--licence "Apache-2.0 AND MIT" --lock src/console/page/package-lock.json)
    case $part in agent | client) [ ! -d "$PACKAGE/notices" ] || options+=(--complete) ;; esac
    for program in $programs; do
      [ ! -e "$PACKAGE/programs/$program" ] || options+=("$PACKAGE/programs/$program")
    done
    case ${options[*]} in *"$PACKAGE/programs/"*) ;; *) continue ;; esac # eic-console may not be there.
    [ "$format-$part" != rpm-emulator ] || continue # It has no rpm.
    tools/sbom.py --name "$name" --version "$(PackageVersion)-$(PackageRevision)" --format "$format" \
      --arch "$arch" --time "$SOURCE_DATE_EPOCH" --materials "$PACKAGE/materials.tsv" --part "$part" \
      --out "$PACKAGE/sbom/$format/$name" "${options[@]}"
  done <<'END_OF_PACKAGES'
ec2-instance-connect|agent|eic-authorized-keys ec2-instance-connect eic-chain
ec2-instance-connect-cli|client|eic
ec2-instance-connect-console|console|eic-console
eic-emulator|emulator|eic-emulator
END_OF_PACKAGES
}

# PackageCopy FOLDER: its programs, without the links to them, which the packages make themselves.
PackageCopy() { find "$1/" -maxdepth 1 -type f -exec cp {} "$PACKAGE/programs/" \;; }

# PackageKey: the fingerprint of the one key that EIC_SIGNING_KEY names, empty without it.
PackageKey() {
  local keys=()
  [ -n "${EIC_SIGNING_KEY:-}" ] || return 0
  # A field of each primary key's fingerprint, which is the line after "sec".
  mapfile -t keys < <(gpg --batch --with-colons --list-secret-keys -- "$EIC_SIGNING_KEY" 2>/dev/null |
    awk -F: '$1 == "sec" { primary = 1 } $1 == "fpr" && primary { print $10; primary = 0 }')
  if [ ${#keys[@]} != 1 ]; then
    echo "EIC_SIGNING_KEY: gpg has ${#keys[@]} secret keys named '$EIC_SIGNING_KEY'; name exactly one, for example by its fingerprint" >&2
    return 2
  fi
  echo "${keys[0]}"
}

# PackageSign OPTION... FILE: signs FILE with the signing key, as gpg's OPTIONs say.
PackageSign() { gpg --batch --yes --quiet --local-user "$SIGNING_KEY!" "$@"; }

# PackageSums FOLDER: SHA256SUMS of the packages below it and of what they are made of, signed where there is a key.
PackageSums() {
  (
    cd "$1" || exit
    find . -type f \( -name '*.deb' -o -name '*.rpm' -o -name 'sbom.*.json' \) -printf '%P\0' | LC_ALL=C sort -z |
      xargs -0 sha256sum >SHA256SUMS
  )
  [ -z "$SIGNING_KEY" ] || PackageSign --armor --detach-sign --output "$1/SHA256SUMS.asc" "$1/SHA256SUMS"
}

# Puts what is packed into build/package/programs. The emulator is never a part of the payload: it is
# linked to the system.
PackagePrograms() {
  local from=${EIC_PROGRAMS_DIR:-} payload built_here=none
  payload=$PWD/build/payload/$(dpkg --print-architecture 2>/dev/null || uname -m)
  rm -rf "$PACKAGE/programs" "$PACKAGE/notices"
  mkdir -p "$PACKAGE/programs"
  if [ -z "$from" ] && [ -x "$payload/bin/eic-authorized-keys" ]; then
    from=$payload/bin
    mkdir "$PACKAGE/notices"
    find "$payload" -mindepth 1 -maxdepth 1 ! -name bin -exec cp -R {} "$PACKAGE/notices/" \;
  fi
  if [ ! -x "$from/eic-emulator" ]; then
    Build release
    PackageCopy build/release/bin
    strip "$PACKAGE/programs"/*
    built_here='console|emulator'
    [ -n "$from" ] || built_here='agent|client|console|emulator'
  fi
  PackageMaterials "$built_here" >"$PACKAGE/materials.tsv"
  # As they are, so that what was tested is what is packed.
  [ -z "$from" ] || PackageCopy "$from"
  echo "packing the programs of ${from:-build/release/bin}"
}

# What the payload is made of and its licences, where it is what is packed.
PackageNotices() { [ ! -d "$PACKAGE/notices" ] || echo "$PACKAGE/notices"; }

PackageDeb() {
  local tree
  tree=$PACKAGE/deb/ec2-instance-connect-$(PackageVersion)
  rm -rf "$PACKAGE/deb"
  PackageSource "$tree"
  cp -R "$tree/packaging/deb" "$tree/debian"
  PackageFillIn <packaging/deb/changelog.in >"$tree/debian/changelog"
  rm "$tree/debian/changelog.in"
  PackageSbom deb
  # What the programs are built with is not needed to pack them.
  (cd "$tree" && EIC_PROGRAMS_DIR=$PACKAGE/programs EIC_NOTICES_DIR=$(PackageNotices) \
    EIC_SBOM_DIR=$PACKAGE/sbom/deb dpkg-buildpackage --build=binary --no-sign --no-check-builddeps) >"$PACKAGE/deb/build.log" 2>&1 ||
    { tail -n 40 "$PACKAGE/deb/build.log" >&2 && return 1; }
  lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$PACKAGE"/deb/*.deb
  PackageSums "$PACKAGE/deb"
  ls "$PACKAGE"/deb/*.deb
}

PackageSignRpm() {
  [ -n "$SIGNING_KEY" ] || return 0
  # Debian's rpm calls it gpg2, and Debian has no program of that name.
  rpmsign --define "__gpg $(command -v gpg)" --define "_gpg_name $SIGNING_KEY" \
    --addsign "$PACKAGE"/rpm/RPMS/*/*.rpm >/dev/null
}

PackageRpm() {
  local top=$PACKAGE/rpm name options=()
  name=ec2-instance-connect-$(PackageVersion)
  rm -rf "$top"
  mkdir -p "$top/SOURCES" "$top/SPECS"
  PackageSource "$top/SOURCES/$name"
  tar -C "$top/SOURCES" --sort=name --owner=0 --group=0 --mtime="@$SOURCE_DATE_EPOCH" \
    -czf "$top/SOURCES/$name.tar.gz" "$name"
  rm -rf "${top:?}/SOURCES/$name"
  PackageFillIn <packaging/rpm/ec2-instance-connect.spec.in >"$top/SPECS/ec2-instance-connect.spec"
  PackageSbom rpm
  options+=(--define "eic_programs_dir $PACKAGE/programs" --define "eic_sbom_dir $PACKAGE/sbom/rpm")
  [ ! -x "$PACKAGE/programs/eic-console" ] || options+=(--with console)
  [ ! -d "$PACKAGE/notices" ] || options+=(--define "eic_notices_dir $PACKAGE/notices")
  # Debian's rpm database knows none of what is installed.
  ! command -v dpkg >/dev/null || options+=(--nodeps)
  rpmbuild -bb --define "_topdir $top" --define "_buildhost localhost" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    "${options[@]}" "$top/SPECS/ec2-instance-connect.spec" >"$top/build.log" 2>&1 ||
    { tail -n 40 "$top/build.log" >&2 && return 1; }
  # Before they are signed: it would ask rpm's database of this machine, which does not know the key.
  rpmlint --config packaging/rpm/rpmlint.toml "$top/SPECS/ec2-instance-connect.spec" "$top"/RPMS/*/*.rpm
  PackageSignRpm
  PackageSums "$top/RPMS"
  ls "$top"/RPMS/*/*.rpm
}

PackageAptRepository() {
  local repo=$PACKAGE/repo/apt release=APT::FTPArchive::Release
  mkdir -p "$repo"
  cp "$PACKAGE"/deb/*.deb "$repo/"
  (
    cd "$repo" || exit
    apt-ftparchive packages . >Packages
    gzip -9nk Packages
    # Its date is that of now, whatever the packages' is: it says since when and how long this index is the
    # newest, so that nobody can keep apt at an old one.
    env -u SOURCE_DATE_EPOCH apt-ftparchive -o $release::Origin=ec2-instance-connect \
      -o $release::Label=ec2-instance-connect -o $release::Suite=stable \
      -o $release::Codename=stable -o $release::ValidTime=$(($(PackageDays) * 24 * 3600)) \
      release . >../Release
    mv ../Release Release
    [ -n "$SIGNING_KEY" ] || exit 0
    PackageSign --clearsign --output InRelease Release
    PackageSign --armor --detach-sign --output Release.gpg Release
  )
}

PackageYumRepository() {
  local repo=$PACKAGE/repo/yum
  mkdir -p "$repo"
  cp "$PACKAGE"/rpm/RPMS/*/*.rpm "$repo/"
  createrepo_c --quiet "$repo"
  [ -z "$SIGNING_KEY" ] ||
    PackageSign --armor --detach-sign --output "$repo/repodata/repomd.xml.asc" "$repo/repodata/repomd.xml"
}

PackageDays() { echo "${EIC_REPOSITORY_DAYS:-90}"; }

# PackageHints: the lines for apt and dnf that name the repositories.
PackageHints() {
  local repo=$PACKAGE/repo option='trusted=yes' checks='gpgcheck=0'
  if [ -n "$SIGNING_KEY" ]; then
    option="signed-by=$repo/signing-key.asc"
    checks=$(printf 'gpgcheck=1\nrepo_gpgcheck=1\ngpgkey=file://%s/signing-key.asc' "$repo")
  fi
  cat <<END_OF_HINTS

/etc/apt/sources.list.d/ec2-instance-connect.list:
deb [$option] file:$repo/apt ./

/etc/yum.repos.d/ec2-instance-connect.repo:
[ec2-instance-connect]
name=ec2-instance-connect
baseurl=file://$repo/yum
$checks
END_OF_HINTS
}

PackageRepo() {
  PackageDeb
  PackageRpm
  rm -rf "$PACKAGE/repo"
  PackageAptRepository
  PackageYumRepository
  cp -R "$PACKAGE/sbom" "$PACKAGE/repo/sbom"
  PackageSums "$PACKAGE/repo"
  [ -z "$SIGNING_KEY" ] || gpg --batch --armor --export "$SIGNING_KEY" >"$PACKAGE/repo/signing-key.asc"
  PackageHints
}

# Package deb|rpm|repo
Package() {
  case "$*" in
    deb | rpm | repo) ;;
    *)
      PackageHelp >&2
      return 64
      ;;
  esac
  if ! [[ $(PackageDays) =~ ^[1-9][0-9]{0,3}$ ]]; then
    echo "EIC_REPOSITORY_DAYS is '$(PackageDays)', but must be a number from 1 to 9999" >&2
    return 64
  fi
  Setup package
  # Known before anything is built.
  SIGNING_KEY=$(PackageKey)
  PackagePrograms
  PackageMake "$1"
}

# PackageMake deb|rpm|repo: with what PackagePrograms laid out.
PackageMake() {
  # The same commit makes the same packages.
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CMakeLists.txt)
  export SOURCE_DATE_EPOCH
  umask 022
  # Whoever made the notices, under whatever umask.
  [ ! -d "$PACKAGE/notices" ] || chmod -R u=rwX,go=rX "$PACKAGE/notices"
  case $1 in
    deb) PackageDeb ;;
    rpm) PackageRpm ;;
    repo) PackageRepo ;;
  esac
}

# The packages under test, and the same source once more with a higher revision.
TestPackagesMake() {
  PackagePrograms
  PackageMake deb
  PackageMake rpm
  (
    export EIC_PACKAGE_REVISION=$(($(PackageRevision) + 1))
    PACKAGE=$PACKAGE/next
    mkdir -p "$PACKAGE"
    rm -rf "$PACKAGE"/{programs,notices}
    cp -R build/package/programs build/package/materials.tsv "$PACKAGE/"
    [ ! -d build/package/notices ] || cp -R build/package/notices "$PACKAGE/"
    PackageMake deb
    PackageMake rpm
  )
}

# TestPackages [--ci] [NAME...]: makes the packages and runs the cases of tests/packages on them.
TestPackages() {
  if [ "$(id -u)" != 0 ]; then
    echo "./dev test-packages needs root" >&2
    return 2
  fi
  tools/test_packages.py --list "$@" >/dev/null || return
  Setup test-packages
  TestPackagesMake
  tools/test_packages.py "$@"
}
