#!/usr/bin/env python3
"""usage: fleet.py FOLDER ACTION URL KEY

Does what is said in a file of packaging/fleet, in FOLDER, as the system that reads it would, for the systems that
are not to be had here. An unknown step or key is an error.

cloud-init     prints user data: cloud-init.yaml, edited as it says. No system runs here: it is to be booted
image-builder  runs the component's build and validate phases
packer         runs the template's provisioners
container      runs the COPY and RUN lines of Containerfile, and prints its CMD as JSON
"""

import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import yaml

EXAMPLE_URL = "https://packages.example.com"
EXAMPLE_KEY = re.compile(r"-----BEGIN PGP PUBLIC KEY BLOCK-----\n.*?-----END PGP PUBLIC KEY BLOCK-----\n", re.S)


def run(*command):
    subprocess.run(command, check=True, stdout=sys.stderr)


def replaced_once(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"fleet.py: {text.count(old)} times in the file, and once is needed: {old}")
    return text.replace(old, new)


def edited(folder, files, key):
    """Puts the key into `files` of path to content, which have to have install.sh unchanged beside it."""
    script = next(path for path in files if path.endswith("install.sh"))
    key_file = next(path for path in files if path.endswith("signing-key.asc"))
    if len(files) != 2 or files[script] != (folder / "install.sh").read_text():
        sys.exit("fleet.py: install.sh in this file is not packaging/fleet/install.sh: copy it")
    if not EXAMPLE_KEY.fullmatch(files[key_file]):
        sys.exit("fleet.py: the place of the key is not one")
    return {**files, key_file: key}


def cloud_init(folder, url, key):
    data = yaml.safe_load((folder / "cloud-init.yaml").read_text())
    files = edited(folder, {file["path"]: file["content"] for file in data["write_files"]}, key)
    data["write_files"] = [{"path": path, "content": content} for path, content in files.items()]
    (command,) = data["runcmd"]
    data["runcmd"] = [[url if word == EXAMPLE_URL else word for word in command]]
    if url not in data["runcmd"][0]:
        sys.exit("fleet.py: the place of the address is not one")
    print("#cloud-config\n" + json.dumps(data))


def image_builder(folder, url, key):
    component = yaml.safe_load((folder / "image-builder.yaml").read_text())
    (parameter,) = component["parameters"]
    if parameter["Url"]["default"] != EXAMPLE_URL or component["schemaVersion"] != 1.0:
        sys.exit("fleet.py: another parameter or schema than this knows")
    phases = {phase["name"]: phase["steps"] for phase in component["phases"]}
    if list(phases) != ["build", "validate", "test"]:
        sys.exit(f"fleet.py: the phases are {list(phases)}")
    # The last phase runs on an instance of the image: the case does that.
    for step in phases["build"] + phases["validate"]:
        if step["action"] == "CreateFile":
            files = edited(folder, {file["path"]: file["content"] for file in step["inputs"]}, key)
            for path, content in files.items():
                pathlib.Path(path).write_text(content)
        elif step["action"] == "ExecuteBash":
            for command in step["inputs"]["commands"]:
                run("bash", "-c", re.sub(r"\{\{ *Url *\}\}", url, command))
        else:
            sys.exit(f"fleet.py: unknown action {step['action']}")


def packer(folder, url, key):
    template = json.loads((folder / "packer.pkr.json").read_text())
    key_file = folder / "signing-key.asc"
    key_file.write_text(key)
    if template["build"]["sources"] != ["source.amazon-ebs.image"] or "image" not in template["source"]["amazon-ebs"]:
        sys.exit("fleet.py: the build names no source of the template")

    def value(text):
        """`text` with what its references say; each has to be to a variable that is there."""
        def of(match):
            if match[1] == "path.root":
                return str(folder)
            kind, name = match[1].split(".")
            if kind != "var" or name not in template["variable"]:
                sys.exit(f"fleet.py: {match[0]} refers to nothing")
            return {"url": url, "key": str(key_file)}[name]
        return re.sub(r"\$\{([^}]*)\}", of, text)

    for provisioner in template["build"]["provisioner"]:
        ((kind, step),) = provisioner.items()
        if kind == "file":
            shutil.copy(value(step["source"]), value(step["destination"]))
        elif kind == "shell":
            # As Packer does it: one script of the lines, which ends at the first that fails.
            run("sh", "-e", "-c", "\n".join(value(line) for line in step["inline"]))
        else:
            sys.exit(f"fleet.py: unknown provisioner {kind}")


def container(folder, url, key):
    (folder / "signing-key.asc").write_text(key)
    variables = {}
    for line in (folder / "Containerfile").read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word in ("", "#", "FROM", "EXPOSE"):
            continue
        if word == "ARG":
            name, _, default = rest.partition("=")
            variables[name] = url if default == EXAMPLE_URL else default
        elif word == "COPY":
            *sources, target = shlex.split(rest)
            for source in sources:
                shutil.copy(folder / source, target)
        elif word == "RUN":
            assignments = [f"{name}={content}" for name, content in variables.items()]
            run("env", *assignments, "sh", "-c", rest)
        elif word == "CMD":
            print(json.dumps(json.loads(rest)))
        else:
            sys.exit(f"fleet.py: unknown instruction {word}")


def main(arguments):
    actions = {"cloud-init": cloud_init, "image-builder": image_builder, "packer": packer, "container": container}
    if len(arguments) != 4 or arguments[1] not in actions:
        print(__doc__, file=sys.stderr)
        return 64
    folder, action, url, key_file = arguments
    actions[action](pathlib.Path(folder), url, pathlib.Path(key_file).read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
