# shellcheck shell=bash
# Goal: a machine without Nitro's DMI tags refuses pushed keys and logs nothing of it; doctor says why, and ordinary
# keys work
# shellcheck disable=SC2034  # StartMachine reads it.
DMI=()
StartMetadata
StartMachine
PushedIsRefused
OrdinaryOpens
[ -z "$(Root "journalctl -t ec2-instance-connect -o cat -q --no-pager")" ] || Fail "the agent logs on a host that is no instance"
DoctorFinds not-an-instance
