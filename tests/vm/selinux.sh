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
HasStarted 2
PushedIsRefused
Root "ec2-instance-connect enable" >"$WORK/enable.log" || Fail "enable failed"
HasStarted 3
PushedOpens
# Nothing of ours, and nobody about ours, since the machine was booted.
Root "journalctl -b -o cat --no-pager" >"$WORK/boot.log" || Fail "no journal"
! grep -E 'avc: +denied .*(comm="(eic-|ec2-instance-co)|:eic_(exec_)?t:|:initrc_t:)' "$WORK/boot.log" ||
  Fail "SELinux denied something"

# Without one rule, doctor says so before anything is denied, and what was denied afterwards.
Root "sed /http_port_t/d /srv/ec2-instance-connect.cil >/root/ec2-instance-connect.cil" || Fail "no variant"
Root "semodule --install /root/ec2-instance-connect.cil" || Fail "the variant was not loaded"
DoctorFinds 'policy denies [{] name_connect [}] from system_u:system_r:eic_t:'
PushedIsRefused
DoctorFinds 'seen: .*avc: +denied +[{] name_connect [}] .*eic-authorized-'
