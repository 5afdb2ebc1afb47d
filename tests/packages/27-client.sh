#!/usr/bin/env bash
# Goal: the client alone: `apt-get install ./ec2-instance-connect-cli_*.deb`, upgrade and purge; nothing of the agent comes with it, and nothing stays
# System: Debian 12, chroot
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

ClientLifeOn bookworm
Finish
