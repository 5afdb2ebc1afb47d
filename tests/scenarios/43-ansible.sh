#!/usr/bin/env bash
# Goal of this test
# What: Ansible works with instance ids as hosts, and its user sees why an instance says no.
# How: ping, copy and shell on three instances, with Ansible's own ControlPersist; then as a caller who
#      may not push to one of them.
# Expected: three times success, and one push an instance; the refusal's reason is what `eic why --last`
#           prints.
export EIC_STAGE_SECONDS=200
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/client.sh"
NeedsProgram ansible

# Ansible MODULE [ARGUMENT]...: on all three.
Ansible() { PERSON_SECONDS=90 AsPerson ansible all -i inventory -m "$@" >"$WORK/ansible.log" 2>&1; }

StartInstances 3 "MaxStartups 200"
AsPerson eic config --install >"$WORK/install.log" 2>&1 || Fail "eic config --install failed"
for n in 1 2 3; do echo "$(InstanceId "$n") ansible_python_interpreter=/usr/bin/python3"; done >"$PERSON_HOME/inventory"
echo data >"$PERSON_HOME/data"
chown person "$PERSON_HOME/inventory" "$PERSON_HOME/data"
PERSON_ENV=(ANSIBLE_REMOTE_TMP=/tmp/ansible-remote ANSIBLE_REMOTE_USER=ec2-user ANSIBLE_NOCOLOR=1)

Ansible ping || Fail "ansible ping failed"
[ "$(grep -c SUCCESS "$WORK/ansible.log")" = 3 ] || Fail "not three times success"
[ "$(Pushes)" = 3 ] || Fail "three instances and $(Pushes) pushes"
Ansible copy -a "src=data dest=copied" || Fail "ansible copy failed"
cmp -s "$PERSON_HOME/data" /home/ec2-user/copied || Fail "the copy did not arrive"
Ansible shell -a "id -un" || Fail "ansible shell failed"
[ "$(grep -c '^ec2-user$' "$WORK/ansible.log")" = 3 ] || Fail "not three times ec2-user"

pkill -u person -x ssh || true
PERSON_ENV+=(AWS_SECRET_ACCESS_KEY=wrong)
! Ansible ping || Fail "a wrong secret got in"
AsPerson eic why --last >"$WORK/why.log" 2>&1 || Fail "eic why --last failed"
grep -F 'access credentials' "$WORK/why.log" >/dev/null || Fail "the reason is not kept"
Finish
