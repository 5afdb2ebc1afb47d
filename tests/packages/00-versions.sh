#!/usr/bin/env bash
# Goal: the packages are newer than the shell agent's, as dpkg and rpm compare, without an epoch
# System: none
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

version=$(sed -n 's/^project(ec2-instance-connect VERSION \([0-9.]*\) .*/\1/p' "$REPOSITORY/CMakeLists.txt")
deb=$(dpkg-deb -f "$(Deb)" Version)
rpm=$(rpm -qp --qf '%{EPOCH}:%{VERSION}-%{RELEASE}' "$(Rpm)")
# The one place; an epoch could never be taken back.
[ "${deb%-*}" = "$version" ] || Fail "the deb is $deb, and the source $version"
[[ $rpm == "(none):$version-"* ]] || Fail "the rpm is $rpm, and the source $version"
[ "$(dpkg-deb -f "$(NextDeb)" Version)" != "$deb" ] || Fail "the next deb is the same"
for older in 1.1.17-0ubuntu2 1.1-19.amzn2023 2.0.0-5.rhel9; do
  dpkg --compare-versions "$deb" gt "$older" || Fail "dpkg: $deb is not newer than $older"
  [ "$(rpm --eval "%{lua: print(rpm.ver('${rpm#*:}') > rpm.ver('$older'))}")" = true ] ||
    Fail "rpm: $rpm is not newer than $older"
done
dpkg --compare-versions "$(dpkg-deb -f "$(NextDeb)" Version)" gt "$deb" || Fail "the next deb is not newer"
Finish
