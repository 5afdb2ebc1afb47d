# shellcheck shell=bash
# Goal: under enforcement, with Debian's policy and the module of packaging/selinux, the agent runs in a domain of its
# own: logins by ssh and mssh, doctor, disable and enable, and no denial
# Machine: selinux
# shellcheck disable=SC2034  # StartMachine reads it.
KERNEL_WORDS="security=selinux selinux=1 enforcing=1"

StartMetadata
StartMachine
[ "$(Root "cat /sys/fs/selinux/enforce")" = 1 ] || Fail "SELinux does not enforce"
PushedOpens
AgentSaid "^Providing ssh key "
MsshOpens
# journald asks the kernel for the context of whoever writes.
Root "journalctl -t ec2-instance-connect -o json --no-pager" >"$WORK/entries.log"
! grep -v '"_SELINUX_CONTEXT":"system_u:system_r:eic_t:s0' "$WORK/entries.log" || Fail "the agent runs in another domain"
DoctorFindsNothing
Root "ec2-instance-connect disable" >"$WORK/disable.log" || Fail "disable failed"
PushedIsRefused
Root "ec2-instance-connect enable" >"$WORK/enable.log" || Fail "enable failed"
PushedOpens
# Of anybody, since the machine was booted.
! Root "journalctl -b -o cat --no-pager" | grep -E 'avc: +denied' >"$WORK/denials.log" || Fail "SELinux denied something"
