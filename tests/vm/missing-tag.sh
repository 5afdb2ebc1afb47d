# shellcheck shell=bash
# Goal: a machine without Nitro's DMI tags refuses pushed keys and says why, and ordinary keys work
DMI=()
StartMetadata
StartMachine
PushedIsRefused
OrdinaryOpens
AgentSaid "reason=not-ec2 "
DoctorFinds not-ec2
