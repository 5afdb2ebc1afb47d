# shellcheck shell=bash
# The faults: Plant_CHECK breaks one thing in the copy below $R, and the check CHECK of doctor is to find
# it, and no other. What stands behind a dot tells one way of several. Sourced by planted.sh, which has the
# verbs.
#
# LOGIN is the user whose login is looked at, PUSHES whether a key is pushed for that user afterwards, KEY
# which, FROM the address that the client comes from (empty: it is not told), FLAGS more for doctor, UNLOOKED what
# it has to name as not looked at, PRELOAD a library that doctor is started with. With TRIES, a real login from FROM is tried as well, and has to end as doctor says; and
# doctor's own (--login) has to come to a shell where that does, or to end at ENDS.
#
# Plant_healthy.WAY plants what is no fault. Applies_CHECK says whether the release of the copy has what its
# fault needs.
# shellcheck disable=SC2034,SC2154

# What is planted, one check a line.
Faults() { compgen -A function | sed -n 's/^Plant_//p' | tr _ -; }

Drop_in() { echo "$R/etc/ssh/sshd_config.d/60-ec2-instance-connect.conf"; }

# AtTop LINE...: before everything else that sshd_config says.
AtTop() {
  { printf '%s\n' "$@" && cat "$R/etc/ssh/sshd_config"; } >"$WORK/sshd_config"
  cat "$WORK/sshd_config" >"$R/etc/ssh/sshd_config"
}

# Command PROGRAM: the two lines for somebody else's.
Command() { printf '%s\n' "AuthorizedKeysCommand $1 %u" "AuthorizedKeysCommandUser nobody"; }

# StandIn MODE: answers for metadata instead of the emulator.
StandIn() {
  StopEmulator
  PUSHES=
  perl "$here/stand_in.pl" "$1" >"$WORK/stand_in.log" 2>&1 &
  WaitUntil 5 grep -q '^ready' "$WORK/stand_in.log" || Fail "stand_in.pl is not ready"
}

# Library NAME SOURCE: a shared object for the copy, which must be able to load it.
Library() {
  cc -shared -fPIC -nostdlib -O1 -o "$R/usr/lib/$1" "$here/$2" "${@:3}" || Fail "cannot compile $2"
}

ShiftClock() {
  Library clock_shift.so clock_shift.c "-DSHIFT_SECONDS=$1"
  PRELOAD=/usr/lib/clock_shift.so
}

# The slot.
Plant_no_sshd_config() { rm "$R/etc/ssh/sshd_config"; }
Plant_command_user_missing() { sed -i '/CommandUser/d' "$(Drop_in)"; }
Plant_config_broken() { echo 'Nonsense yes' >>"$R/etc/ssh/sshd_config"; }
Plant_sshd_unchecked() { rm "$R/usr/sbin/sshd"; }
Plant_disabled() { Tree ec2-instance-connect disable >/dev/null; }
Plant_slot_empty() { rm "$(Drop_in)"; }
Plant_include_missing() { sed -i '/^Include/d' "$R/etc/ssh/sshd_config"; }
# A real daemon, which beats every file with its command line.
Plant_command_line_override() {
  Tree /usr/sbin/sshd -p 2222 -o 'AuthorizedKeysCommand /usr/bin/other %u' \
    -o 'AuthorizedKeysCommandUser nobody'
  WaitUntil 5 test -s "$R/run/sshd.pid" || Fail "sshd does not run"
}
Plant_drop_in_order() { Command /usr/bin/other >"$R/etc/ssh/sshd_config.d/10-other.conf"; }
Plant_slot_shell_agent() { Command /opt/aws/bin/eic_run_authorized_keys >"$(Drop_in)"; }
Plant_slot_taken() { Command /usr/bin/sss_ssh_authorizedkeys >"$(Drop_in)"; }
# One that runs our agent, and prints what the site has beside.
Plant_slot_wrapper() {
  # shellcheck disable=SC2016  # The script expands them.
  printf '%s\n' '#!/bin/sh' '/usr/libexec/ec2-instance-connect/eic-authorized-keys -- "$1" "$2" "$3"' \
    'cat "/etc/ssh/keys/$1" 2>/dev/null' 'exit 0' >"$R/usr/bin/keys-of-both"
  chmod 755 "$R/usr/bin/keys-of-both"
  printf '%s\n' 'AuthorizedKeysCommand /usr/bin/keys-of-both %u %f %t' \
    'AuthorizedKeysCommandUser ec2-instance-connect' >"$(Drop_in)"
}
# As another user, who gets no more rights.
Plant_slot_wrapper.other_user() {
  Plant_slot_wrapper
  # shellcheck disable=SC2016  # The script expands them.
  printf '%s\n' '#!/bin/sh' 'exec setpriv --reuid ec2-instance-connect --clear-groups --no-new-privs \
    /usr/libexec/ec2-instance-connect/eic-authorized-keys -- "$1" "$2" "$3"' >"$R/usr/bin/keys-of-both"
  sed -i 's/^AuthorizedKeysCommandUser .*/AuthorizedKeysCommandUser root/' "$(Drop_in)"
}
# By a set-user-id program, as sudo is, which prints nothing where it gets no rights.
Plant_slot_wrapper.set_user_id() {
  Plant_slot_wrapper
  cc -static -O1 -o "$R/usr/bin/keys-as-agent" "$here/set_user_id.c" || Fail "cannot compile set_user_id.c"
  Tree chown ec2-instance-connect /usr/bin/keys-as-agent
  chmod 4755 "$R/usr/bin/keys-as-agent"
  # shellcheck disable=SC2016  # The script expands them.
  printf '%s\n' '#!/bin/sh' '# /usr/libexec/ec2-instance-connect/eic-authorized-keys' \
    '/usr/bin/keys-as-agent -- "$1" "$2" "$3"' 'exit 0' >"$R/usr/bin/keys-of-both"
  sed -i 's/^AuthorizedKeysCommandUser .*/AuthorizedKeysCommandUser nobody/' "$(Drop_in)"
}
# One that names our agent, and prints nothing of it.
Plant_slot_taken.wrapper() {
  Plant_slot_wrapper
  printf '%s\n' '#!/bin/sh' '# once /usr/libexec/ec2-instance-connect/eic-authorized-keys' 'exit 0' \
    >"$R/usr/bin/keys-of-both"
}
# An sshd that has other arguments than its files.
Plant_files_differ() {
  mv "$R/usr/sbin/sshd" "$R/usr/sbin/sshd.real"
  # shellcheck disable=SC2016  # The script expands it.
  printf '%s\n' '#!/bin/sh' '[ "$1" = -T ] || exec /usr/sbin/sshd.real "$@"' \
    '/usr/sbin/sshd.real "$@" | sed "s|/eic-authorized-keys |&--timeout 5 |"' >"$R/usr/sbin/sshd"
  chmod 755 "$R/usr/sbin/sshd"
}
# A link to a package's drop-in that an upgrade took away.
Plant_config_broken.link() {
  ln -s /usr/lib/systemd/sshd_config.d/20-gone.conf "$R/etc/ssh/sshd_config.d/20-gone.conf"
}
# `enable` put a file in the place of a link, and an upgrade took away what that led to.
Plant_link_target_gone() {
  LinkedMainFile
  rm "$R/usr/share/ssh/sshd_config"
}
Plant_healthy.linked() { LinkedMainFile; }
LinkedMainFile() {
  Tree ec2-instance-connect disable --for-removal >/dev/null
  mkdir -p "$R/usr/share/ssh"
  mv "$R/etc/ssh/sshd_config" "$R/usr/share/ssh/sshd_config"
  # No drop-in counts, and the main file is written.
  sed -i '/^Include/d' "$R/usr/share/ssh/sshd_config"
  ln -s ../../usr/share/ssh/sshd_config "$R/etc/ssh/sshd_config"
  Tree ec2-instance-connect enable >/dev/null
  [ ! -L "$R/etc/ssh/sshd_config" ] || Fail "enable left the link in its place"
}
Plant_match_override() {
  { echo 'Match User ec2-user' && Command /usr/bin/other; } >>"$R/etc/ssh/sshd_config"
}
Plant_shell_agent_leftover() {
  install -D /dev/null "$R/usr/share/ec2-instance-connect/eic_run_authorized_keys"
}
Plant_interrupted_run() { echo '{}' >"$R/var/lib/ec2-instance-connect/journal.json"; }

# The program and its user.
Plant_command_writable.file() { chmod g+w "$R/usr/libexec/ec2-instance-connect/eic-authorized-keys"; }
Plant_command_missing() { rm "$R/usr/libexec/ec2-instance-connect/eic-authorized-keys"; }
Plant_command_owner() { chown 12345 "$R/usr/libexec/ec2-instance-connect"; }
Plant_command_writable() { chmod g+w "$R/usr/libexec"; }
Plant_command_unreachable() { chmod 700 "$R/usr/libexec/ec2-instance-connect"; }
Plant_command_arguments() { sed -i 's|-- %u %f %t|--nope -- %u|' "$(Drop_in)"; }
Plant_command_user_unknown() { sed -i '/^ec2-instance-connect:/d' "$R/etc/passwd"; }
Plant_command_does_not_run() {
  truncate -s 100 "$R/usr/libexec/ec2-instance-connect/eic-authorized-keys"
}

# What sshd accepts.
Plant_pubkey_off() { AtTop 'PubkeyAuthentication no'; }
Plant_pubkey_off.match() {
  printf '%s\n' 'Match User ec2-user' 'PubkeyAuthentication no' >>"$R/etc/ssh/sshd_config"
}
Plant_authentication_methods() { AtTop 'AuthenticationMethods password'; }
# The name that every version knows.
Plant_rsa_refused() { AtTop 'PubkeyAcceptedKeyTypes ssh-ed25519'; }
Plant_ed25519_refused() { AtTop 'PubkeyAcceptedKeyTypes rsa-sha2-256,rsa-sha2-512'; }
Plant_sshd_version() {
  mv "$R/usr/sbin/sshd" "$R/usr/sbin/sshd.real"
  # shellcheck disable=SC2016  # The script expands it.
  printf '%s\n' '#!/bin/sh' '[ "$1" != -V ] || { echo OpenSSH_7.4p1, planted >&2; exit 1; }' \
    'exec /usr/sbin/sshd.real "$@"' >"$R/usr/sbin/sshd"
  chmod 755 "$R/usr/sbin/sshd"
}

# The user who logs in.
Plant_user_name() {
  LOGIN='CORP\alice'
  PUSHES=
}
Plant_user_unknown() { LOGIN=nobody-here; }
Plant_user_spelling() {
  local folder
  folder=$(dirname "$(find "$R/lib/" "$R/usr/lib/" -name 'libnss_files.so.2' -o -name 'libc.so.6' |
    head -n 1)")
  Library libnss_fold.so.2 nss_fold.c
  mv "$R/usr/lib/libnss_fold.so.2" "$folder/"
  sed -i 's/^passwd:.*/passwd: files fold/' "$R/etc/nsswitch.conf"
  LOGIN=EC2-User
}
Plant_user_locked() {
  Tree usermod --lock ec2-user
  AtTop 'UsePAM no'
}
Plant_user_expired() { Tree usermod --expiredate 2001-01-01 ec2-user; }
Plant_user_expired.zero() {
  Tree chage --expiredate 0 ec2-user
  TRIES=yes
}
Plant_user_expired.today() {
  Tree chage --expiredate "$(date +%F)" ec2-user
  TRIES=yes
}
Plant_user_shell() { Tree usermod --shell /usr/sbin/nologin ec2-user; }
Plant_user_shell.missing() { Tree usermod --shell /bin/no-such-shell ec2-user 2>/dev/null; }
Plant_root_login() {
  AtTop 'PermitRootLogin no'
  LOGIN=root
}
Plant_user_denied() { AtTop 'AllowUsers somebody-else'; }
Plant_user_denied.group() { AtTop "DenyGroups $(Tree id -gn ec2-user)"; }
Plant_user_denied.match() {
  printf '%s\n' 'Match User ec2-*' 'DenyUsers ec2-user' >>"$R/etc/ssh/sshd_config"
}

# Where the client comes from. These are held against sshd itself.
Plant_user_denied.network() {
  AtTop 'AllowUsers ec2-user@10.0.0.0/8'
  TRIES=yes
}
Plant_user_denied.mask() {
  AtTop 'AllowUsers ec2-user@127.0.0.0/255.0.0.0'
  TRIES=yes
}
Plant_user_denied.negated() {
  AtTop 'AllowUsers ec2-user@!127.0.0.7,127.0.0.0/8'
  TRIES=yes
}
Plant_user_denied.pattern() {
  AtTop 'DenyUsers ec2-*@127.0.*'
  TRIES=yes
}
Plant_healthy.network() {
  AtTop 'AllowUsers somebody@10.0.0.0/8 ec2-user@127.0.0.0/8'
  TRIES=yes
}
Plant_healthy.negated() {
  AtTop 'AllowUsers ec2-user@!127.0.0.8,127.0.0.*' 'DenyUsers ec2-user@127.0.0.8'
  TRIES=yes
}
# Without an address nothing is known of it, and nothing is found.
Plant_healthy.untold() {
  AtTop 'AllowUsers ec2-user@10.0.0.0/8'
  FROM=
}
Plant_hosts_denied() {
  echo 'sshd: ALL' >"$R/etc/hosts.deny"
  TRIES=yes
}
Plant_hosts_denied.network() {
  echo 'ALL: ALL EXCEPT 10.0.0.0/255.0.0.0' >"$R/etc/hosts.deny"
  TRIES=yes
}
Plant_hosts_denied.no_line_feed() {
  printf 'sshd: ALL' >"$R/etc/hosts.deny"
  TRIES=yes
}
Plant_healthy.hosts() {
  echo 'sshd: 127.0.0.' >"$R/etc/hosts.allow"
  echo 'ALL: ALL' >"$R/etc/hosts.deny"
  TRIES=yes
}
Applies_hosts_denied() { grep -q libwrap.so "$R/usr/sbin/sshd" "$R/usr/lib/openssh/sshd-session" 2>/dev/null; }
# The line as sshd writes it, from a journal that does not run here.
Plant_source_penalised() {
  printf '%s\n' '#!/bin/sh' "echo 'drop connection #0 from [$FROM]:51000 on [127.0.0.1]:22 penalty: failed authentication'" \
    >"$R/usr/bin/journalctl"
  chmod 755 "$R/usr/bin/journalctl"
}
Applies_source_penalised() { Tree /usr/sbin/sshd -T | grep -i '^persourcepenalties ' >/dev/null; }

# What sshd accepts of the key.
Plant_rsa_too_small() {
  AtTop 'RequiredRSASize 3072'
  KEY=$WORK/key_rsa
  TRIES=yes
  ENDS=shell # With a key that is large enough.
}
Applies_rsa_too_small() { Tree /usr/sbin/sshd -T | grep -i '^requiredrsasize ' >/dev/null; }
Plant_revoked_keys_unreadable() {
  AtTop 'RevokedKeys /etc/ssh/gone'
  TRIES=yes
}
Plant_few_tries() { AtTop 'MaxAuthTries 2'; }

# Account and session.
Plant_nologin() {
  touch "$R/etc/nologin"
  TRIES=yes
}
Plant_nologin.run() {
  touch "$R/run/nologin"
  TRIES=yes
}
Plant_nologin.without_pam() {
  AtTop 'UsePAM no'
  touch "$R/etc/nologin"
  TRIES=yes
}
Plant_password_aged() {
  Tree chage --lastday 0 ec2-user
  TRIES=yes
}
Plant_password_aged.max() {
  local days=$(($(date +%s) / 86400 - 90))
  sed -i "s/^ec2-user:.*/ec2-user:!!:$days:1:60:7:::/" "$R/etc/shadow"
  TRIES=yes
}
Plant_healthy.no_pass_expiry() {
  Tree chage --lastday 0 ec2-user
  sed -i '/^account/s/pam_unix.so/pam_unix.so no_pass_expiry/' "$R/etc/pam.d/common-account"
  TRIES=yes
}
Plant_healthy.aged_without_pam() {
  AtTop 'UsePAM no'
  Tree chage --lastday 0 ec2-user
  TRIES=yes
}
# AskAccess ROW: pam_access with this row alone.
AskAccess() {
  echo "$1" >"$R/etc/security/access.conf"
  sed -i '1i account required pam_access.so' "$R/etc/pam.d/sshd"
  TRIES=yes
}
Plant_access_denied() { AskAccess '-:ALL EXCEPT root:ALL'; }
Plant_access_denied.network() { AskAccess '-:ec2-user:127.0.0.0/8'; }
# Whoever is of the user's group goes past pam_access.
Plant_healthy.jumped() {
  echo '-:ALL EXCEPT root:ALL' >"$R/etc/security/access.conf"
  sed -i '1i account [success=1 default=ignore] pam_succeed_if.so user ingroup ec2-user\naccount required pam_access.so' \
    "$R/etc/pam.d/sshd"
  TRIES=yes
}
Plant_healthy.access() { AskAccess '-:ALL EXCEPT root (ec2-user):ALL'; }
# OfMatch LINE...: in a Match block for the user.
OfMatch() { printf '%s\n' 'Match User ec2-user' "$@" >>"$R/etc/ssh/sshd_config"; }
Plant_forced_command() {
  OfMatch 'ForceCommand /usr/sbin/nologin'
  TRIES=yes
}
Plant_no_sessions() {
  OfMatch 'MaxSessions 0'
  TRIES=yes
}
Plant_chroot_unusable() {
  mkdir -p "$R/srv/ec2-user"
  Tree chown ec2-user /srv/ec2-user
  OfMatch 'ChrootDirectory /srv/%u'
  TRIES=yes
}
Plant_chroot_unusable.empty() {
  mkdir -p "$R/srv/empty"
  OfMatch 'ChrootDirectory /srv/empty'
  TRIES=yes
}

# What only PAM itself knows: a module whose files doctor does not read.
# AskTime ROW: pam_time with this row alone.
AskTime() {
  echo "$1" >"$R/etc/security/time.conf"
  sed -i '1i account required pam_time.so' "$R/etc/pam.d/sshd"
  TRIES=yes
}
# No hour of any day. Where PAM is not asked, nothing is found, and ssh fails.
Plant_pam_account() {
  AskTime 'sshd;*;ec2-user;!Al0000-2400'
  Push "$LOGIN"
  Findings
  [ ! -s "$WORK/found" ] || Fail "found without --account: $(cat "$WORK/found")"
  FLAGS=--account
}
# PAM's tty and host are those of a login by sshd.
Plant_pam_account.succeed_if() {
  sed -i "1i account [success=1 default=ignore] pam_succeed_if.so quiet rhost != $FROM\naccount required pam_deny.so" \
    "$R/etc/pam.d/sshd"
  FLAGS=--account TRIES=yes
}
# Another module refuses it as well, and the check that names the cause is enough.
Plant_user_expired.account() {
  Tree usermod --expiredate 2001-01-01 ec2-user
  FLAGS=--account TRIES=yes
}
Plant_healthy.account() {
  AskTime 'sshd;ssh;ec2-user;Al0000-2400'
  FLAGS=--account
}
# A module that does not come back is ended, and said.
Plant_healthy.account_hangs() {
  sed -i '1i account required pam_exec.so /bin/sleep 1000' "$R/etc/pam.d/sshd"
  FLAGS=--account UNLOOKED='did not finish in time'
}
Plant_healthy.account_without_pam() {
  AtTop 'UsePAM no'
  FLAGS=--account TRIES=yes UNLOOKED='UsePAM no'
}

# What only a login shows.
Plant_login_untried() {
  rm "$R/usr/bin/ssh"
  FLAGS=--login
}
Plant_login_failed() {
  sed -i '1i account required pam_deny.so' "$R/etc/pam.d/sshd"
  FLAGS=--login TRIES=yes ENDS=account
}
Plant_login_failed.session() {
  sed -i '1i session required pam_deny.so' "$R/etc/pam.d/sshd"
  FLAGS=--login TRIES=yes ENDS=session
}
# What the shell reads first ends it.
Plant_login_failed.start_up() {
  Home 'exit 3'
  FLAGS=--login ENDS=session
}
# Home LINE: the user's, and a line of what its shell reads first.
Home() {
  install -d "$R/home/ec2-user"
  echo "$1" >"$R/home/ec2-user/.profile"
  Tree chown -R ec2-user /home/ec2-user
  Tree usermod --home /home/ec2-user ec2-user
}
# A key for another command stands in a Match block, and the log is quiet there.
Plant_healthy.match() {
  OfMatch 'AuthorizedKeysCommand /usr/libexec/ec2-instance-connect/eic-authorized-keys -- %u %f %t' \
    'AuthorizedKeysCommandUser ec2-instance-connect' 'LogLevel QUIET'
  FLAGS=--login TRIES=yes
}
Plant_healthy.no_tty() {
  OfMatch 'PermitTTY no'
  FLAGS=--login TRIES=yes
}
# The key is taken, and it ends where a person would be asked.
Plant_healthy.second_factor() {
  AtTop 'AuthenticationMethods publickey,keyboard-interactive' 'KbdInteractiveAuthentication yes'
  FLAGS=--login ENDS=second-factor
}

# Metadata.
Plant_dmi_unreadable() { chmod 400 "$R/sys/devices/virtual/dmi/id/board_asset_tag"; }
Plant_not_an_instance() { echo 'some machine' >"$R/sys/devices/virtual/dmi/id/board_asset_tag"; }
# Before the table of local addresses is asked, which has metadata's here.
Plant_imds_firewalled() {
  local uid
  uid=$(Tree id -u ec2-instance-connect)
  ip rule add pref 100 lookup local
  ip rule add pref 50 uidrange "$uid-$uid" prohibit
  ip rule del pref 0
}
Plant_imds_silent() { StandIn silent; }
Plant_imds_unreachable() {
  StopEmulator
  PUSHES=
}
Plant_imds_off() { StandIn 403; }
Plant_imds_throttled() { StandIn 429; }
Plant_imds_v2_off() { StandIn 405; }
Plant_imds_odd() { StandIn garbage; }
Plant_imds_other_instance() {
  StopEmulator
  INSTANCE=i-0fedcba9876543210 StartEmulator
  PUSHES=
  Serve ec2-user "$STAGE_INSTANCE_ID"
}

# Time, trust, and the key.
Plant_ca_store() { rm -rf "$R/etc/ssl/certs"/*; }
Plant_evidence() { StandIn evidence-less; }
Plant_clock_behind() { ShiftClock -172800; }
Plant_anchor_missing() { rm "$R/etc/ssl/certs/$(openssl x509 -hash -noout -in "$WORK/emulator/anchors.pem").0"; }
Plant_signer_refused() {
  StopEmulator
  StartEmulator --domain amazonaws.eu
}
# Staples of the emulator live a week, its certificates much longer.
Plant_staple_refused() { ShiftClock 864000; }
Plant_no_key() { PUSHES=; }
Plant_key_refused() {
  PUSHES=
  Serve ec2-user i-0fedcba9876543210
}

# The host around.
Plant_selinux_denying() {
  mkdir -p "$R/sys/fs/selinux" "$R/var/log/audit"
  echo 1 >"$R/sys/fs/selinux/enforce"
  echo 'type=AVC msg=audit(1700000000.000:1): avc:  denied  { name_connect } for  pid=1' \
    'comm="eic-authorized-" dest=80' >"$R/var/log/audit/audit.log"
}
Plant_log_missing() {
  kill "$CATCHER_PID"
  rm "$R/dev/log"
}
Plant_package_origin() {
  local fields=$'Architecture: all\nMaintainer: Nobody <nobody@example.invalid>\nDescription: planted'
  printf '\nPackage: ec2-instance-connect\nStatus: install ok installed\nVersion: 1.0\n%s\n\n' \
    "$fields" >>"$R/var/lib/dpkg/status"
  mkdir -p "$R/srv/other"
  printf 'Package: ec2-instance-connect\nVersion: 9.0\nFilename: ./none.deb\nSize: 1\n%s\n' \
    "$fields" >"$R/srv/other/Packages"
  echo 'deb [trusted=yes] file:/srv/other ./' >"$R/etc/apt/sources.list.d/other.list"
  Tree apt-get -qq update -o Dir::Etc::sourcelist=sources.list.d/other.list \
    -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o APT::Sandbox::User=root
}
