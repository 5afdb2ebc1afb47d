# shellcheck shell=bash
# What the build, the demo, the tests and the linters need from the distribution. Sourced by ./dev.

# Packages GROUP MANAGER: the names that MANAGER (apt or dnf) has for a group.
Packages() {
  case $1-$2 in
    build-apt) echo g++ cmake make ccache libcurl4-openssl-dev libssl-dev nlohmann-json3-dev \
      libspdlog-dev libseccomp-dev libcpp-httplib-dev libcli11-dev libpugixml-dev libboost-dev libssh-dev ;;
    build-dnf) echo gcc-c++ cmake make ccache libcurl-devel openssl-devel json-devel \
      spdlog-devel libseccomp-devel cpp-httplib-devel cli11-devel pugixml-devel boost-devel libssh-devel ;;
    # The page of eic-console: npm from wherever it comes.
    console-apt) command -v npm >/dev/null || echo nodejs npm ;;
    console-dnf) command -v npm >/dev/null || echo nodejs-npm ;;
    browser-apt) echo chromium fonts-dejavu-core ;;
    browser-dnf) echo chromium dejavu-sans-mono-fonts ;;
    run-apt) echo openssh-server openssh-client iproute2 util-linux mount ;;
    run-dnf) echo openssh-server openssh-clients iproute util-linux ;;
    test-apt) echo libgtest-dev libgmock-dev curl openssl bsdutils time binutils procps python3 ;;
    test-dnf) echo gtest-devel gmock-devel curl openssl util-linux diffutils time \
      libasan libubsan binutils procps-ng python3 ;;
    # mmdebstrap: the AWS CLI of Debian 13, in a tree of its own.
    clients-apt) echo awscli python3-boto3 mmdebstrap debian-archive-keyring rsync git ansible-core strace ;;
    clients-dnf) echo awscli2 python3-boto3 rsync git ansible-core strace ;;
    lint-apt) echo clang-format clang-tidy shellcheck mandoc ;;
    lint-dnf) echo clang-tools-extra ShellCheck mandoc ;;
    package-apt) echo dpkg-dev debhelper lintian apt-utils rpm rpmlint createrepo-c gpg gpg-agent git ;;
    package-dnf) echo rpm-build rpm-sign rpmlint createrepo_c gnupg2 git ;;
    trees-apt) echo mmdebstrap systemd-container cpio openssh-client iproute2 util-linux mount procps python3 ;;
    vm-apt) echo mmdebstrap qemu-system-x86 socat e2fsprogs ;;
    check-apt) echo valgrind cppcheck gcovr ;;
    check-dnf) echo valgrind cppcheck gcovr ;;
    bench-apt) echo nginx-light libnginx-mod-http-echo valgrind strace gnuplot-nox python3 ;;
    bench-dnf) echo nginx valgrind strace gnuplot python3 ;;
    # libFuzzer is a part of compiler-rt.
    fuzz-apt) echo clang libclang-rt-dev ;;
    fuzz-dnf) echo clang compiler-rt ;;
    # debian-archive-keyring: on Ubuntu, whose own keys are others.
    payload-apt) echo mmdebstrap binutils debian-archive-keyring ;;
    payload-dnf) echo mmdebstrap binutils debian-keyring ;;
  esac
}

# GroupsOf PURPOSE: one of those that Setup takes, as groups of packages.
GroupsOf() {
  case $1 in
    build) echo build ;;
    console) echo build console ;;
    browser) echo build console browser ;;
    demo) echo build run ;;
    test) echo build run test clients ;;
    fuzz) echo build fuzz ;;
    package) echo build package ;;
    test-packages) echo build console package trees ;;
    test-doctor) echo build run test payload trees ;;
    test-sessions) echo build run test trees ;;
    test-vm) echo build run package vm ;;
    payload) echo payload ;;
    check) echo build test check ;;
    bench) echo build run bench ;;
    all) echo build run test clients lint console browser ;;
    *) return 64 ;;
  esac
}

# MissingOf MANAGER PACKAGE...: those that are not installed, on one line.
MissingOf() {
  local manager=$1 name missing=()
  shift
  for name in "$@"; do
    case $manager in
      apt) dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep '^installed' >/dev/null ;;
      dnf) rpm -q --whatprovides "$name" >/dev/null 2>&1 ;;
    esac || missing+=("$name")
  done
  echo "${missing[*]}"
}

# InstallWithApt PACKAGE...: what apt and dpkg have to say against it is on stderr.
InstallWithApt() {
  local options=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
  export DEBIAN_FRONTEND=noninteractive
  apt-get "${options[@]}" -qq update
  case " $* " in
    *" openssh-server "* | *" nginx-light "*) WithServicesOff apt-get "${options[@]}" -y -qq install \
      --no-install-recommends "$@" ;;
    *) apt-get "${options[@]}" -y -qq install --no-install-recommends "$@" >/dev/null ;;
  esac
}

# WithServicesOff COMMAND...: installs by COMMAND, which names openssh-server or nginx-light, so that their
# services neither start now nor with the next boot, even when COMMAND is interrupted. A policy on services
# that the machine already has comes back afterwards.
# shellcheck disable=SC2317  # The trap calls After.
WithServicesOff() (
  policy=/usr/sbin/policy-rc.d saved='' command=" $* "
  After() {
    rm -f "$policy"
    [ -z "$saved" ] || mv "$saved" "$policy"
    case $command in *" openssh-server "*) DisableService openssh-server ssh ssh.service ssh.socket ;; esac
    case $command in *" nginx-light "*) DisableService nginx-light nginx nginx.service ;; esac
  }
  trap After EXIT
  trap 'exit 130' INT TERM HUP
  if [ -e "$policy" ] || [ -L "$policy" ]; then
    saved=$policy.before-ec2-instance-connect
    mv "$policy" "$saved"
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  "$@" >/dev/null
)

# DisableService PACKAGE SCRIPT UNIT...: the package enables its service when it is configured.
DisableService() {
  local package=$1 script=$2 unit
  shift 2
  [ -z "$(MissingOf apt "$package")" ] || return 0
  update-rc.d "$script" disable >/dev/null 2>&1 || true
  for unit in "$@"; do
    if command -v systemctl >/dev/null; then
      systemctl --quiet disable "$unit" >/dev/null 2>&1 || true
    else
      deb-systemd-helper disable "$unit" >/dev/null 2>&1 || true
    fi
  done
  echo "$package is installed, and its service is switched off: it neither runs nor starts at boot"
}

# Setup PURPOSE: installs what is missing for it, and says beforehand what that is. Quick and silent
# when nothing is. Status 2: something is missing, and this user or machine cannot have it installed.
Setup() {
  local groups group manager wanted=() missing
  groups=$(GroupsOf "$1") || {
    echo "./dev setup: '$1' is none of build, console, browser, demo, test, fuzz, check, bench, payload, package," \
      "test-packages, test-doctor, test-sessions, test-vm, all" >&2
    return 64
  }
  if command -v apt-get >/dev/null; then
    manager=apt
  elif command -v dnf >/dev/null; then
    manager=dnf
  else
    echo "neither apt nor dnf is here: doc/packaging.md names what the build needs" >&2
    return 2
  fi
  for group in $groups; do
    # shellcheck disable=SC2207  # Names of packages have no blanks.
    wanted+=($(Packages "$group" "$manager"))
  done
  missing=$(MissingOf "$manager" "${wanted[@]}")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "missing packages; as root: $manager${manager/#apt/-get} install $missing" >&2
    return 2
  fi
  echo "Installing what is missing (this may take some minutes): $missing"
  # shellcheck disable=SC2086  # A list of names.
  case $manager in
    apt) InstallWithApt $missing ;;
    dnf) dnf install -y -q --setopt=install_weak_deps=False $missing ;;
  esac
}
