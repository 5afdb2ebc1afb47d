#!/usr/bin/env bash
# Goal of this test
# What: an sshd_config written for the shell agent goes on working, with the distribution's trust store.
# How: `eic_run_authorized_keys %u %f` as the command, which takes no options; the anchor stands among
#      the distribution's certificates, under the name that OpenSSL gives it.
# Expected: a pushed key is accepted, another is refused.
source "$(dirname "$0")/lib.sh"

StartAll "AuthorizedKeysCommand /opt/eic/bin/eic_run_authorized_keys %u %f"
for folder in /etc/ssl/certs /etc/pki/tls/certs; do
  [ -d "$folder" ] || continue
  cp --remove-destination /etc/eic/anchors.pem "$folder/$(openssl x509 -noout -hash -in /etc/eic/anchors.pem).0"
  for bundle in "$folder"/ca-certificates.crt "$folder"/ca-bundle.crt; do
    # Where there is a hashed folder, the bundle is not to be read at all.
    [ ! -e "$bundle" ] || echo "not PEM" >"$bundle"
  done
done
NewKey pushed
NewKey other
Push ec2-user pushed
ExpectRefused ec2-user other
ExpectLogin ec2-user pushed
ExpectAccepted pushed
Finish
