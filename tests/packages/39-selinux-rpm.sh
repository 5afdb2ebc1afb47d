#!/usr/bin/env bash
# Goal: ec2-instance-connect-selinux loads its module, keeps it over an upgrade and takes it away, and does not fail where SELinux is off or missing
# System: Debian 12, chroot, rpm --root
# Note: Debian's policy, SELinux off; `./dev test-vm selinux` enforces it; never loaded on Fedora, Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# HasModule: its own priority, above the distribution's.
HasModule() {
  In semodule --list-modules=full >"$WORK/modules.log" || Fail "semodule failed"
  grep -E '^200 ec2-instance-connect +cil' "$WORK/modules.log" >/dev/null
}

NewTree bookworm-selinux
Enter
StartSshd
! HasModule || Fail "the module is there before"
RpmRoot -i "$(SelinuxRpm)" || Fail "rpm failed"
HasModule || Fail "the module was not loaded"
RpmRoot -U "$(NextSelinuxRpm)" || Fail "the upgrade failed"
HasModule || Fail "the upgrade lost the module"
RpmRoot -e ec2-instance-connect-selinux || Fail "rpm -e failed"
! HasModule || Fail "the module is still there"
[ ! -e "$TREE/usr/share/selinux/packages/ec2-instance-connect.cil" ] || Fail "a file is still there"

# Broken policy: the package comes and goes all the same, and says so.
mv "$TREE/var/lib/selinux/default/active/modules" "$WORK/modules"
RpmRoot -i "$(SelinuxRpm)" || Fail "rpm failed where the policy is broken"
SaidIn rpm 'the module was not loaded'
RpmRoot -e ec2-instance-connect-selinux || Fail "rpm -e failed where the policy is broken"
# No SELinux at all.
rm "$TREE/usr/sbin/semodule"
RpmRoot -i "$(SelinuxRpm)" || Fail "rpm failed without SELinux"
# But for Debian's rpm, which recommends another program.
! grep -v '^rpm: ' "$WORK/rpm.log" >&2 || Fail "it said something without SELinux"
RpmRoot -e ec2-instance-connect-selinux || Fail "rpm -e failed without SELinux"
Finish
