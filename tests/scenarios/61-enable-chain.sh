#!/usr/bin/env bash
# Goal of this test
# What: `ec2-instance-connect enable --chain` takes an occupied slot without taking anything away, and
#      `disable` gives it back byte for byte.
# How: a real sshd with somebody's command, with arguments and a user of its own: in sshd_config, in a
#      drop-in before ours, in a Match block for all, and where there is no Include. Each time: enable, enable --chain,
#      logins, status, doctor, explain, disable. Then a command with a token that this sshd does not know;
#      members that were edited, refused, slow, void; a chain without our agent.
# Expected: enable alone changes nothing and names --chain first. With it the former's key and a pushed
#      one open the door; without it again the former's alone, and /etc has the bytes that it had.
EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/scenarios/chain.sh
source "$(dirname "$0")/chain.sh"

# Where the package has them.
mount -t tmpfs -o mode=755 tmpfs /usr/libexec
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir /usr/libexec/ec2-instance-connect /etc/ec2-instance-connect
cp /opt/eic/bin/eic-authorized-keys /opt/eic/bin/eic-chain /usr/libexec/ec2-instance-connect/

StartLog
StartEmulator --ttl 600
cp "$WORK/emulator/anchors.pem" "/etc/ssl/certs/$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem").0"
for key in pushed formers stranger; do NewKey "$key"; done
Push ec2-user pushed
Script former <<END
[ "\$(id -un) \$2 \$3 \$4" = "ubuntu a  b \$(id -u "\$1") x%y" ] || exit 1
[ "\$1" = ec2-user ] || exit 0
echo '$(cat "$WORK/formers.pub")'
END
FORMER="AuthorizedKeysCommand $SCRIPT %u \"a  b\" %U x%%y"
USERS="AuthorizedKeysCommandUser ubuntu"

# Files: what /etc/ssh and ours hold, with owners and modes.
Files() {
  local folders=(/etc/ssh /etc/ec2-instance-connect)
  find "${folders[@]}" -printf '%p %y %m %U %G\n' | sort
  find "${folders[@]}" -type f -exec sha256sum {} + | sort -k 2
}

# Configure: what stands on stdin is sshd_config, and sshd runs with it.
Configure() {
  rm -rf /etc/ssh/sshd_config.d/* /etc/ec2-instance-connect/*
  ssh-keygen -A >/dev/null
  {
    cat
    printf '%s\n' "ListenAddress 127.0.0.1" "Port 22" "UsePAM no" "PasswordAuthentication no" \
      "AuthenticationMethods publickey" "LogLevel VERBOSE" "PidFile /run/sshd.pid"
  } >/etc/ssh/sshd_config
  if /usr/sbin/sshd -t -o PerSourcePenalties=no 2>/dev/null; then
    sed -i '1i PerSourcePenalties no' /etc/ssh/sshd_config
  fi
}

StartIt() {
  : >"$SSHD_LOG"
  /usr/sbin/sshd -D -e 2>>"$SSHD_LOG" &
  SSHD_PID=$!
  WaitUntil 10 grep -q '^Server listening' "$SSHD_LOG" || Fail "sshd does not listen"
  sed 's/^/127.0.0.1 /' /etc/ssh/ssh_host_*_key.pub >"$WORK/known_hosts"
}

# Without systemd sshd is told by SIGHUP.
Reloaded() { [ "$(grep -c '^Server listening' "$SSHD_LOG")" = "$1" ]; }

Eic() { ec2-instance-connect "$@" >"$WORK/eic.log" 2>&1; }
# Says WORDS: the run before said so.
Says() { grep -F -- "$1" "$WORK/eic.log" >/dev/null || Fail "it does not say: $1: $(cat "$WORK/eic.log")"; }

# Round NAME: from a slot that is taken, there and back.
Round() {
  echo "Taken $1:"
  StartIt
  ExpectLogin ec2-user formers
  ExpectRefused ec2-user pushed
  Files >"$WORK/before"

  ! Eic enable || Fail "enable took what was somebody's"
  grep -E "To run both: .ec2-instance-connect enable --chain.*--replace" "$WORK/eic.log" ||
    Fail "enable does not name --chain first"
  Files | diff "$WORK/before" - || Fail "enable changed something"

  Eic enable --chain || Fail "enable --chain: status $?: $(cat "$WORK/eic.log")"
  cat "$WORK/eic.log"
  WaitUntil 10 Reloaded 2 || Fail "sshd was not told"
  for key in formers pushed; do ExpectLogin ec2-user "$key"; done
  ExpectRefused ec2-user stranger
  Eic status || Fail "status: $?"
  Says "EC2 Instance Connect: enabled"
  Says "member 50-former: ${FORMER#* }  (as ubuntu)"
  Eic doctor || Fail "doctor finds something broken: $(cat "$WORK/eic.log")"
  grep -E '^time of each member: 10-ec2-instance-connect [0-9]+ ms, 50-former [0-9]+ ms' "$WORK/eic.log" ||
    Fail "doctor tells no times"
  Eic explain ec2-user "$(Fingerprint pushed)" || Fail "explain: $?: $(cat "$WORK/eic.log")"
  Says "As ec2-instance-connect, with \`/usr/libexec/ec2-instance-connect/eic-authorized-keys -- %u %f %t\`:"
  Eic enable --if-not-disabled || Fail "enabling again: $?"
  Eic enable --chain || Fail "enabling again: $?"
  Says "already enabled"

  Eic disable --for-removal || Fail "disable: $?: $(cat "$WORK/eic.log")"
  WaitUntil 10 Reloaded 3 || Fail "sshd was not told"
  ExpectLogin ec2-user formers
  ExpectRefused ec2-user pushed
  Files | diff "$WORK/before" - || Fail "what is left is not what was before"
  kill "$SSHD_PID"
  wait "$SSHD_PID" || true
}

Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
  $FORMER
$USERS
END
Round "in sshd_config"

Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
END
printf '%s\n' "# LDAP" "$FORMER" "" "$USERS" >/etc/ssh/sshd_config.d/10-ldap.conf
Round "in a drop-in before ours"

Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
END
printf '%s\n' "Match all" "$FORMER" "$USERS" >>/etc/ssh/sshd_config
Round "in a Match block for all"

echo "Taken in a Match block that leaves somebody out: as a member it would be asked for them, too."
sed -i 's/^Match all/Match User *,!root/' /etc/ssh/sshd_config
Files >"$WORK/before"
! Eic enable --chain || Fail "the command of a Match block was chained for those it leaves out"
Says "the users whom this block excludes"
Files | diff "$WORK/before" - || Fail "enable --chain changed something"

# Refuses WORDS: enable --chain says so, and changes nothing.
Refuses() {
  Files >"$WORK/before"
  ! Eic enable --chain || Fail "enable --chain took it: $1"
  Says "$1"
  Files | diff "$WORK/before" - || Fail "enable --chain changed something"
}

echo "A Match block with half of the two settings would get its other half from the chain:"
for half in "AuthorizedKeysCommand /usr/bin/true" "AuthorizedKeysCommandUser root"; do
  Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
$FORMER
$USERS
END
  printf '%s\n' "Match User root" "$half" >>/etc/ssh/sshd_config
  /usr/sbin/sshd -t
  Refuses "\`Match User root\` (/etc/ssh/sshd_config:"
done

echo "A user by the login's name, whom no member can have:"
Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
$FORMER
AuthorizedKeysCommandUser %u
END
/usr/sbin/sshd -t
Refuses "a member has one user"

Configure <<<""
sed -i "1i $FORMER\\n$USERS" /etc/ssh/sshd_config
Round "in an sshd_config without an Include"

echo "A token that this sshd does not know passes sshd -t, and would end every login:"
Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
AuthorizedKeysCommand $SCRIPT %u %D
$USERS
END
/usr/sbin/sshd -t || Fail "sshd -t says it: nothing is shown"
Files >"$WORK/before"
if Eic enable --chain; then
  Says "AuthorizedKeysCommand"
  Eic disable --for-removal
else
  Says "this sshd does not know the token %D"
  Files | diff "$WORK/before" - || Fail "members are left"
fi
sed -i 's/%D/%Z/' /etc/ssh/sshd_config
! Eic enable --chain || Fail "a token that no sshd has was taken"
Says "sshd has no token %Z"

echo "Members that would not run, which sshd does not look at:"
Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
$FORMER
$USERS
END
chmod 775 /etc/ec2-instance-connect
Refuses "is writable by its group or by others"
Says "every file was restored"
chmod 755 /etc/ec2-instance-connect
mkdir -p /etc/ec2-instance-connect/chain.d
for i in {10..25}; do Member "20-$i" /usr/bin/true root; done
Refuses "50-former.conf would not run: 16 members come before it, which is the maximum"
rm -r /etc/ec2-instance-connect/chain.d
sed -i 's/^AuthorizedKeysCommandUser .*/AuthorizedKeysCommandUser nobody-here/' /etc/ssh/sshd_config
Refuses "50-former.conf would not run: there is no user nobody-here"

echo "Folders are everybody's to read, whatever the umask: a chain of one user is not root."
Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
AuthorizedKeysCommand $SCRIPT %u
AuthorizedKeysCommandUser ec2-instance-connect
END
(umask 077 && Eic enable --chain) || Fail "enable --chain: $?: $(cat "$WORK/eic.log")"
Says "the chain accepts only whole lines"
[ "$(stat -c %a /etc/ec2-instance-connect/chain.d)" = 755 ] || Fail "others cannot read the folder"
echo "Such a chain that fails is no chain without members:"
sed -i 's,/eic-chain -- ,/eic-chain --no-such-option -- ,' \
  /etc/ssh/sshd_config.d/*.conf
Eic doctor || true
grep -E "^(broken|warning) chain-does-not-run: " "$WORK/eic.log" >/dev/null ||
  Fail "doctor does not find that it fails: $(cat "$WORK/eic.log")"
Eic disable --for-removal || Fail "disable: $?: $(cat "$WORK/eic.log")"

echo "What became of the members since:"
Configure <<END
Include /etc/ssh/sshd_config.d/*.conf
$FORMER
$USERS
END
Files >"$WORK/before"
mkdir -p "$CHAIN_FOLDER"
echo "# mine" >"$CHAIN_FOLDER/50-former.conf"
! Eic enable --chain || Fail "a file of the administrator's was overwritten"
Says "50-former.conf exists, but not as"
rm -r /etc/ec2-instance-connect/chain.d
StartIt
Eic enable --chain || Fail "enable --chain: $?"
# Finds CHECK: doctor does.
Finds() {
  Eic doctor || true
  grep -E "^(broken|warning) $1: " "$WORK/eic.log" >/dev/null ||
    Fail "doctor does not find $1: $(cat "$WORK/eic.log")"
}
Script slow <<<'sleep 1.2'
Member 60-slow "$SCRIPT" root
Finds chain-member-slow
Member 60-slow "$SCRIPT" root "timeout = 18"
Finds chain-grace-time
Says "a run may take 18 s"
Script void <<<'exit 7'
Member 60-slow "$SCRIPT" root
Finds chain-member-void
Says "60-slow"
setpriv --no-new-privs ec2-instance-connect doctor >"$WORK/eic.log" 2>&1 ||
  Fail "doctor, confined as by its unit, finds something: $(cat "$WORK/eic.log")"
Says "not checked: members of the chain, run once: doctor is confined here"
chmod 666 "$CHAIN_FOLDER/60-slow.conf"
Finds chain-member-refused
rm "$CHAIN_FOLDER/60-slow.conf"
chmod 777 "$CHAIN_FOLDER"
Finds chain-folder
chmod 755 "$CHAIN_FOLDER"
mv "$CHAIN_FOLDER/10-ec2-instance-connect.conf" "$WORK/ours.conf"
Finds chain-without-agent
mv "$WORK/ours.conf" "$CHAIN_FOLDER/10-ec2-instance-connect.conf"
echo "timeout = 5" >>"$CHAIN_FOLDER/50-former.conf"
Eic disable --for-removal || Fail "disable: $?"
Says "was edited: kept as $CHAIN_FOLDER/.50-former.conf.saved"
rm -r /etc/ec2-instance-connect/chain.d
Files | diff "$WORK/before" - || Fail "what is left is not what was before"
Finish
