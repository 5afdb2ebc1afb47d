#!/usr/bin/env bash
# Goal of this test
# What: the chain runs the commands of real directories beside our agent: SSSD's sss_ssh_authorizedkeys and
#      systemd-userdbd's userdbctl ssh-authorized-keys, with a script as root.
# How: Debian 13's sssd with the proxy provider, and its userdbctl, out of a tree; sshd ran
#      sss_ssh_authorizedkeys as nobody before `enable --chain`; userdbctl and the script are members of the
#      administrator. Logins by each one's key; then sssd is stopped dead, and ended.
# Expected: each key opens the door; without sssd the others' do; disable gives sshd SSSD's command back.
EIC_STAGE_SECONDS=200
repository=$(cd "$(dirname "$0")/../.." && pwd)
[ ! -e "$repository/build/trees/trixie-chain.key" ] || EIC_TREE=$repository/build/trees/trixie-chain
source "$(dirname "$0")/lib.sh"
NeedsTree sss_ssh_authorizedkeys
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

mount -t tmpfs -o mode=755 tmpfs /usr/libexec
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -p /usr/libexec/ec2-instance-connect /etc/ec2-instance-connect
cp /opt/eic/bin/eic-authorized-keys /opt/eic/bin/eic-chain /usr/libexec/ec2-instance-connect/
StartLog
StartEmulator --ttl 600
cp "$WORK/emulator/anchors.pem" "/etc/ssl/certs/$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem").0"
for key in pushed sssds userdbs roots stranger; do NewKey "$key"; done
Push ec2-user pushed

# The other system's programs by names of this one, with its loader and libraries.
TREE=/opt/eic/tree
LIBRARIES=$TREE/usr/lib/x86_64-linux-gnu
LIBRARIES+=:$LIBRARIES/systemd:$LIBRARIES/sssd:$LIBRARIES/samba:$LIBRARIES/ldb
FromTree() {
  Script "$1" <<<"exec $TREE/lib64/ld-linux-x86-64.so.2 --argv0 $1 --library-path $LIBRARIES $TREE$2 \"\$@\""
}
FromTree sss_ssh_authorizedkeys /usr/bin/sss_ssh_authorizedkeys
FromTree userdbctl /usr/bin/userdbctl

# SSSD: in its own system, since it finds its modules by fixed names; its socket is here as well.
cp -a "$TREE/var/lib/sss" /var/lib/sss
mount --bind /var/lib/sss "$TREE/var/lib/sss"
for folder in /run /etc/sssd /var/log/sssd; do mount -t tmpfs -o mode=755 tmpfs "$TREE$folder"; done
mkdir -p "$TREE/run/sssd"
cat >"$TREE/etc/sssd/sssd.conf" <<'END'
[sssd]
services = nss, ssh
domains = test
[domain/test]
id_provider = proxy
proxy_lib_name = files
local_auth_policy = only
END
chmod 600 "$TREE/etc/sssd/sssd.conf"
cp /etc/passwd /etc/group "$WORK/"
mount --bind "$WORK/passwd" "$TREE/etc/passwd"
mount --bind "$WORK/group" "$TREE/etc/group"
chroot "$TREE" /usr/sbin/sssd -i --logger=stderr >"$WORK/sssd.log" 2>&1 &
AsNobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
AsksSssd() { AsNobody /opt/eic/members/sss_ssh_authorizedkeys ec2-user >"$WORK/sss.out" 2>"$WORK/sss.log"; }
WaitUntil 20 AsksSssd || Fail "sssd does not answer"
# The key is in SSSD's cache, where a provider with keys would have put it.
cat >"$WORK/key.ldif" <<END
dn: name=ec2-user@test,cn=users,cn=test,cn=sysdb
changetype: modify
replace: sshPublicKey
sshPublicKey: $(cut -d ' ' -f 1,2 "$WORK/sssds.pub" | tr -d '\n' | base64 -w 0)
END
chroot "$TREE" env \
  LDB_MODULES_PATH=/usr/lib/x86_64-linux-gnu/samba/ldb ldbmodify -H /var/lib/sss/db/cache_test.ldb \
  <"$WORK/key.ldif" >"$WORK/ldb.log" 2>&1 ||
  Fail "SSSD's cache does not take a key"
AsksSssd
grep -qF "$(cut -d ' ' -f 2 "$WORK/sssds.pub")" "$WORK/sss.out" || Fail "sssd does not give the key"

mkdir -p /run/userdb
echo '{"userName":"ec2-user","uid":58001,"gid":58001,"disposition":"regular","homeDirectory":"/home/ec2-user"}' \
  >/run/userdb/ec2-user.user
ln -s ec2-user.user /run/userdb/58001.user
printf '{"privileged":{"sshAuthorizedKeys":["%s"]}}\n' "$(cat "$WORK/userdbs.pub")" >/run/userdb/ec2-user.user-privileged
chmod 600 /run/userdb/ec2-user.user-privileged
ln -s ec2-user.user-privileged /run/userdb/58001.user-privileged
/opt/eic/members/userdbctl ssh-authorized-keys ec2-user | diff "$WORK/userdbs.pub" - ||
  Fail "userdbctl does not give the key"

# sshd with SSSD's command in its slot, as SSSD's manual has it.
SSSD_COMMAND="/opt/eic/members/sss_ssh_authorizedkeys %u"
rm -f /etc/ssh/sshd_config.d/*
ssh-keygen -A >/dev/null
printf '%s\n' "Include /etc/ssh/sshd_config.d/*.conf" "AuthorizedKeysCommand $SSSD_COMMAND" \
  "AuthorizedKeysCommandUser nobody" "ListenAddress 127.0.0.1" "UsePAM no" "PasswordAuthentication no" \
  "AuthenticationMethods publickey" "LogLevel VERBOSE" "PidFile /run/sshd.pid" "MaxStartups 200" >/etc/ssh/sshd_config
: >"$SSHD_LOG"
/usr/sbin/sshd -D -e 2>>"$SSHD_LOG" &
WaitUntil 10 grep -q '^Server listening' "$SSHD_LOG" || Fail "sshd does not listen"
sed 's/^/127.0.0.1 /' /etc/ssh/ssh_host_*_key.pub >"$WORK/known_hosts"
Reloaded() { [ "$(grep -c '^Server listening' "$SSHD_LOG")" = "$1" ]; }

ExpectLogin ec2-user sssds
cp /etc/ssh/sshd_config "$WORK/before"
ec2-instance-connect enable --chain >"$WORK/enable.log" 2>&1 || Fail "enable --chain: status $?"
WaitUntil 10 Reloaded 2 || Fail "sshd was not told"
KeyScript as-root roots
# Only root may read the privileged part of a user's record.
Member 60-userdb "/opt/eic/members/userdbctl ssh-authorized-keys %u" root
Member 70-script /opt/eic/members/as-root root
ExpectAll() {
  local key
  for key in pushed userdbs roots "$@"; do ExpectLogin ec2-user "$key"; done
  ExpectRefused ec2-user stranger
}
ExpectAll sssds
ExpectAccepted pushed
[ -z "$(ChainLines)" ] || Fail "there is nothing to log: $(ChainLines)"
ec2-instance-connect status
ec2-instance-connect doctor | grep '^time of each member: '

# Our agent runs for each of them, too; but within its own limits of a second, which a busy machine does
# not keep, it would open none: scenario 44 has the machine for itself.
echo "50 logins at once:"
sed -i '$ a timeout = 60' "$CHAIN_FOLDER"/[567]0-*.conf
pids=()
for ((i = 0; i < 50; ++i)); do
  keys=(sssds userdbs roots)
  mapfile -t options < <(Identities "${keys[i % 3]}")
  Ssh ec2-user "${options[@]}" -o ConnectTimeout=60 >"$WORK/at-once.$i" 2>"$WORK/at-once.$i.log" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || Fail "one of 50 logins was refused"; done

echo "SSSD hangs, and then is gone:"
sed -i '$ d' "$CHAIN_FOLDER"/[567]0-*.conf
sed -i '$ a timeout = 2' "$CHAIN_FOLDER/50-former.conf"
: >"$AUDIT"
pkill -STOP -f /usr/libexec/sssd/sssd_ssh || pkill -STOP sssd_ssh
ExpectAll
WaitUntil 2 HasVoid 50-former timeout || Fail "nobody is told that SSSD hangs"
pkill -KILL sssd
ExpectAll

sed -i '$ d' "$CHAIN_FOLDER/50-former.conf"
ec2-instance-connect disable --for-removal >"$WORK/disable.log" 2>&1 || Fail "disable: status $?"
diff "$WORK/before" /etc/ssh/sshd_config || Fail "sshd_config is not as it was"
[ "$(ls -A /etc/ssh/sshd_config.d)" = "" ] || Fail "a drop-in is left"
/usr/sbin/sshd -T | grep -ix "authorizedkeyscommand $SSSD_COMMAND" || Fail "sshd does not run SSSD's command"
Finish
