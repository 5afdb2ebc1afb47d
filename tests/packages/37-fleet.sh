#!/usr/bin/env bash
# Goal: each file of packaging/fleet installs the package from the signed repository: cloud-init at a real boot with user data of our own and of Terraform, Ansible's role (which changes nothing when it runs again), and the steps of the Image Builder component, the Packer template and the Containerfile; a container without DMI says so; each uses the same install.sh
# System: Debian 12, booted
# Note: cloud-init, Ansible and, where it is installed, Terraform are the real ones; the steps of EC2 Image Builder, Packer and the container are run by tests/packages/fleet.py
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

URL=file:///srv/repo
KEY=/srv/repo/signing-key.asc

# Fleet ACTION: what the file for ACTION does, in the tree. What the action prints is in ACTION.out.
Fleet() { In python3 /root/fleet.py /root/fleet "$1" "$URL" "$KEY" >"$WORK/$1.out" 2>"$WORK/$1.log"; }

# Deployed: the signed package is what is there, and it does what it is for.
Deployed() {
  RunsOurs
  In apt-cache policy ec2-instance-connect >"$WORK/policy.log"
  SaidIn policy '^ [*]{3} .* 1001$'
  SaidIn policy ' file:/srv/repo/apt '
}

# Gone: nothing is left of it, so that the next file begins where the one before did.
Gone() {
  AptPurge ec2-instance-connect || Fail "purging failed"
  [ ! -e "$WORK/before.remembered" ] || SameAs before
  HasNoUser
  rm -rf "$TREE"/etc/apt/sources.list.d/* "$TREE"/etc/apt/preferences.d/* "$TREE"/etc/apt/keyrings/* \
    "$TREE/var/lib/ec2-instance-connect-install"
}

# Ansible [ARGUMENT...]: the playbook that a user has.
Ansible() {
  In env ANSIBLE_ROLES_PATH=/root/fleet/ansible/roles ansible-playbook --inventory localhost, --connection local \
    --extra-vars "eic_url=$URL eic_key=$KEY" "$@" /root/fleet/ansible/playbook.yaml >"$WORK/ansible.log" 2>&1
}

# TerraformUserData: what the module gives, as a folder with main.tf and what it names would.
TerraformUserData() {
  mkdir "$WORK/terraform"
  cp "$REPOSITORY"/packaging/fleet/{main.tf,install.sh} "$WORK/terraform/"
  (
    cd "$WORK/terraform"
    export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
    terraform init -input=false -no-color
    terraform apply -input=false -auto-approve -no-color -var "url=$URL" -var "key=$(cat "$TREE$KEY")"$'\n'
    terraform output -raw user_data >../terraform.yaml
  ) >"$WORK/terraform.log" 2>&1 || Fail "terraform failed"
}

# SameDocument FILE FILE: the same user data, whatever its spelling.
SameDocument() {
  cp "$1" "$TREE/root/one.yaml"
  cp "$2" "$TREE/root/other.yaml"
  # Not In: the tree does not run yet.
  chroot "$TREE" python3 -c '
import sys, yaml
one, other = (yaml.safe_load(open(name)) for name in sys.argv[1:])
sys.exit(one != other)' /root/one.yaml /root/other.yaml || Fail "$1 and $2 say different things"
}

NewTree bookworm-booted-fleet
MakeRepositories
cp -R "$REPOSITORY/packaging/fleet" "$TREE/root/fleet"
cp "$REPOSITORY/tests/packages/fleet.py" "$TREE/root/"
rm -f "$TREE"/etc/apt/sources.list "$TREE"/etc/apt/sources.list.d/*

# cloud-init, as at the first boot of an instance.
chroot "$TREE" python3 /root/fleet.py /root/fleet cloud-init "$URL" "$KEY" >"$WORK/user-data.yaml" ||
  Fail "cloud-init.yaml is not what it should be"
if command -v terraform >/dev/null; then
  TerraformUserData
  SameDocument "$WORK/user-data.yaml" "$WORK/terraform.yaml"
  cp "$WORK/terraform.yaml" "$WORK/user-data.yaml"
else
  echo "terraform is not here: main.tf was not run"
fi
seed=$TREE/var/lib/cloud/seed/nocloud
mkdir -p "$seed"
cp "$WORK/user-data.yaml" "$seed/user-data"
echo "instance-id: $INSTANCE_ID" >"$seed/meta-data"
# A minimal Debian has no locale to set.
echo 'locale: false' >"$TREE/etc/cloud/cloud.cfg.d/90-no-locale.cfg"
chroot "$TREE" cloud-init schema --config-file /root/fleet/cloud-init.yaml >"$WORK/schema.log" 2>&1 ||
  Fail "cloud-init does not take the form of cloud-init.yaml"
Boot
status=0
In cloud-init status --wait --long >"$WORK/cloud-init.log" 2>&1 || status=$?
cp "$TREE/var/log/cloud-init-output.log" "$WORK/cloud-init-output.log"
[ "$status" = 0 ] || Fail "cloud-init failed"
SaidIn cloud-init-output '^enabled: sshd runs'
Deployed
Gone
Remember before

Ansible || Fail "the playbook failed"
SaidIn ansible 'changed=[1-9][0-9]* .*failed=0'
Deployed
Ansible || Fail "the playbook failed when it ran again"
SaidIn ansible 'changed=0 .*failed=0'
Gone
Ansible --extra-vars eic_disabled=true || Fail "the playbook failed with eic_disabled"
Has /etc/ec2-instance-connect/disabled
Status enabled false
Sound
PushedIsRefused
In ec2-instance-connect enable >"$WORK/enable.log" 2>&1 || Fail "enable failed"
Deployed
Gone

Fleet image-builder || Fail "the component failed"
Deployed
HasNot /var/tmp/ec2-instance-connect-install.sh
Gone

Fleet packer || Fail "the template's provisioners failed"
Deployed
HasNot /tmp/install.sh
Gone

# install.sh refuses what it cannot check, and installs nothing.
In sh /root/fleet/install.sh ftp://x "$KEY" >"$WORK/refused.log" 2>&1 && Fail "install.sh takes a wrong address"
SaidIn refused '^usage: install.sh URL KEY'
In sh /root/fleet/install.sh "$URL" /etc/hosts >"$WORK/refused.log" 2>&1 && Fail "install.sh takes a wrong key"
SaidIn refused 'is not an armored public key'
MakeKey other
cp "$WORK/other.asc" "$TREE/root/"
In sh /root/fleet/install.sh "$URL" /root/other.asc >"$WORK/refused.log" 2>&1 && Fail "install.sh takes another's key"
SaidIn refused 'NO_PUBKEY'
HasNot "$AGENT"
rm -f "$TREE"/etc/apt/sources.list.d/* "$TREE"/etc/apt/preferences.d/* "$TREE"/etc/apt/keyrings/*

# A container: without systemd, and with a /sys that hides DMI.
Shutdown
Enter
In umount /sys/devices/virtual
Fleet container || Fail "the Containerfile's steps failed"
! compgen -G "$TREE/etc/ssh/ssh_host_*" >/dev/null || Fail "the image has host keys"
[ "$(python3 -c 'import json, sys; print(*json.load(sys.stdin)[:2])' <"$WORK/container.out")" = "sh -c" ] ||
  Fail "the Containerfile's CMD is not a shell's"
command=$(python3 -c 'import json, sys; print(json.load(sys.stdin)[2])' <"$WORK/container.out")
In sh -c "$command" >"$WORK/sshd.log" 2>&1 &
WaitUntil 20 IsListening || Fail "the Containerfile's CMD starts no sshd"
Sound
PushedIsRefused
status=0
In ec2-instance-connect doctor >"$WORK/doctor.log" 2>&1 || status=$?
[ "$status" = 2 ] || Fail "doctor ends with status $status without DMI"
SaidIn doctor 'not-an-instance'
# What doc/fleet.md says to mount into it.
TreeDmi
PushedOpens
gpgconf --kill gpg-agent
Finish
