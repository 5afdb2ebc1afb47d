#!/usr/bin/env bash
# Goal of this test: no private key gets into a file, by the file system and by a trace of all system
# calls that write.
# shellcheck disable=SC2119
source "$(dirname "${BASH_SOURCE[0]}")/ssh_stage.sh"
STAGE_TRACE="--seccomp-bpf -qq -y -s 65536 -x -e trace=open,openat,creat,write,pwrite64,writev,sendto,sendmsg"
STAGE_TRACE+=",memfd_create,rename,prctl,setrlimit,prlimit64"
StageMain "$@"

StartSshd
touch "$WORK/before"
# The sanitizers' own check for leaks does not run under strace.
export ASAN_OPTIONS=detect_leaks=0
Expect hello Ssh "$HOST_ID" echo hello
ExpectNothingLeft
sleep 1 # strace writes when it likes to

# The keeper is the process that made itself opaque.
keeper=$(awk '/PR_SET_DUMPABLE, (SUID_DUMP_DISABLE|0)/ { print $1 }' "$WORK/trace" | sort -u)
[ "$(wc -w <<<"$keeper")" = 1 ] || Fail "not one process made itself opaque: $keeper"
grep -q "^$keeper .*RLIMIT_CORE, {rlim_cur=0, rlim_max=0}" "$WORK/trace" || Fail "core files are possible"

# It writes to sockets, and one byte to the pipe of its starter; never to a file.
grep -E "^$keeper +(write|pwrite64|writev|sendto|sendmsg)\(" "$WORK/trace" >"$WORK/writes"
grep -q 'sendto(' "$WORK/writes" || Fail "the keeper sent nothing: the test shows nothing"
! grep -vE '^[0-9]+ +(sendto\([0-9]+<socket:|sendto\([0-9]+<UNIX|write\([0-9]+<pipe:\[[0-9]+\]>, "\+", 1)' \
  "$WORK/writes" >"$WORK/other-writes" || Fail "the keeper writes elsewhere: $(cat "$WORK/other-writes")"
# What it sends is a frame that says: failure, success, one identity, a signature; or an answer of its
# door. None is longer than a public half or a signature is.
! grep -vE 'sendto\([^,]*, "\\x00\\x00\\x00\\x[0-9a-f]{2}\\x(01|02|03|05|06|0c|0e)|"\+", 1' \
  "$WORK/writes" >"$WORK/other-frames" || Fail "frames of another kind: $(cat "$WORK/other-frames")"

# It opens no file for writing but its lock, which its starter did, and /dev/null.
! grep -E "^$keeper +(open|openat|creat)\(.*(O_WRONLY|O_RDWR|O_CREAT)" "$WORK/trace" |
  grep -v '"/dev/null"' >"$WORK/opens" ||
  Fail "the keeper opens files: $(cat "$WORK/opens")"
! grep -q memfd_create "$WORK/trace" || Fail "a memfd"

# The file system: what is new is public.
find "$WORK" -newer "$WORK/before" -type f ! -name 'trace' ! -name '*.log' ! -name writes \
  ! -name 'other-*' ! -name opens >"$WORK/new-files"
while read -r file; do
  ! grep -qE 'PRIVATE KEY|openssh-key-v1' "$file" || Fail "a private key in $file"
  case ${file#"$WORK"/} in
    eic/keeper.lock | eic/known_hosts | authorized_keys | calls | memory | new-files) ;;
    *) Fail "a file that nobody expects: $file" ;;
  esac
done <"$WORK/new-files"
Expect 0 stat -c %s "$EIC_HOME/keeper.lock"
Finish
