# shellcheck shell=bash
# The verbs of the cases. Sourced by each as its first act. A case ends with Finish; ending any other
# way is a failure, and shows the logs.
#
# Some of what is set here only the cases read, and it is the tree's shell that expands what they quote:
# shellcheck disable=SC2034,SC2016
set -euo pipefail
umask 022

CASE=$(basename "$0" .sh)
REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TREES=$REPOSITORY/build/trees
PACKAGE=$REPOSITORY/build/package
PROGRAMS=$PACKAGE/programs
WORK=$REPOSITORY/build/test-packages/$CASE
LOG_LINES=25 # Of each log, when a case fails.
AGENT=/usr/libexec/ec2-instance-connect/eic-authorized-keys
DOCTOR=ec2-instance-connect-doctor.service
DROP_IN=/etc/ssh/sshd_config.d/60-ec2-instance-connect.conf

rm -rf --one-file-system "$WORK"
mkdir -p "$WORK"
# shellcheck source=tests/verbs.sh
source "$REPOSITORY/tests/verbs.sh"
# shellcheck source=tools/debian_tree.sh
source "$REPOSITORY/tools/debian_tree.sh"
# shellcheck source=tests/packages/tree.sh
source "$REPOSITORY/tests/packages/tree.sh"
# shellcheck source=tests/packages/fixtures.sh
source "$REPOSITORY/tests/packages/fixtures.sh"

CleanUp() {
  Shutdown
  rm -rf --one-file-system "$TREE"
}
trap AtExit EXIT
trap 'exit 130' INT TERM HUP

# The packages under test. The next one is the same source with a higher revision.
Deb() { echo "$PACKAGE"/deb/ec2-instance-connect_*.deb; }
NextDeb() { echo "$PACKAGE"/next/deb/ec2-instance-connect_*.deb; }
Rpm() { echo "$PACKAGE"/rpm/RPMS/*/ec2-instance-connect-[0-9]*.rpm; }
NextRpm() { echo "$PACKAGE"/next/rpm/RPMS/*/ec2-instance-connect-[0-9]*.rpm; }
CliDeb() { echo "$PACKAGE"/deb/ec2-instance-connect-cli_*.deb; }
NextCliDeb() { echo "$PACKAGE"/next/deb/ec2-instance-connect-cli_*.deb; }
CliRpm() { echo "$PACKAGE"/rpm/RPMS/*/ec2-instance-connect-cli-*.rpm; }
SelinuxRpm() { echo "$PACKAGE"/rpm/RPMS/*/ec2-instance-connect-selinux-*.rpm; }
NextSelinuxRpm() { echo "$PACKAGE"/next/rpm/RPMS/*/ec2-instance-connect-selinux-*.rpm; }
NextCliRpm() { echo "$PACKAGE"/next/rpm/RPMS/*/ec2-instance-connect-cli-*.rpm; }
ConsoleDeb() { echo "$PACKAGE"/deb/ec2-instance-connect-console_*.deb; }
NextConsoleDeb() { echo "$PACKAGE"/next/deb/ec2-instance-connect-console_*.deb; }
ConsoleRpm() { echo "$PACKAGE"/rpm/RPMS/*/ec2-instance-connect-console-*.rpm; }
NextConsoleRpm() { echo "$PACKAGE"/next/rpm/RPMS/*/ec2-instance-connect-console-*.rpm; }
DebNeedsLibraries() { dpkg-deb -f "$(Deb)" Depends | grep libcurl >/dev/null; }

# NeedsPayload: ends the case as skipped where the programs are linked to this machine's libraries.
NeedsPayload() {
  DebNeedsLibraries || return 0
  echo "needs the payload (./dev payload): these programs are linked to the machine's libraries"
  FINISHED=yes
  exit 77
}

# MakeKey NAME: a throw-away key in the keyring $WORK/gnupg, and its public half in $WORK/NAME.asc. The
# keyring's agent goes by itself when the folder does.
MakeKey() {
  export GNUPGHOME=$WORK/gnupg
  [ -d "$GNUPGHOME" ] || mkdir -m 700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key "Throw-away <$1@example.com>" ed25519 sign \
    2>"$WORK/gpg.log"
  gpg --batch --armor --export "$1@example.com" >"$WORK/$1.asc"
}

# MakeRepositories: $WORK/packages/repo, by the public command, signed by a throw-away key, `signer`. The
# packages in it are the same source and programs as those under test.
MakeRepositories() {
  MakeKey signer
  EIC_PACKAGE_DIR=$WORK/packages EIC_SIGNING_KEY=signer@example.com "$REPOSITORY/dev" package repo \
    >"$WORK/repository.log" 2>&1 || Fail "no repository"
  cp -R "$WORK/packages/repo" "$TREE/srv/repo"
}

# Resign FILE: signs a file of the tree's repositories as `./dev package` does, by the same key.
Resign() { gpg --batch --yes --quiet --local-user signer@example.com "$@"; }

# AptRefuses REGEX: apt takes nothing from the tree's repository, and says why; afterwards the repository
# is again what it was.
AptRefuses() {
  In sh -c 'rm -rf /var/lib/apt/lists/*; apt-get -o APT::Update::Error-Mode=any update &&
    apt-get -y install ec2-instance-connect' >"$WORK/apt.log" 2>&1 && Fail "apt takes it: $1"
  SaidIn apt "$1"
  HasNot "$AGENT"
  RestoreRepository
}

# DnfRefuses REGEX: the same for dnf.
DnfRefuses() {
  DnfInstall && Fail "dnf takes it: $1"
  SaidIn dnf "$1"
  HasNot "$AGENT"
  RestoreRepository
}

# ChangeByte FILE: in the middle of it, whatever was there.
ChangeByte() {
  python3 -c '
import pathlib, sys
path = pathlib.Path(sys.argv[1])
content = bytearray(path.read_bytes())
content[len(content) // 2] ^= 1
path.write_bytes(content)' "$1"
}

RestoreRepository() {
  rm -rf "$TREE/srv/repo"
  cp -R "$WORK/packages/repo" "$TREE/srv/repo"
}

# DnfInstall: ec2-instance-connect from the tree's repositories alone, with nothing remembered.
DnfInstall() {
  In sh -c 'rm -rf /var/cache/dnf; dnf -y install ec2-instance-connect' >"$WORK/dnf.log" 2>&1
}

# SystemRpm: a repository in the tree of one rpm that provides what Debian's rpm database does not know.
SystemRpm() {
  local top=$WORK/rpmbuild
  mkdir -p "$top" "$TREE/srv/system"
  {
    printf 'Name: a-system\nVersion: 1\nRelease: 1\nSummary: a fixture\nLicense: none\nBuildArch: noarch\n'
    rpm -qp --requires "$(Rpm)" | sed -n -e '/^rpmlib(/d' -e 's/ >= .*/ = 1000/' -e 's/^/Provides: /p' | sort -u
    printf '%%description\nA fixture.\n%%files\n'
  } >"$top/system.spec"
  rpmbuild -bb --define "_topdir $top" "$top/system.spec" >"$WORK/fixture.log" 2>&1
  cp "$top"/RPMS/noarch/a-system-*.rpm "$TREE/srv/system/"
  createrepo_c --quiet "$TREE/srv/system"
}

# AptInstall FILE...: as an administrator does; what it says is in apt.log.
AptInstall() {
  local file
  rm -rf "$TREE/root/packages"
  mkdir -p "$TREE/root/packages"
  for file in "$@"; do cp "$file" "$TREE/root/packages/"; done
  if [ -n "$LEADER" ]; then
    In sh -c 'apt-get -y --allow-downgrades -o Dpkg::Options::=--force-confold install /root/packages/*.deb'
  else
    chroot "$TREE" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get -y install /root/packages/*.deb'
  fi >"$WORK/apt.log" 2>&1
}

AptRemove() { In apt-get -y remove "$@" >"$WORK/apt.log" 2>&1; }
AptPurge() { In apt-get -y purge "$@" >"$WORK/apt.log" 2>&1; }

# RpmIn ARG...: the tree's own rpm. Its database knows nothing of Debian's packages.
RpmIn() {
  local arguments=() argument
  for argument in "$@"; do
    if [ -f "$argument" ]; then
      cp "$argument" "$TREE/root/"
      argument=/root/$(basename "$argument")
    fi
    arguments+=("$argument")
  done
  In rpm --nodeps "${arguments[@]}" >"$WORK/rpm.log" 2>&1
}

# RpmRoot ARG...: `rpm --root` of the machine, on the tree.
RpmRoot() {
  Beside rpm --root "$TREE" --dbpath /var/lib/rpm --nodeps "$@" >"$WORK/rpm.log" 2>&1
}

# SaidIn LOG REGEX: the administrator was told.
SaidIn() {
  grep -E -- "$2" "$WORK/$1.log" >/dev/null || Fail "$1 did not say: $2"
}

IsListening() { nsenter -t "$LEADER" -n bash -c '</dev/tcp/127.0.0.1/22' 2>/dev/null; }

# StartSshd: where no systemd runs.
StartSshd() {
  In /usr/sbin/sshd
  WaitUntil 10 IsListening || Fail "sshd does not listen"
}

# Ssh NAME: the ordinary client with the key $WORK/NAME, from the tree's loopback. While sshd reads its
# files anew it does not listen for a moment, whoever tells it to.
Ssh() {
  local try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    SshOnce "$1" && return
    grep 'Connection refused' "$WORK/ssh.log" >/dev/null || return
    sleep "0.$try"
  done
  return 1
}

SshOnce() {
  nsenter -t "$LEADER" -n ssh -F none -l ec2-user -i "$WORK/$1" -o IdentitiesOnly=yes \
    -o IdentityAgent=none -o BatchMode=yes -o ConnectTimeout=10 -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o PreferredAuthentications=publickey 127.0.0.1 id -un \
    2>"$WORK/ssh.log"
}

# Pushed: a new key, pushed for ec2-user through the API; true when it opens the door.
Pushed() {
  rm -f "$WORK"/pushed*
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/pushed"
  nsenter -t "$LEADER" -n "$PROGRAMS/eic-emulator" push --api http://127.0.0.1:8080 \
    --instance-id "$INSTANCE_ID" --os-user ec2-user --public-key "$WORK/pushed.pub" \
    >"$WORK/push.log" 2>&1 || Fail "the API refused the key"
  [ "$(Ssh pushed)" = ec2-user ]
}

PushedOpens() {
  WaitUntil 10 IsListening || Fail "sshd does not listen"
  Pushed || Fail "a pushed key does not open the door"
}
PushedIsRefused() {
  ! Pushed || Fail "a pushed key opens the door"
  grep -q 'Permission denied (publickey' "$WORK/ssh.log" || Fail "no clean refusal of a pushed key"
}

# Sound: what holds after each step, whatever was done. sshd takes its files, and ordinary keys work.
Sound() {
  In /usr/sbin/sshd -t >"$WORK/sshd-t.log" 2>&1 || Fail "sshd -t does not pass"
  WaitUntil 10 IsListening || Fail "sshd does not listen"
  [ "$(Ssh ordinary)" = ec2-user ] || Fail "an ordinary key does not open the door"
}

# Status KEY VALUE: what `ec2-instance-connect status --json` says, VALUE as JSON.
Status() {
  In ec2-instance-connect status --json >"$WORK/status.log" ||
    [ -s "$WORK/status.log" ] || Fail "there is no status"
  python3 -c '
import json, sys
said = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."): said = said[key]
sys.exit(said != json.loads(sys.argv[3]))' "$WORK/status.log" "$1" "$2" || Fail "status: $1 is not $2"
}

# RunsShellAgent: sshd's files or the command line of the one that runs name the shell agent.
RunsShellAgent() {
  {
    In /usr/sbin/sshd -T
    In sh -c 'tr "\0" " " <"/proc/$(cat /run/sshd.pid)/cmdline"'
  } >"$WORK/runs.log" 2>&1
  SaidIn runs '[aA]uthorized[kK]eys[cC]ommand .*/eic_run_authorized_keys'
}

# RunsShellAgentByRpm: the fixture $WORK/shell-agent.rpm, and an sshd with it.
RunsShellAgentByRpm() {
  RpmRoot -i "$WORK/shell-agent.rpm" || Fail "the fixture does not install"
  StartSshd
  RunsShellAgent
}

# RunsOurs: sshd runs our command, and it does what it is for.
RunsOurs() {
  Status owner '"ours"'
  Sound
  PushedOpens
}

# WholeLifeOn SUITE: the deb installed, upgraded and purged in a tree without systemd.
WholeLifeOn() {
  NewTree "$1"
  Enter
  StartSshd
  Remember before
  AptInstall "$(Deb)" || Fail "apt-get failed"
  SaidIn apt '^enabled: sshd runs'
  Sound
  PushedOpens
  AptInstall "$(NextDeb)" || Fail "the upgrade failed"
  Sound
  PushedOpens
  PurgeLeavesNothing
  PushedIsRefused
}

# PurgeLeavesNothing: all is as `Remember before` had it.
PurgeLeavesNothing() {
  AptPurge ec2-instance-connect || Fail "purging failed"
  SameAs before
  HasNoUser
  NothingLeft
}

# Remember NAME / SameAs NAME: the bytes, owners and modes of what sshd is configured by. That doctor's
# unit is enabled is remembered until purge, as Debian has it.
ConfigurationOf() {
  (cd "$TREE" && find etc/ssh etc/systemd/system etc/default/ssh \
    \( -path '*ssh_host*' -o -path "*.wants/$DOCTOR" \) -prune -o \
    -printf '%p %y %m %u:%g %l ' -type f -exec sha256sum {} \; -o -printf '%p %y %l\n' | sort)
}
Remember() { ConfigurationOf >"$WORK/$1.remembered"; }
SameAs() {
  ConfigurationOf >"$WORK/now.remembered"
  diff "$WORK/$1.remembered" "$WORK/now.remembered" >"$WORK/diff.log" ||
    Fail "sshd's configuration is not as it was: $1"
}

# AsUser COMMAND...: in the tree, as the ordinary user.
AsUser() { In setpriv --reuid ec2-user --regid ec2-user --init-groups env HOME=/home/ec2-user "$@"; }

# ClientRuns: each name of the client is there, runs for an ordinary user, says the version of the source,
# and has its manual.
ClientRuns() {
  local version name
  version=$(sed -n 's/^project(ec2-instance-connect VERSION \([0-9.]*\) .*/\1/p' "$REPOSITORY/CMakeLists.txt")
  for name in eic mssh msftp; do
    AsUser "$name" --version >"$WORK/version.log" 2>&1 || Fail "$name does not run"
    SaidIn version "(^| )${version//./\\.}\$"
    compgen -G "$TREE/usr/share/man/man1/$name.1*" >/dev/null || Fail "$name has no manual"
  done
  for name in mssh msftp; do
    [ "$(readlink "$TREE/usr/bin/$name")" = eic ] || Fail "$name is not a name of eic"
    # It acts by its name: without a target it says how it is called itself.
    ! AsUser "$name" >"$WORK/usage.log" 2>&1 || Fail "$name without an instance ends well"
    SaidIn usage "$name"
  done
}

# NeedsConsole PACKAGE: ends the case as skipped where the packages were made without it.
NeedsConsole() {
  [ ! -e "$1" ] || return 0
  echo "$CASE: the packages were made without eic-console (it needs Boost, libssh and npm's files)"
  FINISHED=yes
  exit 77
}

# ConsoleRuns: eic-console starts for an ordinary user, prints a URL, answers it once with a cookie, and
# ends by a signal.
ConsoleRuns() {
  local version url port pid
  version=$(sed -n 's/^project(ec2-instance-connect VERSION \([0-9.]*\) .*/\1/p' "$REPOSITORY/CMakeLists.txt")
  AsUser eic-console --version >"$WORK/version.log" 2>&1 || Fail "eic-console does not run"
  SaidIn version "(^| )${version//./\\.}\$"
  compgen -G "$TREE/usr/share/man/man1/eic-console.1*" >/dev/null || Fail "eic-console has no manual"
  : >"$WORK/url.log"
  AsUser timeout 60 eic-console >"$WORK/url.log" 2>&1 &
  pid=$!
  WaitUntil 10 grep -Ex 'http://[0-9a-f]{32}\.localhost:[0-9]+/\?token=[0-9a-f]{64}' "$WORK/url.log" >/dev/null ||
    Fail "eic-console printed no URL"
  url=$(grep ^http "$WORK/url.log")
  port=${url#*localhost:} port=${port%%/*}
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  AsUser bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" &&
    printf "GET /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" "${2##*/}" "$(cut -d / -f 3 <<<"$2")" >&3 && cat <&3' \
    ask "$port" "$url" >"$WORK/answer.log" 2>&1 || Fail "eic-console does not answer"
  SaidIn answer '^HTTP/1.1 303 '
  SaidIn answer '^[Ss]et-[Cc]ookie: eic='
  # shellcheck disable=SC2016  # It is the inner shell that expands.
  In bash -c 'for one in /proc/[0-9]*; do
    ! grep -qx eic-console "$one/comm" 2>/dev/null || kill -TERM "${one#/proc/}"
  done'
  wait "$pid" || Fail "eic-console does not end well"
}

# ClientIsAlone: nothing of the instance's end is there, nor sshd's configuration changed.
ClientIsAlone() {
  HasNot /usr/sbin/ec2-instance-connect
  HasNot "$AGENT"
  HasNoUser
  SameAs before
}

# ClientLifeOn SUITE: the client's deb installed, upgraded and purged, without the agent.
ClientLifeOn() {
  NewTree "$1"
  Enter
  StartSshd
  Remember before
  AptInstall "$(CliDeb)" || Fail "apt-get failed"
  ClientRuns
  ClientIsAlone
  AptInstall "$(NextCliDeb)" || Fail "the upgrade failed"
  ClientRuns
  AptPurge ec2-instance-connect-cli || Fail "purging failed"
  ClientIsAlone
  NothingLeft
}

Has() { [ -e "$TREE$1" ] || [ -L "$TREE$1" ] || Fail "$1 is not there"; }
HasNot() { { [ ! -e "$TREE$1" ] && [ ! -L "$TREE$1" ]; } || Fail "$1 is still there"; }
# HasRoots: the file for --ca-store.
HasRoots() {
  cmp "$REPOSITORY/certificates/amazon-roots.pem" \
    "$TREE/usr/share/ec2-instance-connect/amazon-roots.pem" >&2 || Fail "amazon-roots.pem is not installed"
}
HasUser() { grep -q "^ec2-instance-connect:" "$TREE/etc/passwd" || Fail "the user is not there"; }
HasNoUser() {
  ! grep "^ec2-instance-connect:" "$TREE/etc/passwd" "$TREE/etc/group" "$TREE/etc/shadow" >&2 ||
    Fail "the user is still there"
}

# NothingLeft: no file of ours is in the tree, besides logs and caches.
# shellcheck disable=SC2119
NothingLeft() { NothingLeftBut; }

# NothingLeftBut PATH...: and besides these.
# shellcheck disable=SC2120  # The cases give them.
NothingLeftBut() {
  local allowed='^/(root/|var/log/|var/cache/|proc|sys|run|dev|tmp)' path
  for path in "$@"; do allowed+="|^$path"; done
  (cd "$TREE" && find . -xdev \( -name '*ec2-instance-connect*' -o -name '*eic[-_]*' -o -name eic \
    -o -name 'eic.1*' -o -name 'mssh*' -o -name 'msftp*' \) -printf '/%P\n') |
    grep -Ev "$allowed" >"$WORK/left.log" || return 0
  Fail "files are left: $(tr '\n' ' ' <"$WORK/left.log")"
}

# DoctorStarted: when doctor's unit ran last, empty or 0 for never.
DoctorStarted() { In systemctl show -p ExecMainStartTimestampMonotonic --value "$DOCTOR"; }
DoctorHasRun() { [ "$(In systemctl show -p ExecMainExitTimestampMonotonic --value "$DOCTOR")" -gt 0 ]; }
DoctorHasNotRun() { [ "$(DoctorStarted)" = 0 ] || Fail "doctor has run, and OpenSSH is as it was"; }

# MainPid: of the daemon, to tell a reload from a restart.
MainPid() { In systemctl show -p MainPID --value ssh.service; }

# Finish: what holds at the end of every case that has a system, then success.
Finish() {
  [ -z "$LEADER" ] || Sound
  FINISHED=yes
  echo PASS
}
