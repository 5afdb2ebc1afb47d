#!/usr/bin/python3
"""usage: tls_test.py EIC_AWS_RESOLVE

Whom we believe to be AWS: servers with certificates of a throw-away CA, by CA file, hashed folder and
profile, through a proxy, and each way in which a certificate is not good."""
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fake_aws  # noqa: E402

RESOLVE = os.path.abspath(sys.argv[1])


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certificate(folder, name, subject_name, days):
    """A server's certificate for DNS name `subject_name`, issued by the CA of `folder`."""
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=throw-away", "-keyout", name + ".key", "-out", name + ".csr")
    (folder / (name + ".ext")).write_text(f"subjectAltName=DNS:{subject_name}\n")
    openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", str(days), "-extfile", name + ".ext", "-out", name + ".pem")


def serve(folder, name):
    server = fake_aws.start(ssl_files=(folder / (name + ".pem"), folder / (name + ".key")))
    return server.server_address[1]


def start_proxy(used):
    """Passes CONNECT on to its target, and notes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def handle(client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        target = head.split()[1].decode()
        used.append(target)
        host, port = target.rsplit(":", 1)
        upstream = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=pump, args=(client, upstream), daemon=True).start()
        pump(upstream, client)

    def loop():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=handle, args=(client,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def ask(home, url, **environment):
    run = subprocess.run(
        [RESOLVE, "describe", "i-0123456789abcdef0"], capture_output=True, text=True, timeout=60,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "AWS_REGION": "us-west-2",
             "AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": "1", "AWS_ACCESS_KEY_ID": "A",
             "AWS_SECRET_ACCESS_KEY": "S", **environment})
    return json.loads(run.stdout)


def main():
    faults = []

    def expect(what, answer, is_good):
        if is_good != ("error" not in answer):
            faults.append(f"{what}: {answer}")
        if not is_good and answer.get("error") != "ConnectionFailed":
            faults.append(f"{what}: not ConnectionFailed: {answer}")

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-subj", "/CN=throw-away CA", "-days", "2", "-keyout", "ca.key", "-out",
                "ca.pem")
        certificate(folder, "good", "localhost", 1)
        certificate(folder, "other", "other.example", 1)
        certificate(folder, "expired", "localhost", -1)
        (folder / "hashed").mkdir()
        (folder / "hashed/ca.pem").write_bytes((folder / "ca.pem").read_bytes())
        openssl(folder, "rehash", "hashed")
        (folder / ".aws").mkdir()
        ca = str(folder / "ca.pem")
        url = f"https://localhost:{serve(folder, 'good')}"

        expect("by file", ask(folder, url, AWS_CA_BUNDLE=ca), True)
        expect("by hashed folder", ask(folder, url, AWS_CA_BUNDLE=str(folder / "hashed")), True)
        (folder / ".aws/config").write_text("[default]\nca_bundle = ~/ca.pem\n")
        expect("by profile", ask(folder, url), True)
        (folder / ".aws/config").unlink()
        unknown = ask(folder, url)
        expect("unknown CA", unknown, False)
        if "AWS_CA_BUNDLE" not in unknown["advice"]:
            faults.append(f"unknown CA: advice {unknown}")
        expect("CA file is missing", ask(folder, url, AWS_CA_BUNDLE=str(folder / "none")), False)
        expect("another name", ask(folder, f"https://localhost:{serve(folder, 'other')}",
                                   AWS_CA_BUNDLE=ca), False)
        expect("an address that is not in it", ask(folder, url.replace("localhost", "127.0.0.1"),
                                                   AWS_CA_BUNDLE=ca), False)
        expect("expired", ask(folder, f"https://localhost:{serve(folder, 'expired')}",
                              AWS_CA_BUNDLE=ca), False)
        expect("no TLS at all", ask(folder, fake_aws.start().url.replace("http:", "https:"),
                                    AWS_CA_BUNDLE=ca), False)
        used = []
        proxy = start_proxy(used)
        expect("by proxy", ask(folder, url, AWS_CA_BUNDLE=ca, HTTPS_PROXY=proxy), True)
        if used != [url[len("https://"):]]:
            faults.append(f"the proxy was asked for {used}")
        used.clear()
        expect("past the proxy", ask(folder, url, AWS_CA_BUNDLE=ca, HTTPS_PROXY=proxy,
                                     NO_PROXY="localhost"), True)
        if used:
            faults.append(f"NO_PROXY: the proxy was asked for {used}")
    print("\n".join(faults) or f"all good ({ssl.OPENSSL_VERSION})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
