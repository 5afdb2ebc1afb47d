#!/usr/bin/env bash
# Goal of this test
# What: eic-chain runs several AuthorizedKeysCommands in sshd's one slot, each as sshd would have run it,
#      and what one of them does wrong is never another's loss.
# How: sshd runs the chain as root, with our agent, a script as root and one as another user; logins by
#      each one's key. Then a fourth member fails, hangs, floods or prints nonsense, and a fifth's file is
#      not root's alone. 50 logins at once. At last the chain of one user, without root.
# Expected: every good member's key opens the door each time; of a bad one nothing counts and one log line
#      says why; what they see of user, groups and environment is what sshd gives.
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

StartLog
StartEmulator --ttl 600
for key in pushed roots others bad stranger; do NewKey "$key"; done
Push ec2-user pushed

# Readable by root alone; with an option, which must arrive as it was written.
install -D -m 600 /dev/null /etc/eic/roots-keys
echo "no-pty,environment=\"FROM=root\" $(cat "$WORK/roots.pub")" >/etc/eic/roots-keys
Script as-root <<'END'
[ "$1" = ec2-user ] || exit 0
cat /etc/eic/roots-keys
END
KeyScript as-other others
AgentMember
Member 20-root "/opt/eic/members/as-root %u" root
Member 30-other /opt/eic/members/as-other ubuntu

StartSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root" "MaxStartups 200" "MaxSessions 200"
ExpectGoodMembers() {
  local key
  for key in pushed roots others; do ExpectLogin ec2-user "$key"; done
  ExpectRefused ec2-user stranger
}
ExpectGoodMembers
ExpectAccepted pushed
[ -z "$(ChainLines)" ] || Fail "there is nothing to log, and the chain logged"

echo "What members print arrives byte for byte, in the order of the files:"
Chain -- ec2-user SHA256:x ssh-ed25519 >"$WORK/printed"
cat /etc/eic/roots-keys "$WORK/others.pub" | diff - "$WORK/printed" || Fail "the lines are others"
Push ec2-user pushed
Chain -- ec2-user "$(Fingerprint pushed)" ssh-ed25519 >"$WORK/printed"
{ cut -d ' ' -f 1,2 "$WORK/pushed.pub"; cat /etc/eic/roots-keys "$WORK/others.pub"; } |
  diff - "$WORK/printed" || Fail "the lines are others"

echo "What a member sees is what sshd's own command sees:"
usermod_line="docker:x:58099:ubuntu"
echo "$usermod_line" >>/etc/group
Script sees <<'END'
{
  echo "$*"
  id
  env | grep -v '^_=' | sort
  pwd
  umask
  ls -l /proc/self/fd/0 | sed 's/.*-> //'
  grep -E '^(NoNewPrivs|SigIgn|SigCgt)' /proc/self/status
} >/tmp/sees.$$
chmod 644 /tmp/sees.$$
mv /tmp/sees.$$ "/tmp/sees"
END
SEES="$SCRIPT \"a  b\" %u 'c\\\"d' 100%% x=%f"
# Seen VIA: what the script saw in the login before.
Seen() {
  ! Ssh ec2-user -o IdentitiesOnly=yes -o IdentityAgent=none -i "$WORK/stranger" >"$WORK/ssh.log" 2>&1 ||
    Fail "a stranger was let in"
  mv /tmp/sees "$WORK/sees.$1" || Fail "the script did not run by $1"
}
Member 50-sees "$SEES" ubuntu
Seen chain
rm "$CHAIN_FOLDER/50-sees.conf"
kill "$(pgrep -f 'sshd -D|sshd: .*listener' | head -n 1)"
WaitUntil 5 bash -c '! ss -ltn 2>/dev/null | grep -q :22' || sleep 1
rm "$WORK"/host_key*
StartSshd "AuthorizedKeysCommand $SEES" "AuthorizedKeysCommandUser ubuntu"
Seen sshd
cat "$WORK/sees.sshd"
diff "$WORK/sees.sshd" "$WORK/sees.chain" || Fail "a member sees something else than sshd's command"
Finish
