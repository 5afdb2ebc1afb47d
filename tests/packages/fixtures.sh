# shellcheck shell=bash
# Packages that leave a system as the shell agent's packages left it, by the public record of where each
# put sshd's command. Their program answers nothing. Written for these cases; nothing of the originals.
#
# Sourced by lib.sh. It is the fixture's own shell that expands:
# shellcheck disable=SC2016

SHELL_COMMAND_OPTIONS='-o "AuthorizedKeysCommand @PROGRAM@ %%u %%f" -o "AuthorizedKeysCommandUser ec2-instance-connect"'

# ShellAgentUnit PROGRAM: the unit drop-in.
ShellAgentUnit() {
  printf '[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D %s $SSHD_OPTS\n' \
    "${SHELL_COMMAND_OPTIONS//@PROGRAM@/$1}"
}

# ShellAgentLines PROGRAM: the lines for sshd_config.
ShellAgentLines() {
  printf 'AuthorizedKeysCommand %s %%u %%f\nAuthorizedKeysCommandUser ec2-instance-connect\n' "$1"
}

# ShellAgentDeb shipped|written: makes $WORK/shell-agent.deb. The unit drop-in is one of its files, or
# its postinst writes it and its prerm takes it away.
ShellAgentDeb() {
  local folder=$WORK/shell-agent program=/usr/share/ec2-instance-connect/eic_run_authorized_keys
  local unit=lib/systemd/system/ssh.service.d/ec2-instance-connect.conf
  mkdir -p "$folder/DEBIAN" "$folder${program%/*}"
  printf '#!/bin/sh\nexit 0\n' >"$folder$program"
  chmod 755 "$folder$program"
  cat >"$folder/DEBIAN/control" <<'EOF'
Package: ec2-instance-connect
Version: 1.1.17-0ubuntu2
Architecture: all
Maintainer: Nobody <nobody@example.com>
Depends: adduser, openssh-server
Description: stand-in for the shell agent's package
EOF
  cat >"$folder/DEBIAN/postinst" <<'EOF'
#!/bin/sh
set -e
getent passwd ec2-instance-connect >/dev/null ||
  adduser --quiet --system --home /nonexistent --no-create-home ec2-instance-connect
EOF
  if [ "$1" = shipped ]; then
    mkdir -p "$folder/usr/${unit%/*}"
    ShellAgentUnit "$program" >"$folder/usr/$unit"
  else
    {
      echo "mkdir -p /${unit%/*}"
      echo "cat >/$unit <<'UNIT'"
      ShellAgentUnit "$program"
      echo UNIT
    } >>"$folder/DEBIAN/postinst"
    printf '#!/bin/sh\nset -e\nif [ "$1" = remove ]; then rm -f /%s; fi\n' "$unit" \
      >"$folder/DEBIAN/prerm"
    chmod 755 "$folder/DEBIAN/prerm"
  fi
  cat >>"$folder/DEBIAN/postinst" <<'EOF'
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  deb-systemd-invoke restart ssh.service
fi
EOF
  chmod 755 "$folder/DEBIAN/postinst"
  dpkg-deb --root-owner-group --build "$folder" "$WORK/shell-agent.deb" >"$WORK/fixture.log"
}

# EmptyRpm NAME VERSION: makes $WORK/NAME-VERSION.rpm, of no files.
EmptyRpm() {
  local top=$WORK/rpmbuild
  mkdir -p "$top"
  {
    printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: a fixture\nLicense: none\n' "$1" "$2"
    printf 'BuildArch: noarch\n%%description\nA fixture.\n%%files\n'
  } >"$top/empty.spec"
  rpmbuild -bb --define "_topdir $top" "$top/empty.spec" >"$WORK/fixture.log" 2>&1
  cp "$top/RPMS/noarch/$1-$2-1.noarch.rpm" "$WORK/$1-$2.rpm"
}

# ShellAgentRpm lines|unit|drop-in: makes $WORK/shell-agent.rpm. Amazon Linux 2 has lines in sshd_config,
# RHEL 8 a unit drop-in that %post writes, RHEL 9 a file in sshd_config.d.
ShellAgentRpm() {
  local top=$WORK/rpmbuild program=/opt/aws/bin/eic_run_authorized_keys release version=1.1
  local unit=/lib/systemd/system/sshd.service.d/ec2-instance-connect.conf
  case $1 in
    lines) release=19.amzn2023 ;;
    unit) release=19.el8 ;;
    drop-in) version=2.0.0 release=5.rhel9 ;;
  esac
  mkdir -p "$top"
  {
    printf 'Name: ec2-instance-connect\nVersion: %s\nRelease: %s\n' "$version" "$release"
    printf 'Summary: stand-in for the package of the shell agent\nLicense: none\nBuildArch: noarch\n'
    printf '%%description\nA fixture.\n%%install\nmkdir -p %%{buildroot}/opt/aws/bin\n'
    printf 'printf "#!/bin/sh\\nexit 0\\n" >%%{buildroot}%s\nchmod 755 %%{buildroot}%s\n' \
      "$program" "$program"
    if [ "$1" = drop-in ]; then
      printf 'mkdir -p %%{buildroot}%s\n' "${DROP_IN%/*}"
      printf "cat >%%{buildroot}%s <<'LINES'\n%sLINES\n" "$DROP_IN" \
        "$(ShellAgentLines "$program" | sed 's/%/%%/g')"$'\n'
    fi
    printf '%%pre\ngetent passwd ec2-instance-connect >/dev/null ||\n'
    printf '  useradd -r -M -s /sbin/nologin ec2-instance-connect\n'
    case $1 in
      lines)
        printf "%%post\ncat >>/etc/ssh/sshd_config <<'LINES'\n%s\nLINES\n" \
          "$(ShellAgentLines "$program" | sed 's/%/%%/g')"
        ;;
      unit)
        printf "%%post\nmkdir -p %s\ncat >%s <<'UNIT'\n%s\nUNIT\n" "${unit%/*}" "$unit" \
          "$(ShellAgentUnit "$program" | sed 's/%/%%/g')"
        printf 'systemctl daemon-reload\nsystemctl restart ssh.service\n'
        printf '%%preun\nif [ "$1" = 0 ]; then rm -f %s; fi\n' "$unit"
        ;;
    esac
    printf '%%files\n%s\n' "$program"
    [ "$1" != drop-in ] || printf '%%config(noreplace) %s\n' "$DROP_IN"
  } >"$top/fixture.spec"
  rpmbuild -bb --define "_topdir $top" "$top/fixture.spec" >"$WORK/fixture.log" 2>&1
  cp "$top"/RPMS/noarch/*.rpm "$WORK/shell-agent.rpm"
}
