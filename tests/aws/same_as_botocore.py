#!/usr/bin/python3
"""usage: same_as_botocore.py EIC_AWS_RESOLVE

The same environment and the same files give botocore and us the same credentials, and what we sign
with them is signed as botocore signs it. A row names its kind; botocore says what is right, and a
row's last field only whether there is anything at all."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import botocore.auth
    import botocore.session
    import botocore.utils
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials, SSOCredentialFetcher
    from botocore.endpoint_provider import EndpointProvider
    from botocore.exceptions import EndpointProviderError
except ImportError:
    print("this machine lacks: python3-botocore")
    sys.exit(1 if "EIC_REQUIRE_ALL" in os.environ else 77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fake_aws  # noqa: E402

RESOLVE = os.path.abspath(sys.argv[1])
AWS = fake_aws.start()
PORT = AWS.server_address[1]
STATIC = "aws_access_key_id = AKIA{0}\naws_secret_access_key = secret/{0}\n"
FOUND, NONE = True, False
PROCESS = """#!/bin/sh
printf '{"Version": 1, "AccessKeyId": "AKIA%s", "SecretAccessKey": "%s %s", "SessionToken": "t"}' \
  PROCESS "$1" "$2"
"""

ROLE = "role_arn = arn:aws:iam::123456789012:role/admin\n"
# name, environment, config, credentials, explicit profile, is anything found
ROWS = [
    ("environment", {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}, "", "", "", FOUND),
    ("environment with token", {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s",
                                "AWS_SESSION_TOKEN": "t+/="}, "", "", "", FOUND),
    ("environment with the older token", {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s",
                                          "AWS_SESSION_TOKEN": "t", "AWS_SECURITY_TOKEN": "u"},
     "", "", "", FOUND),
    ("environment, half of it", {"AWS_ACCESS_KEY_ID": "AKIAENV"}, "",
     "[default]\n" + STATIC.format("D"), "", NONE),
    ("environment before AWS_PROFILE", {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s",
                                        "AWS_PROFILE": "p"},
     "[profile p]\n" + STATIC.format("P"), "", "", FOUND),
    ("explicit profile before environment", {"AWS_ACCESS_KEY_ID": "AKIAENV",
                                             "AWS_SECRET_ACCESS_KEY": "s"},
     "[profile p]\n" + STATIC.format("P"), "", "p", FOUND),
    ("credentials file before config", {}, "[default]\n" + STATIC.format("CONFIG"),
     "[default]\n" + STATIC.format("SHARED"), "", FOUND),
    ("config file, profile by AWS_PROFILE", {"AWS_PROFILE": "p"},
     "[profile p]\n" + STATIC.format("P") + "aws_session_token = t\n", "", "", FOUND),
    ("quoted profile name", {}, "[profile \"my work\"]\n" + STATIC.format("Q"), "", "my work", FOUND),
    ("profile name with dots and slashes", {}, "[profile a.b/c@d]\n" + STATIC.format("Q"), "",
     "a.b/c@d", FOUND),
    ("keys in capitals, colons, comments", {},
     "# head\n[default]\nAWS_ACCESS_KEY_ID: AKIAX\n; more\nAws_Secret_Access_Key :  a=b;c#d \n",
     "", "", FOUND),
    ("nested keys do not disturb", {},
     "[default]\ns3 =\n  max = 1\n  aws_access_key_id = no\n" + STATIC.format("N"), "", "", FOUND),
    ("[DEFAULT] holds for all", {}, "[DEFAULT]\n" + STATIC.format("ALL") + "[profile p]\nregion = x\n",
     "", "p", FOUND),
    ("CR LF", {}, "[default]\r\n" + STATIC.format("CR").replace("\n", "\r\n"), "", "", FOUND),
    ("value that goes on over empty lines", {},
     "[default]\naws_access_key_id = A\naws_secret_access_key = a\n\n  # b\n  c\n\nregion = x\n", "", "",
     FOUND),
    ("secret alone", {}, "", "[default]\naws_access_key_id = A\n", "", NONE),
    ("section twice", {}, "", "[default]\n" + STATIC.format("A") + "[default]\nregion=x\n", "", NONE),
    ("key twice", {}, "", "[default]\n" + STATIC.format("A") + STATIC.format("B"), "", NONE),
    ("no section", {}, "", STATIC.format("A"), "", NONE),
    ("line that is nothing", {}, "", "[default]\nwords\n" + STATIC.format("A"), "", NONE),
    ("no such profile", {}, "[default]\n" + STATIC.format("A"), "", "p", NONE),
    ("files elsewhere", {"AWS_CONFIG_FILE": "~/other/config",
                         "AWS_SHARED_CREDENTIALS_FILE": "$HOME/other/credentials"}, "", "", "", FOUND),
    ("source_profile", {}, "[profile p]\n" + ROLE + "source_profile = base\n",
     "[base]\n" + STATIC.format("BASE"), "p", FOUND),
    ("source_profile with all arguments", {},
     "[profile p]\n" + ROLE + "source_profile = base\nexternal_id = x y/é\nrole_session_name = me\n"
     "duration_seconds = 1800\n", "[base]\n" + STATIC.format("BASE"), "p", FOUND),
    ("duration that is no number", {},
     "[profile p]\n" + ROLE + "source_profile = base\nduration_seconds = long\n",
     "[base]\n" + STATIC.format("BASE"), "p", FOUND),
    ("MFA", {}, "[profile p]\n" + ROLE + "source_profile = base\n"
     "mfa_serial = arn:aws:iam::123456789012:mfa/me\n", "[base]\n" + STATIC.format("BASE"), "p", FOUND),
    ("chain of roles", {},
     "[profile p]\n" + ROLE + "source_profile = q\n[profile q]\nrole_arn = arn:aws:iam::2:role/q\n"
     "source_profile = base\n", "[base]\n" + STATIC.format("BASE"), "p", FOUND),
    ("profile is its own source", {}, "[profile p]\n" + ROLE + "source_profile = p\n" +
     STATIC.format("P"), "", "p", FOUND),
    ("source has keys and a role", {}, "[profile p]\n" + ROLE + "source_profile = q\n[profile q]\n"
     "role_arn = arn:aws:iam::2:role/q\nsource_profile = q\n" + STATIC.format("Q"), "", "p", FOUND),
    ("circle of profiles", {}, "[profile p]\n" + ROLE + "source_profile = q\n[profile q]\n" + ROLE +
     "source_profile = p\n", "", "p", NONE),
    ("own source without keys", {}, "[profile p]\n" + ROLE + "source_profile = p\n", "", "p", NONE),
    ("source does not exist", {}, "[profile p]\n" + ROLE + "source_profile = q\n", "", "p", NONE),
    ("source has nothing", {}, "[profile p]\n" + ROLE + "source_profile = q\n[profile q]\nregion=x\n",
     "", "p", NONE),
    ("both kinds of source", {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"},
     "[profile p]\n" + ROLE + "source_profile = q\ncredential_source = Environment\n[profile q]\n" +
     STATIC.format("Q"), "", "p", NONE),
    ("no source", {}, "[profile p]\n" + ROLE, "", "p", NONE),
    ("credential_source Environment", {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"},
     "[profile p]\n" + ROLE + "credential_source = Environment\n", "", "p", FOUND),
    ("credential_source Ec2InstanceMetadata", {}, "[profile p]\n" + ROLE +
     "credential_source = Ec2InstanceMetadata\n", "", "p", FOUND),
    ("credential_source EcsContainer",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{PORT}/container/a"},
     "[profile p]\n" + ROLE + "credential_source = EcsContainer\n", "", "p", FOUND),
    ("credential_source that is none", {}, "[profile p]\n" + ROLE + "credential_source = Moon\n", "",
     "p", NONE),
    ("source with credential_process", {}, "[profile p]\n" + ROLE + "source_profile = q\n"
     "[profile q]\ncredential_process = {HOME}/process one two\n", "", "p", FOUND),
    ("web identity by environment", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/web-token",
                                     "AWS_ROLE_ARN": "arn:aws:iam::1:role/web"}, "", "", "", FOUND),
    ("web identity with a session name", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/web-token",
                                          "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
                                          "AWS_ROLE_SESSION_NAME": "me"}, "", "", "", FOUND),
    ("web identity by profile", {}, "[profile p]\n" + ROLE +
     "web_identity_token_file = {HOME}/web-token\n", "", "p", FOUND),
    ("web identity as source", {}, "[profile p]\n" + ROLE + "source_profile = q\n[profile q]\n"
     "role_arn = arn:aws:iam::2:role/q\nweb_identity_token_file = {HOME}/web-token\n", "", "p", FOUND),
    ("web identity without a role", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/web-token"}, "", "", "",
     NONE),
    ("web identity without its file", {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/none",
                                       "AWS_ROLE_ARN": "arn:aws:iam::1:role/web"}, "", "", "", NONE),
    ("credential_process", {}, "[default]\ncredential_process = {HOME}/process one two\n", "", "", FOUND),
    ("credential_process with quotes", {},
     "[default]\ncredential_process = \"{HOME}/process\" 'a $HOME|x'\" b\"c d\\ 'e'\n", "", "", FOUND),
    ("credential_process with an open quote", {},
     "[default]\ncredential_process = {HOME}/process 'a\n", "", "", NONE),
    ("credential_process that fails", {}, "[default]\ncredential_process = false\n", "", "", NONE),
    ("credential_process of another version", {},
     "[default]\ncredential_process = echo '{\"Version\": 2}'\n", "", "", NONE),
    ("credential_process without a secret", {},
     "[default]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"A\"}'\n", "", "", NONE),
    ("credential_process that is missing", {}, "[default]\ncredential_process = /no/such\n", "", "", NONE),
    ("credentials file before credential_process", {},
     "[default]\ncredential_process = {HOME}/process one two\n", "[default]\n" + STATIC.format("S"),
     "", FOUND),
    ("credential_process before keys in config", {},
     "[default]\ncredential_process = {HOME}/process one two\n" + STATIC.format("C"), "", "", FOUND),
    ("container", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{PORT}/container/a?b=c",
                   "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}, "", "", "", FOUND),
    ("container by name", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://localhost:{PORT}/container/a"},
     "", "", "", FOUND),
    ("container elsewhere", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"},
     "", "", "", NONE),
    ("container that knows nothing",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{PORT}/none"}, "", "", "", NONE),
    ("instance metadata", {}, "", "", "", FOUND),
    ("instance metadata switched off", {"AWS_EC2_METADATA_DISABLED": "true"}, "", "", "", NONE),
    ("keys before instance metadata", {}, "", "[default]\n" + STATIC.format("S"), "", FOUND),
]


def prepare(home, row):
    """The files of a row below `home`; gives its environment."""
    _, environment, config, credentials, _, _ = row
    config = config.replace("{HOME}", home)
    (pathlib.Path(home) / ".aws").mkdir()
    (pathlib.Path(home) / "other").mkdir()
    for name, text in (("config", config), ("credentials", credentials)):
        (pathlib.Path(home) / ".aws" / name).write_bytes(text.encode())
        (pathlib.Path(home) / "other" / name).write_text("[default]\n" + STATIC.format("OTHER"))
    (pathlib.Path(home) / "web-token").write_text("eyJ.web+identity/token==")
    process = pathlib.Path(home) / "process"
    process.write_text(PROCESS)
    process.chmod(0o755)
    ours = {"HOME": home, "PATH": "/usr/bin:/bin", "AWS_REGION": "us-west-2",
            "AWS_DEFAULT_REGION": "us-west-2", "AWS_EC2_METADATA_SERVICE_ENDPOINT": AWS.url + "/",
            "AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_MAX_ATTEMPTS": "1",
            "AWS_ENDPOINT_URL": AWS.url, "LC_ALL": "C.UTF-8"}
    ours.update({name: value.replace("{HOME}", home) for name, value in environment.items()})
    return ours


def ask_botocore(environment, profile):
    """(access key, secret key, token), or nothing."""
    os.environ.clear()
    os.environ.update(environment)
    try:
        session = botocore.session.Session(profile=profile or None)
        create = session.create_client
        session.create_client = lambda *words, **named: create(
            *words, **{"endpoint_url": AWS.url, **named})
        resolver = session.get_component("credential_provider")
        for method in ("assume-role", "assume-role-with-web-identity", "sso"):
            resolver.get_provider(method).cache = botocore.utils.JSONFileCache(
                os.path.join(environment["HOME"], ".aws/cli/cache"))
        resolver.get_provider("assume-role")._prompter = lambda _: "123456"
        found = session.get_credentials()
        found = found and found.get_frozen_credentials()
    except Exception:  # whatever it is, there are no credentials
        return None
    return found and (found.access_key, found.secret_key, found.token or "")


def ask_us(environment, profile, *words):
    command = [RESOLVE] + (["--profile", profile] if profile else []) + ["--mfa", "123456", *words]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    if run.returncode not in (0, 1):
        raise SystemExit(f"eic-aws-resolve ended with {run.returncode}: {run.stderr}")
    return json.loads(run.stdout)


def triple(answer):
    return None if "error" in answer else (answer["access_key"], answer["secret_key"], answer["token"])


def signature_fault(request, credentials):
    """botocore signs what we sent, at the time that we signed it."""
    method, path, headers, body = request
    headers = {name.lower(): value for name, value in headers.items()}
    ours = headers["authorization"]
    names = ours.split("SignedHeaders=")[1].split(",")[0].split(";")
    again = AWSRequest(method=method, url=f"http://{headers['host']}{path}", data=body,
                       headers={name: headers[name] for name in names})
    again.context["timestamp"] = headers["x-amz-date"]
    access, secret, token = credentials
    auth = botocore.auth.SigV4Auth(Credentials(access, secret, token or None), "ec2", "us-west-2")
    text = auth.string_to_sign(again, auth.canonical_request(again))
    theirs = auth.signature(text, again)
    return None if ours.endswith("Signature=" + theirs) else f"signed {ours}, not {theirs}"


def fault_of(row):
    name, _, _, _, profile, found = row
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        theirs = ask_botocore(prepare(one, row), profile)
        environment = prepare(other, row)
        answer = ask_us(environment, profile, "credentials")
        ours = triple(answer)
        if (theirs is not None) != found:
            return f"the row is wrong: botocore has {theirs}"
        if theirs is not None and ours is not None:
            theirs = tuple(word.replace(one, other) for word in theirs)
        if ours != theirs:
            return f"botocore has {theirs}, we have {answer}"
        if not found:
            return None if answer["message"] and answer["advice"] else f"says too little: {answer}"
        AWS.requests.clear()
        described = ask_us(environment, profile, "describe", "i-0123456789abcdef0")
        if "error" in described:
            return f"{name}: {described}"
        return signature_fault(AWS.requests[-1], ours)


def fault_of_cache():
    """What the one got by MFA the other takes from the cache; the file is for its owner alone."""
    row = next(row for row in ROWS if row[0] == "MFA")
    for first, second in (("botocore", "us"), ("us", "botocore")):
        with tempfile.TemporaryDirectory() as home:
            environment = prepare(home, row)
            ask = {"botocore": lambda: ask_botocore(environment, "p"),
                   "us": lambda: triple(ask_us(environment, "p", "credentials"))}
            AWS.refused.clear()
            one = ask[first]()
            files = list((pathlib.Path(home) / ".aws/cli/cache").glob("*"))
            if len(files) != 1 or files[0].stat().st_mode & 0o777 != 0o600:
                return f"{first} left {files} in the cache"
            AWS.refused.add("AssumeRole")
            other = ask[second]()
            AWS.refused.clear()
            if one is None or one != other:
                return f"{first} got {one}, and then {second} {other}"
    return None


def fault_of_sso(with_session):
    """What the AWS CLI got by SSO we take from its cache, under botocore's name for it; without it we
    ask the AWS CLI."""
    where = "sso_session = s\n" if with_session else "sso_start_url = https://x.example/start\n"
    config = ("[profile p]\nsso_account_id = 123456789012\nsso_role_name = Admin\nsso_region = us-west-2\n" +
              where + "[sso-session s]\nsso_start_url = https://x.example/start\n"
              "sso_region = us-west-2\n")
    with tempfile.TemporaryDirectory() as home:
        environment = prepare(home, ("sso", {}, config, "", "p", FOUND))
        cache = pathlib.Path(home) / ".aws/cli/cache"
        cache.mkdir(parents=True)
        fetcher = SSOCredentialFetcher("https://x.example/start", "us-west-2", "Admin", "123456789012",
                                       None, sso_session_name="s" if with_session else None)
        name = fetcher._create_cache_key()
        access, secret, token = fake_aws.key_for("cached", name)
        cached = {"ProviderType": "sso", "Credentials": {
            "AccessKeyId": access, "SecretAccessKey": secret, "SessionToken": token,
            "Expiration": "2099-01-02T03:04:05UTC"}}
        (cache / (name + ".json")).write_text(json.dumps(cached))
        ours = triple(ask_us(environment, "p", "credentials"))
        if ours != (access, secret, token):
            return f"the AWS CLI's cache is not read: {ours}"
        (cache / (name + ".json")).unlink()
        missing = ask_us({**environment, "PATH": home + "/bin"}, "p", "credentials")
        if missing.get("error") != "NoCredentials" or "Install AWS CLI" not in missing["advice"]:
            return f"without the AWS CLI: {missing}"
        (pathlib.Path(home) / "bin").mkdir()
        aws = pathlib.Path(home) / "bin/aws"
        aws.write_text("#!/bin/sh\n[ \"$*\" = 'configure export-credentials --format process "
                       "--profile p' ] && exec " + home + "/process by cli\necho \"$*\" >&2\nexit 9\n")
        aws.chmod(0o755)
        ours = triple(ask_us({**environment, "PATH": home + "/bin:/usr/bin:/bin"}, "p", "credentials"))
        if ours != ("AKIAPROCESS", "by cli", "t"):
            return f"the AWS CLI is not asked: {ours}"
        aws.write_text("#!/bin/sh\necho 'Token has expired and refresh failed' >&2\nexit 255\n")
        expired = ask_us({**environment, "PATH": home + "/bin:/usr/bin:/bin"}, "p", "credentials")
        login = "aws sso login --sso-session s" if with_session else "aws sso login --profile p"
        if login not in expired["advice"] or "Token has expired" not in expired["message"]:
            return f"of a session that has ended: {expired}"
    return None


def fault_of_lock():
    """Twelve logins at once ask for one code."""
    row = next(row for row in ROWS if row[0] == "MFA")
    with tempfile.TemporaryDirectory() as home:
        environment = prepare(home, row)
        command = [RESOLVE, "--profile", "p", "--mfa", "123456", "--lock", home + "/run/mfa.lock",
                   "credentials"]
        runs = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(12)]
        ended = [run.communicate(timeout=60) for run in runs]
        asked = sum(errors.count("asked for") for _, errors in ended)
        keys = {triple(json.loads(output)) for output, _ in ended}
        if asked != 1 or len(keys) != 1 or None in keys:
            return f"asked {asked} times, got {keys}"
    return None


def fault_of_endpoints():
    """Where botocore's rules know an endpoint, it is ours."""
    loader = botocore.session.Session().get_component("data_loader")
    partitions = loader.load_data("partitions")
    faults, compared = [], 0
    for region in ("us-east-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1", "us-iso-east-1",
                   "us-isob-east-1", "xx-none-7"):
        for fips, dualstack in ((False, False), (True, False), (False, True), (True, True)):
            ours = ask_us({"HOME": "/nowhere", "AWS_REGION": region,
                           "AWS_USE_FIPS_ENDPOINT": str(fips).lower(),
                           "AWS_USE_DUALSTACK_ENDPOINT": str(dualstack)}, "", "endpoint")
            for service in ("ec2", "ec2-instance-connect", "sts"):
                rules = loader.load_service_model(service, "endpoint-rule-set-1")
                try:
                    theirs = EndpointProvider(rules, partitions).resolve_endpoint(
                        Region=region, UseFIPS=fips, UseDualStack=dualstack,
                        **({"UseGlobalEndpoint": False} if service == "sts" else {})).url
                except EndpointProviderError:
                    continue  # the partition has no such kind
                compared += 1
                if ours[service] != theirs + "/":
                    faults.append(f"{service} in {region}, fips {fips}, dual stack {dualstack}: "
                                  f"{ours[service]}, not {theirs}")
    return "; ".join(faults) or (None if compared > 40 else f"only {compared} compared")


def main():
    checks = [(row[0], lambda row=row: fault_of(row)) for row in ROWS]
    checks += [("cache of both", fault_of_cache), ("SSO by session", lambda: fault_of_sso(True)),
               ("SSO by start URL", lambda: fault_of_sso(False)), ("one code for all", fault_of_lock),
               ("endpoints", fault_of_endpoints)]
    faults = 0
    for name, check in checks:
        fault = check()
        if fault:
            faults += 1
            print(f"{name}: {fault}")
    print(f"{len(checks)} kinds, {faults} faults (botocore {botocore.__version__})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
