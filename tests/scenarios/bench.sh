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

plan=$("$EXTRA/measure.py" --plan "$@")
while read -r _ name _ records issuers certificates; do
  [ -e "$EVIDENCE/$name" ] || "$EXTRA/eic-bench-evidence" "$EVIDENCE/$name" --records "$records" \
    --issuers "$issuers" --certificates "$certificates" || Fail "no evidence was made"
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
cd "$WORK/measure"
# When this ends, the stage ends, and with it nginx and the log catcher.
exec setpriv --reuid ec2-instance-connect --regid ec2-instance-connect --clear-groups \
  "$EXTRA/measure.py" "$@"
