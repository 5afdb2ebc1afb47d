#!/usr/bin/env bash
# The bench, on a stage: ./dev bench calls it (tools/bench.sh). It makes the evidence, serves it with
# nginx, and becomes tests/bench/measure.py as the ordinary user that sshd runs the agent as. What that
# measures goes to descriptor 3, as JSON.
source "$(dirname "$0")/lib.sh"

EXTRA=/opt/eic/extra
EVIDENCE=$WORK/evidence
NGINX=$WORK/nginx

# ServeEvidence PORT NAME DELAY_MS: one server of nginx's configuration. `Connection: close` as the real
# service has it. With a delay, each request waits and is then looked up below /documents.
ServeEvidence() {
  local port=$1 root=$EVIDENCE/$2/root delay=
  [ "$3" = 0 ] || delay="echo_sleep $(printf '0.%03d' "$3");"
  echo "server { listen 169.254.169.254:$port; chunked_transfer_encoding off;"
  if [ -z "$delay" ]; then
    echo "location = /latest/api/token { return 200 'a-token-of-the-bench=='; }"
    echo "location / { root $root; }"
  else
    echo "location = /latest/api/token { $delay echo -n 'a-token-of-the-bench=='; }"
    echo "location / { $delay echo_exec /documents\$uri; }"
    echo "location /documents/ { internal; alias $root/; }"
  fi
  echo "}"
}

# NginxConfiguration: a server for each line of the plan, `PORT NAME DELAY_MS RECORDS ISSUERS CERTIFICATES`.
NginxConfiguration() {
  local port name delay
  cat <<END
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
user nobody nogroup;
worker_processes 1;
pid $NGINX/pid;
events { worker_connections 1024; }
http {
  access_log off; log_not_found off; keepalive_timeout 0; index index.html; default_type text/plain;
  open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
  client_body_temp_path $NGINX/body; proxy_temp_path $NGINX/proxy;
  fastcgi_temp_path $NGINX/fastcgi; uwsgi_temp_path $NGINX/uwsgi; scgi_temp_path $NGINX/scgi;
END
  while read -r port name delay _; do ServeEvidence "$port" "$name" "$delay"; done
  echo "}"
}

# StartLoginSshd PORT LINE...: a real sshd, of which LINEs say where its keys come from.
StartLoginSshd() {
  local config=$WORK/sshd_config.$1
  printf '%s\n' "Port $1" "${@:2}" "ListenAddress 127.0.0.1" "HostKey $WORK/host_key" "PidFile none" \
    "UsePAM no" "PasswordAuthentication no" "AuthenticationMethods publickey" "UseDNS no" >"$config"
  if /usr/sbin/sshd -t -f "$config" -o PerSourcePenalties=no 2>/dev/null; then
    echo "PerSourcePenalties no" >>"$config"
  fi
  /usr/sbin/sshd -D -e -f "$config" 2>"$SSHD_LOG.$1" &
  WaitUntil 10 grep -q '^Server listening' "$SSHD_LOG.$1" || Fail "sshd does not listen at port $1"
}

# StartLogins: two sshd, which differ in where ec2-user's key comes from. measure.py knows their ports.
StartLogins() {
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key"
  StartLoginSshd 2201 "AuthorizedKeysFile none" "AuthorizedKeysCommandUser ec2-instance-connect" \
    "AuthorizedKeysCommand /opt/eic/bin/eic-authorized-keys --ca-store $EVIDENCE/base/store -- %u %f %t"
  install -m 600 -o ec2-user -g ec2-user "$WORK/key.pub" /home/ec2-user/.ssh/authorized_keys
  StartLoginSshd 2202 "AuthorizedKeysFile .ssh/authorized_keys"
  sed 's/^/* /' "$WORK/host_key.pub" >"$WORK/measure/known_hosts"
  install -m 600 -o ec2-instance-connect -g ec2-instance-connect "$WORK/key" "$WORK/measure/key"
}

plan=$("$EXTRA/measure.py" --plan "$@")
NewKey key
while read -r _ name _ records issuers certificates; do
  [ -e "$EVIDENCE/$name" ] || "$EXTRA/eic-bench-evidence" "$EVIDENCE/$name" --records "$records" \
    --issuers "$issuers" --certificates "$certificates" --key "$WORK/key.pub" || Fail "no evidence was made"
done <<<"$plan"

# Another command looks for the anchor where the distribution has it.
cp -P "$EVIDENCE"/base/store/*.0 /etc/ssl/certs/
cp "$EVIDENCE"/base/certificates/*.crt /etc/ssl/certs/
for file in /etc/ssl/certs/certificate-*.crt; do ln -sf "$(basename "$file")" "${file%.crt}.pem"; done
cat "$EVIDENCE"/base/bundle.pem >>/etc/ssl/certs/ca-certificates.crt

StartLog
mkdir -p "$NGINX"
NginxConfiguration <<<"$plan" >"$NGINX/nginx.conf"
nginx -q -c "$NGINX/nginx.conf" -e "$WORK/nginx.log" || Fail "nginx did not start"
install -d -m 777 "$WORK/measure"
StartLogins
cd "$WORK/measure"
# When this ends, the stage ends, and with it nginx and the log catcher.
exec setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
  "$EXTRA/measure.py" "$@"
