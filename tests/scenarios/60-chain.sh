#!/usr/bin/env bash
# Goal of this test
# What: eic-chain runs several AuthorizedKeysCommands in sshd's one slot, each as sshd would have run it.
# How: sshd runs the chain as root, with our agent, a script as root and one as another user; logins by
#      each one's key. What a member sees is compared with what sshd's own command sees. Files that are
#      not root's alone, or do not read as a member. At last a chain of one user, without root.
# Expected: every member's key opens the door, and their lines arrive byte for byte, in order; user,
#      groups, environment and words are those that sshd gives; a bad file is refused by name, and the
#      others go on.
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

StartLog
StartEmulator --ttl 600
for key in pushed roots others stranger; do NewKey "$key"; done
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

StartSshd "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root"
SSHD_PID=$!
for key in pushed roots others; do ExpectLogin ec2-user "$key"; done
ExpectRefused ec2-user stranger
ExpectAccepted pushed
[ -z "$(ChainLines)" ] || Fail "there is nothing to log, and the chain logged"

echo "What members print arrives byte for byte, in the order of the files:"
Chain -- ec2-user "$(Fingerprint pushed)" ssh-ed25519 >"$WORK/printed"
{ cut -d ' ' -f 1,2 "$WORK/pushed.pub" && cat /etc/eic/roots-keys "$WORK/others.pub"; } |
  diff - "$WORK/printed" || Fail "the lines are others"

echo "What a member sees is what sshd's own command sees:"
echo "docker:x:58099:ubuntu" >>/etc/group
Script sees <<'END'
{
  printf '%s|' "$@"
  id
  env | grep -v '^_=' | sort
  pwd
  umask
  readlink /proc/self/fd/0
  grep -E '^(NoNewPrivs|SigBlk|SigIgn|SigCgt|CapEff)' /proc/self/status
} >"/tmp/sees.$$"
mv "/tmp/sees.$$" /tmp/sees
END
SEES="$SCRIPT \"a  b\" %u 'c\\\"d' 100%% x=%f e\ f"

# Seen BY: what the script saw in the login of a stranger.
Seen() {
  rm -f /tmp/sees
  ExpectRefused ec2-user stranger
  WaitUntil 2 test -e /tmp/sees || Fail "the script did not run by $1"
  cp /tmp/sees "$WORK/sees.$1"
}

# Restart LINE...: another sshd in the place of the one that runs.
Restart() {
  kill "$SSHD_PID"
  wait "$SSHD_PID" || true
  rm "$WORK/host_key" "$WORK/host_key.pub"
  StartSshd "$@"
  SSHD_PID=$!
}

Member 50-sees "$SEES" ubuntu
Seen chain
rm "$CHAIN_FOLDER/50-sees.conf"
Restart "AuthorizedKeysCommand $SEES" "AuthorizedKeysCommandUser ubuntu"
Seen sshd
cat "$WORK/sees.sshd"
grep -q '58099(docker)' "$WORK/sees.sshd" || Fail "sshd itself gives no groups: nothing is shown"
diff "$WORK/sees.sshd" "$WORK/sees.chain" || Fail "a member sees something else than sshd's command"

echo "A file that is not root's alone, or does not read as a member, is refused by name:"
Restart "$CHAIN_COMMAND" "AuthorizedKeysCommandUser root"

# ExpectLeftOut NAME WHY: the chain says so, and the others go on.
ExpectLeftOut() {
  : >"$AUDIT"
  ExpectLogin ec2-user roots
  HasLine() { ChainLines | grep -E "left out member \"$1\": .*$2" >/dev/null; }
  WaitUntil 2 HasLine "$@" || Fail "no log line leaves out $1 because: $2"
  rm -f "$CHAIN_FOLDER/$1"
}
KeyScript as-bad stranger
GOOD="/opt/eic/members/as-bad"
Member 40-group $GOOD root && chmod 664 "$CHAIN_FOLDER/40-group.conf"
ExpectLeftOut 40-group.conf "the file is writable by its group or by others"
Member 40-owner $GOOD root && chown ubuntu "$CHAIN_FOLDER/40-owner.conf"
ExpectLeftOut 40-owner.conf "is owned by uid 58005, not by uid 0"
ln -s /etc/eic/elsewhere "$CHAIN_FOLDER/40-link.conf"
ExpectLeftOut 40-link.conf "symbolic link"
Member 40-key $GOOD root "colour = red"
ExpectLeftOut 40-key.conf "line 3: unknown key .colour"
Member 40-token "$GOOD %Z" root
ExpectLeftOut 40-token.conf "no token %Z"
Member 40-more "$GOOD %h" root
ExpectLeftOut 40-more.conf "uses %h, which sshd.s command line does not pass"
Member 40-nobody $GOOD no-such-user
ExpectLeftOut 40-nobody.conf "no-such-user does not exist"
install -m 775 "$GOOD" /opt/eic/members/writable
Member 40-program /opt/eic/members/writable root
ExpectLeftOut 40-program.conf "its program cannot be trusted: .*writable is writable by its group or by others"
chmod 775 "$CHAIN_FOLDER"
: >"$AUDIT"
ExpectRefused ec2-user roots
ChainLines | grep -F "no member runs: $CHAIN_FOLDER is writable by its group or by others" || Fail "an open folder is not named"
chmod 755 "$CHAIN_FOLDER"

echo "More of sshd's tokens, where the command line gives them:"
Script tokens <<'END'
[ "$1|$2|$3" = "/home/ec2-user|58001|$(cat /etc/eic/stranger)" ] && echo "ssh-ed25519 $3"
END
cut -d ' ' -f 2 "$WORK/stranger.pub" >/etc/eic/stranger
Member 40-tokens "$SCRIPT %h %U %k" root
Restart "AuthorizedKeysCommand /opt/eic/bin/eic-chain --tokens ukUh -- %u %k %U %h" \
  "AuthorizedKeysCommandUser root"
ExpectLogin ec2-user stranger
rm "$CHAIN_FOLDER/40-tokens.conf"

echo "A chain of one user needs no root:"
Member 20-root "/opt/eic/members/as-other" ec2-instance-connect
Member 30-other "/opt/eic/members/as-other" ubuntu
Restart "$CHAIN_COMMAND" "AuthorizedKeysCommandUser ec2-instance-connect"
: >"$AUDIT"
ExpectLogin ec2-user others
ExpectLogin ec2-user pushed
ChainLines | grep -F 'left out member "30-other.conf": it must run as ubuntu, which only root can do' >/dev/null ||
  Fail "a member of another user is not named"
ExpectRefused ec2-user roots
Finish
