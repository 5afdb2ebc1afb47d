# shellcheck shell=bash
# Goal: a pushed key opens a login by ssh, mssh needs none, doctor finds nothing, and the log has each decision; a key
# that nobody pushed is refused
StartMetadata
StartMachine
PushedOpens
AgentSaid "^Providing ssh key from EC2 Instance Connect with fingerprint: $(Escaped "$(Fingerprint pushed)"), "
MsshOpens
NewKey stranger
! Login stranger -- true || Fail "a key that nobody pushed opens the door"
DoctorFindsNothing
