#!/usr/bin/env bash
# Goal of this test
# What: no variable of the environment has a say in what the agent asks, trusts or writes.
# How: run the agent as its own user with proxies that lead nowhere, a trust store and an OpenSSL
#      configuration of somebody else, and a time zone; compare with a run that has no environment.
# Expected: the same key on stdout, nothing on stderr, status 0; with somebody else's trust store as the
#           variable says, a record of theirs stays refused.
source "$(dirname "$0")/lib.sh"

# Agent VARIABLE=VALUE...: what sshd would run, as the user it would, with exactly this environment.
Agent() {
  setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups env -i "$@" \
    /opt/eic/bin/eic-authorized-keys --ca-store "$STORE" -- ec2-user "$(Fingerprint key)" \
    2>"$WORK/agent.log" || Fail "the agent ended with status $?"
  [ ! -s "$WORK/agent.log" ] || Fail "the agent wrote to stderr"
}

StartLog
StartEmulator
NewKey key
Push ec2-user key
cut -d ' ' -f 1,2 "$WORK/key.pub" >"$WORK/expected"
eic-emulator init --dir "$WORK/stranger" >/dev/null
install -m 644 "$WORK/stranger/anchors.pem" /etc/eic/stranger.pem
printf 'openssl_conf = x\n[x]\nproviders = p\n[p]\nnull = n\n[n]\nactivate = 1\n' >/etc/eic/hostile.cnf

hostile=(PATH=/tmp HOME=/tmp TZ=QQQ-12 LANG=xx_XX.UTF-8 MALLOC_ARENA_MAX=1 CURL_HOME=/tmp
  http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9
  ALL_PROXY=socks5://127.0.0.1:9 no_proxy=none OPENSSL_CONF=/etc/eic/hostile.cnf
  SSL_CERT_FILE=/etc/eic/stranger.pem SSL_CERT_DIR=/etc/eic OPENSSL_MODULES=/tmp)
STORE=/etc/eic/anchors.pem
Agent >"$WORK/clean"
Agent "${hostile[@]}" >"$WORK/hostile"
cmp "$WORK/expected" "$WORK/clean" || Fail "no key without an environment"
cmp "$WORK/expected" "$WORK/hostile" || Fail "no key with a hostile environment"

# The store holds a stranger's anchor, the variable the right one: the store counts.
STORE=/etc/eic/stranger.pem
Agent SSL_CERT_FILE=/etc/eic/anchors.pem >"$WORK/untrusted"
[ ! -s "$WORK/untrusted" ] || Fail "SSL_CERT_FILE had a say"
ExpectAudit '^<84>.* reason=chain-untrusted '
Finish
