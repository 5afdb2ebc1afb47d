#!/usr/bin/env bash
# Goal of this test
# What: who never uses EC2 Instance Connect never notices the agent, and strangers cannot fill the log.
# How: log in with a key of authorized_keys, offer a key that nobody knows, to a user with and without a
#      pushed key, and as a user that does not exist.
# Expected: the ordinary key is accepted, the others are refused. The agent logs nothing, and sshd
#           never says that the command failed.
source "$(dirname "$0")/lib.sh"

StartAll
NewKey ordinary
NewKey unknown
NewKey pushed
install -m 600 -o ec2-user "$WORK/ordinary.pub" /home/ec2-user/.ssh/authorized_keys
ExpectLogin ec2-user ordinary
ExpectLogin ec2-user unknown ordinary
ExpectRefused ec2-user unknown
Push ec2-user pushed
ExpectRefused ec2-user unknown
ExpectRefused nobody-of-that-name unknown
ExpectNoAudit
Finish
