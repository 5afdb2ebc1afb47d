# shellcheck shell=bash
# `./dev demo --vm`: the installed package on a machine that looks like an instance, as a person and an administrator see it
# shellcheck source=tests/scenarios/transcript.sh
source "$(dirname "$0")/transcript.sh"
API=http://127.0.0.1:1339 # The default of `eic-emulator push`.
ENDPOINT=$API

# OnInstance WORD...: on the instance, over a login that mssh makes for it.
OnInstance() { Run mssh "$INSTANCE" "$@" || Fail "this failed on the instance"; }

echo "apt installed the agent's package into a Debian, from our repository. Metadata, API and the person are outside of it."

Step "The instance boots under an emulated processor, with the DMI tags of Nitro."
StartMetadata
install -d -m 700 -o person -g person "$PERSON_HOME/.ssh"
install -o person -g person -m 644 "$WORK/known_hosts" "$PERSON_HOME/.ssh/known_hosts"
StartMachine
echo "     up after $SECONDS s"

Step "A person pushes a key for ec2-user, and logs in with it."
Run ssh-keygen -q -t ed25519 -N '' -C demo -f key
Run eic-emulator push --instance-id "$INSTANCE" --os-user ec2-user --public-key key.pub || Fail "the API refused the key"
Run ssh -i key "ec2-user@$ADDRESS" id -un || Fail "the pushed key was refused"
ExpectUser

Step "mssh needs no key: it makes one for this login and pushes it, with the person's AWS credentials."
Show export "AWS_ENDPOINT_URL=$ENDPOINT" AWS_REGION=us-west-2
OnInstance id -un
ExpectUser

Step "The instance knows itself by its DMI tag, and its log has who came in."
OnInstance cat /sys/devices/virtual/dmi/id/board_asset_tag
OnInstance sudo journalctl -t ec2-instance-connect -o cat -n 2
OnInstance sudo ec2-instance-connect sessions

Step "The administrator asks whether anything would make a login fail."
OnInstance sudo ec2-instance-connect doctor --user ec2-user

Finish >/dev/null
echo
echo "Every step did what it says. The namespaces end now, and with them the instance."
exit 0
