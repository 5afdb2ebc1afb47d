"""AWS on the loopback interface, as far as credentials need it: STS, SSO's portal, EC2, instance
metadata and a container's endpoint. Credentials are made of what was asked, so that whoever asks the
same gets the same. Nothing checks signatures: the requests are kept, for a test to look at."""
import hashlib
import http.server
import json
import ssl
import threading
import urllib.parse

EXPIRATION = "2099-01-02T03:04:05Z"
ROLE = "instance-role"


def key_for(*words):
    """A key pair and a token that say what they were given for."""
    digest = hashlib.sha256("|".join(words).encode()).hexdigest()
    return "ASIA" + digest[:16].upper(), digest, "TOKEN//" + digest[:24] + "+="


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="text/xml"):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def served(self, *words):
        access, secret, token = key_for(*words)
        self.answer(200, json.dumps({"Code": "Success", "AccessKeyId": access,
                                     "SecretAccessKey": secret, "Token": token,
                                     "Expiration": EXPIRATION}), "application/json")

    def keep(self, body):
        self.server.requests.append((self.command, self.path, dict(self.headers.items()), body))

    def do_PUT(self):
        self.keep("")
        if self.path != "/latest/api/token":
            return self.answer(404, "")
        return self.answer(200, "IMDS-TOKEN", "text/plain")

    def do_GET(self):
        self.keep("")
        base = "/latest/meta-data/iam/security-credentials/"
        if self.path.startswith("/latest/") and \
                self.headers.get("x-aws-ec2-metadata-token") != "IMDS-TOKEN":
            return self.answer(401, "")
        if self.path == base:
            return self.answer(200, ROLE, "text/plain")
        if self.path == base + ROLE:
            return self.served("imds", ROLE)
        if self.path == "/latest/meta-data/placement/region":
            return self.answer(200, "eu-central-1", "text/plain")
        if self.path.startswith("/container"):
            return self.served("container", self.path, self.headers.get("Authorization", ""))
        if self.path.startswith("/federation/credentials"):
            access, secret, token = key_for("sso", self.path)
            return self.answer(200, json.dumps({"roleCredentials": {
                "accessKeyId": access, "secretAccessKey": secret, "sessionToken": token,
                "expiration": 4070919845000}}), "application/json")
        return self.answer(404, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.keep(body)
        form = dict(urllib.parse.parse_qsl(body))
        action = form.get("Action", "")
        if action in self.server.refused:
            return self.answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code>"
                               "<Message>no</Message></Error></ErrorResponse>")
        if action == "DescribeInstances":
            return self.answer(200, "<DescribeInstancesResponse><reservationSet/>"
                               "</DescribeInstancesResponse>")
        if action in ("AssumeRole", "AssumeRoleWithWebIdentity"):
            return self.assume(action, form)
        return self.answer(400, "<ErrorResponse><Error><Code>InvalidAction</Code>"
                           "<Message>none</Message></Error></ErrorResponse>")

    def assume(self, action, form):
        # The default session name has the time in it.
        if form.get("RoleSessionName", "").rpartition("-")[2].isdigit():
            del form["RoleSessionName"]
        signer = self.headers.get("Authorization", "unsigned").split("/")[0].split("=")[-1]
        token = self.headers.get("X-Amz-Security-Token", "")
        access, secret, session = key_for(action, signer, token, json.dumps(form, sort_keys=True))
        self.answer(200, f"<{action}Response><{action}Result><Credentials>"
                    f"<AccessKeyId>{access}</AccessKeyId>"
                    f"<SecretAccessKey>{secret}</SecretAccessKey>"
                    f"<SessionToken>{session}</SessionToken>"
                    f"<Expiration>{EXPIRATION}</Expiration>"
                    f"</Credentials></{action}Result></{action}Response>")


def start(ssl_files=None):
    """A server in a thread of its own; `url`, `requests` and `refused` are what tests use. With
    `ssl_files`, its certificate and key, it speaks TLS."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if ssl_files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*ssl_files)
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # handshakes that fail are what is tested
    server.daemon_threads = True
    server.requests = []
    server.refused = set()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
