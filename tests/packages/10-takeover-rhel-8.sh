#!/usr/bin/env bash
# Goal: the unit drop-in that the scriptlets of RHEL 8's package wrote is taken over by the rpm
# System: Debian 12, booted, its own rpm; fixture package
# Note: content and scriptlets checked, never run on Amazon Linux or RHEL
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NewTree bookworm-booted-rpm
Boot
ShellAgentRpm unit
RpmIn -i "$WORK/shell-agent.rpm" || Fail "the fixture does not install"
RunsShellAgent
pid=$(MainPid)
RpmIn -U "$(Rpm)" || Fail "rpm failed"
[ "$(MainPid)" != "$pid" ] || Fail "sshd goes on with its old command line"
RunsOurs
[ "$(In systemctl is-enabled "$DOCTOR")" = enabled ] || Fail "doctor's unit does not run at boot"
RpmIn -e ec2-instance-connect || Fail "rpm -e failed"
Sound
PushedIsRefused
Finish
