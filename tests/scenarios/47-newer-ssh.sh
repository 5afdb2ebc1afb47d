#!/usr/bin/env bash
# Goal of this test
# What: the client works with Debian 13's ssh (OpenSSH 10) as with this machine's.
# How: that ssh, scp and sftp out of a tree, started by its own loader and libraries; the wrapper, the
#      configuration, a jump and a forwarded agent.
# Expected: the same as with this machine's.
repository=$(cd "$(dirname "$0")/../.." && pwd)
[ ! -e "$repository/build/trees/trixie-clients.key" ] || EIC_TREE=$repository/build/trees/trixie-clients
source "$(dirname "$0")/lib.sh"
NeedsTree ssh
source "$(dirname "$0")/client.sh"
ONE=$(InstanceId 1)

# The other system's programs by their own names, in this system.
mkdir -p /opt/eic/newer
for program in ssh scp sftp ssh-keygen ssh-add; do
  printf '#!/bin/sh\nexec /opt/eic/tree/lib64/ld-linux-x86-64.so.2 --argv0 %s --library-path %s %s "$@"\n' \
    "$program" /opt/eic/tree/usr/lib/x86_64-linux-gnu "/opt/eic/tree/usr/bin/$program" >"/opt/eic/newer/$program"
  chmod 755 "/opt/eic/newer/$program"
done
PATH=/opt/eic/newer:$PATH
StartInstances 2
case $(ssh -V 2>&1) in OpenSSH_10*) ;; *) Fail "this is no OpenSSH 10" ;; esac
AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "eic config --install failed"
Expect 0 ec2-user mssh "$ONE" id -un
Expect 0 ec2-user ssh "$ONE" id -un
Expect 7 "" ssh "$ONE" exit 7
Finish
