#!/usr/bin/env python3
# `./dev package` makes with it what says what a package is made of: SPDX 2.3 and CycloneDX 1.6.
"""Writes sbom.spdx.json and sbom.cdx.json of one package.

MATERIALS is a table like the payload's BILL_OF_MATERIALS.tsv. Of it goes in what is linked into PART. The
same input makes the same bytes.
"""

import argparse
import base64
import csv
import datetime
import hashlib
import json
import pathlib
import re
import sys
import urllib.parse
import uuid

COLUMNS = ["name", "version", "source package", "its version", "licence", "SHA-256 of its .dsc", "linked into"]
COMPLETE = "Everything that is linked into the programs is named."
INCOMPLETE = ("The programs are also linked to libraries of the system, which the package names as its dependencies "
              "and this document does not.")


def read_materials(path, part):
    """What of the table at `path` is linked into `part`, as components; ValueError where it is no such table."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != COLUMNS:
        raise ValueError(f"{path}: its first line is not {' | '.join(COLUMNS)}")
    components = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS) or not all(row):
            raise ValueError(f"{path}:{number}: {len(COLUMNS)} fields are needed, none of them empty")
        name, version, source, source_version, licence, dsc, parts = row
        if not re.fullmatch("[0-9a-f]{64}|-", dsc):
            raise ValueError(f"{path}:{number}: '{dsc}' is neither a SHA-256 nor -")
        if part in parts.split(","):
            components.append({
                "name": name, "version": version, "licence": licence,
                "purl": f"pkg:deb/debian/{source}@{urllib.parse.quote(source_version, safe='')}?arch=source",
                "source": f"Debian's source package {source} {source_version}",
                "dsc": f"{source}_{source_version.split(':')[-1]}.dsc", "sha256": None if dsc == "-" else dsc,
            })
    return components


def read_lock(path):
    """The packages of an npm lock file, as components; ValueError where one lacks its hash or licence."""
    components = []
    for place, package in sorted(json.loads(pathlib.Path(path).read_text("utf-8"))["packages"].items()):
        if not place:
            continue
        name = place.rpartition("node_modules/")[2]
        if not package.get("integrity", "").startswith("sha512-") or not package.get("license"):
            raise ValueError(f"{path}: {name} lacks its sha512 or its licence")
        components.append({
            "name": name, "version": package["version"], "licence": package["license"],
            "purl": f"pkg:npm/{urllib.parse.quote(name, safe='/')}@{package['version']}", "source": "npm",
            "sha512": base64.b64decode(package["integrity"][len("sha512-"):]).hex(),
        })
    return components


def spdx(package, programs, components, complete, created):
    """The document as SPDX 2.3 has it, without its namespace."""
    def entry(kind, name, version, licence, purpose, **more):
        return {"SPDXID": f"SPDXRef-{kind}-" + re.sub("[^A-Za-z0-9.-]", "-", name), "name": name,
                "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
                "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION",
                "primaryPackagePurpose": purpose, **more}

    def purl(locator):
        return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}]

    main = entry("Package", package["name"], package["version"], package["licence"], "INSTALL",
                 externalRefs=purl(package["purl"]), comment=COMPLETE if complete else INCOMPLETE)
    packages = [main]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", main["SPDXID"])]
    for name, digest in programs:
        packages.append(entry("Program", name, package["version"], package["licence"], "APPLICATION",
                              checksums=[{"algorithm": "SHA256", "checksumValue": digest}]))
        relations.append((main["SPDXID"], "CONTAINS", packages[-1]["SPDXID"]))
    for one in components:
        more = {"externalRefs": purl(one["purl"]), "sourceInfo": one["source"]}
        if one.get("sha256"):
            more["sourceInfo"] += f"; {one['dsc']} has the SHA-256 {one['sha256']}"
        if one.get("sha512"):
            more["checksums"] = [{"algorithm": "SHA512", "checksumValue": one["sha512"]}]
        packages.append(entry("Component", one["name"], one["version"], one["licence"], "LIBRARY", **more))
        relations.append((main["SPDXID"], "STATIC_LINK" if "dsc" in one else "CONTAINS", packages[-1]["SPDXID"]))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{package['name']}-{package['version']}",
        "creationInfo": {"created": created, "creators": ["Tool: ec2-instance-connect-tools/sbom.py"]},
        "packages": packages,
        "relationships": [{"spdxElementId": first, "relationshipType": kind, "relatedSpdxElement": second}
                          for first, kind, second in relations],
    }


def cyclonedx(package, programs, components, complete, created):
    """The document as CycloneDX 1.6 has it, without its serial number."""
    def licences(expression):
        return [{"expression": expression}]

    def component(one):
        entry = {"type": "library", "bom-ref": f"component/{one['name']}", "name": one["name"],
                 "version": one["version"], "licenses": licences(one["licence"]), "purl": one["purl"]}
        if one.get("sha512"):
            entry["hashes"] = [{"alg": "SHA-512", "content": one["sha512"]}]
        if one.get("sha256"):
            entry["externalReferences"] = [{
                "type": "source-distribution", "url": urllib.parse.quote(one["dsc"]),
                "hashes": [{"alg": "SHA-256", "content": one["sha256"]}]}]
        return entry

    main = {"type": "application", "bom-ref": "package", "name": package["name"], "version": package["version"],
            "licenses": licences(package["licence"]), "purl": package["purl"],
            "components": [{"type": "file", "bom-ref": f"program/{name}", "name": name,
                            "hashes": [{"alg": "SHA-256", "content": digest}]} for name, digest in programs]}
    listed = [component(one) for one in components]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": created, "component": main,
                     "tools": {"components": [{"type": "application", "name": "ec2-instance-connect tools/sbom.py"}]}},
        "components": listed,
        "dependencies": [{"ref": "package", "dependsOn": [one["bom-ref"] for one in listed]}]
                        + [{"ref": one["bom-ref"]} for one in listed],
        "compositions": [{"aggregate": "complete" if complete else "incomplete", "assemblies": ["package"],
                          "dependencies": ["package"]}],
    }


def write(path, document):
    path.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments):
    parser = argparse.ArgumentParser(prog="tools/sbom.py", description=__doc__)
    parser.add_argument("--name", required=True, help="the package")
    parser.add_argument("--version", required=True, help="with its revision")
    parser.add_argument("--format", required=True, choices=["deb", "rpm"])
    parser.add_argument("--arch", required=True, help="as the format names it")
    parser.add_argument("--licence", required=True, help="SPDX expression of the package")
    parser.add_argument("--time", required=True, type=int, help="seconds since 1970 that the documents bear")
    parser.add_argument("--materials", help="the table")
    parser.add_argument("--part", help="its last column's word for this package")
    parser.add_argument("--complete", action="store_true", help="the table has all that is linked in")
    parser.add_argument("--lock", help="package-lock.json of what is embedded")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the folder to write to")
    parser.add_argument("programs", nargs="+", type=pathlib.Path, metavar="PROGRAM")
    options = parser.parse_args(arguments)
    try:
        components = read_materials(options.materials, options.part) if options.materials else []
        components += read_lock(options.lock) if options.lock else []
        programs = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in options.programs]
    except (OSError, ValueError, KeyError) as error:
        print(f"tools/sbom.py: {error}", file=sys.stderr)
        return 1
    package = {"name": options.name, "version": options.version, "licence": options.licence,
               "purl": f"pkg:{options.format}/ec2-instance-connect/{options.name}"
                       f"@{urllib.parse.quote(options.version, safe='')}?arch={options.arch}"}
    created = datetime.datetime.fromtimestamp(options.time, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = (package, programs, components, options.complete, created)
    # Two documents that differ have different names, and the same one has the same.
    identity = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told, sort_keys=True))
    name = urllib.parse.quote(f"{options.name}-{options.version}")
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out / "sbom.spdx.json",
          {**spdx(*told), "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{identity}"})
    write(options.out / "sbom.cdx.json", {**cyclonedx(*told), "serialNumber": f"urn:uuid:{identity}"})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
