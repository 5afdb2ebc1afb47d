#!/usr/bin/env bash
# Goal: the client alone: install, upgrade and purge on Debian 13
# System: Debian 13, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NeedsPayload
ClientLifeOn trixie
Finish
