#!/usr/bin/env bash
# Goal: dnf takes the signed yum repository of `./dev package repo` with gpgcheck and repo_gpgcheck, and refuses a changed package or index, a package without our signature, and another key
# System: Debian 12, chroot, its own dnf
# Note: what the rpms require comes from a fixture; never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# Index: as who changed a package would make it, without the key.
Index() { createrepo_c --quiet --update "$TREE/srv/repo/yum"; }

NewTree bookworm-rpm-dnf
MakeRepositories
MakeKey other
SystemRpm
mkdir -p "$TREE/etc/yum.repos.d"
sed -n "/^\[ec2-instance-connect\]/,\$s|$WORK/packages/repo|/srv/repo|p; /^\[ec2-instance-connect\]/p; /check=/p; /^name=/p" \
  "$WORK/repository.log" >"$TREE/etc/yum.repos.d/ec2-instance-connect.repo"
cp "$TREE/etc/yum.repos.d/ec2-instance-connect.repo" "$WORK/hint"
printf '[system]\nname=system\nbaseurl=file:///srv/system\ngpgcheck=0\n' >"$TREE/etc/yum.repos.d/system.repo"
Enter
StartSshd

# A package with other bytes, of the size that the index names.
ChangeByte "$(echo "$TREE"/srv/repo/yum/ec2-instance-connect-[0-9]*.rpm)"
DnfRefuses 'hecksum'
# The same, with an index for it, under the signature of the one before.
ChangeByte "$(echo "$TREE"/srv/repo/yum/ec2-instance-connect-[0-9]*.rpm)"
cp "$TREE/srv/repo/yum/repodata/repomd.xml.asc" "$WORK/"
Index
cp "$WORK/repomd.xml.asc" "$TREE/srv/repo/yum/repodata/"
DnfRefuses 'GPG verification|[Bb]ad PGP signature|[Ss]ignature'
# An index without any signature.
rm "$TREE/srv/repo/yum/repodata/repomd.xml.asc"
DnfRefuses 'GPG|repomd.xml.asc'
# Another key than the administrator has.
cp "$WORK/other.asc" "$TREE/srv/repo/signing-key.asc"
DnfRefuses 'GPG verification|[Ss]ignature'
# gpgcheck alone: a package that was not signed, with an index for it.
rpmsign --delsign "$TREE"/srv/repo/yum/ec2-instance-connect-[0-9]*.rpm >"$WORK/delsign.log" 2>&1
Index
sed -i '/^repo_gpgcheck/d' "$TREE/etc/yum.repos.d/ec2-instance-connect.repo"
DnfRefuses 'is not signed'
cp "$WORK/hint" "$TREE/etc/yum.repos.d/ec2-instance-connect.repo"

DnfInstall || Fail "dnf does not take the repository"
Sound
PushedOpens
gpgconf --kill gpg-agent
Finish
