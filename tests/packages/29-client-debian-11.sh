#!/usr/bin/env bash
# Goal: the client alone: install, upgrade and purge on Debian 11
# System: Debian 11, chroot
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

NeedsPayload
ClientLifeOn bullseye
Finish
