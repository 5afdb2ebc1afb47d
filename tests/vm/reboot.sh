# shellcheck shell=bash
# Goal: after a real reboot, with the host keys of before, everything is up and pushed keys open the door
BootId() { Root "cat /proc/sys/kernel/random/boot_id"; }
HasRebooted() { HasSshd && boot_id=$(BootId) && [ "$boot_id" != "$before" ]; }

StartMetadata
StartMachine
PushedOpens
before=$(BootId)
Root "systemctl reboot" || true # The connection may go first.
rm -f "$WORK/administrator"
WaitUntil "$UP_SECONDS" HasRebooted || Fail "the machine did not reboot"
WaitUntil "$UP_SECONDS" IsUp || Fail "the machine is not up: $(cat "$WORK/state.log")"
PushedOpens
MsshOpens
DoctorFindsNothing
