# shellcheck shell=bash
# Goal: an instance that boots while metadata does not answer is up with sshd, lets ordinary keys in and says why a
# pushed key cannot work; once metadata answers, pushed keys open the door without anything being restarted
StartMachine
OrdinaryOpens
NewKey early
! Login early -- true || Fail "a key that nobody pushed opens the door"
AgentSaid "^Refused .*reason=imds-(unreachable|connection-lost|timeout) "
DoctorFinds imds
StartMetadata
PushedOpens
MsshOpens
DoctorFindsNothing
