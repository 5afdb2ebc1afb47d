#!/usr/bin/env python3
# tools/sbom.py: what it writes is valid, says what the materials say, and is the same each time; what it is
# validated with refuses documents with one fault each.
import contextlib
import copy
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import sbom  # noqa: E402

HEAD = "\t".join(sbom.COLUMNS) + "\n"
ROWS = (f"libcrypto\t3.0.20\topenssl\t1:3.0.20+ds-1~deb12u2\tApache-2.0\t{'a' * 64}\tagent,client\n"
        f"libssl\t3.0.20\topenssl\t1:3.0.20+ds-1~deb12u2\tApache-2.0\t{'a' * 64}\tclient\n"
        "libstdc++\t10.2.1\tgcc-10\t10.2.1-6\tGPL-3.0-or-later WITH GCC-exception-3.1\t-\tagent,client\n")
NPM = pathlib.Path(os.environ.get("EIC_NPM_SBOM_DIR", ROOT / "build/npm/sbom"))
SKIPPED = 77


class Sbom(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        self.program = self.work / "eic-authorized-keys"
        self.program.write_bytes(b"program")

    def make(self, *more, table=HEAD + ROWS, part="agent", out="out"):
        """Runs it; its status, what it printed to stderr, and the folder that it wrote to."""
        materials = self.work / "materials.tsv"
        materials.write_text(table)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            status = sbom.main(["--name", "a-package", "--version", "3.0.0-1", "--format", "deb", "--arch", "amd64",
                                "--licence", "Apache-2.0", "--time", "1700000000", "--materials", str(materials),
                                "--part", part, *more, "--out", str(self.work / out), str(self.program)])
        return status, said.getvalue(), self.work / out

    def documents(self, *more, **how):
        status, said, folder = self.make(*more, **how)
        self.assertEqual((0, ""), (status, said))
        return [json.loads((folder / f"sbom.{kind}.json").read_text()) for kind in ("spdx", "cdx")]

    def check(self, *files):
        return subprocess.run(["node", str(ROOT / "tests/sbom/check.mjs"), str(NPM), *map(str, files)],
                              capture_output=True, text=True, check=False)

    def test_what_it_writes_is_valid(self):
        files = []
        for out, part, more in [("agent", "agent", ["--complete"]), ("client", "client", []), ("none", "no-part", []),
                                ("page", "no-part", ["--lock", str(ROOT / "src/console/page/package-lock.json")])]:
            self.documents(*more, part=part, out=out)
            files += [self.work / out / f"sbom.{kind}.json" for kind in ("spdx", "cdx")]
        checked = self.check(*files)
        self.assertEqual((0, ""), (checked.returncode, checked.stderr))
        self.assertEqual("8 documents, status 0\n", checked.stdout)

    def test_what_is_linked_in_is_named(self):
        for part, names in {"agent": ["libcrypto", "libstdc++"], "client": ["libcrypto", "libssl", "libstdc++"]}.items():
            spdx, cdx = self.documents(part=part)
            self.assertEqual(["a-package", "eic-authorized-keys", *names], [one["name"] for one in spdx["packages"]])
            self.assertEqual(names, [one["name"] for one in cdx["components"]])
        self.assertEqual("pkg:deb/debian/openssl@1%3A3.0.20%2Bds-1~deb12u2?arch=source", cdx["components"][0]["purl"])
        self.assertEqual({"alg": "SHA-256", "content": "a" * 64}, cdx["components"][0]["externalReferences"][0]["hashes"][0])
        digest = hashlib.sha256(b"program").hexdigest()
        self.assertEqual(digest, spdx["packages"][1]["checksums"][0]["checksumValue"])
        self.assertEqual(digest, cdx["metadata"]["component"]["components"][0]["hashes"][0]["content"])
        self.assertEqual("2023-11-14T22:13:20Z", spdx["creationInfo"]["created"])

    def test_what_is_not_known_is_said(self):
        spdx, cdx = self.documents()
        self.assertEqual((sbom.INCOMPLETE, "incomplete"), (spdx["packages"][0]["comment"], cdx["compositions"][0]["aggregate"]))
        spdx, cdx = self.documents("--complete")
        self.assertEqual((sbom.COMPLETE, "complete"), (spdx["packages"][0]["comment"], cdx["compositions"][0]["aggregate"]))

    def test_the_same_input_makes_the_same_bytes(self):
        def content():
            return [path.read_bytes() for path in sorted(self.make()[2].iterdir())]
        first = content()
        self.assertEqual(first, content())
        self.program.write_bytes(b"another")
        names = [json.loads(text)[key] for text, key in zip(content(), ["serialNumber", "documentNamespace"])]
        self.assertNotIn(names[0], first[0].decode())
        self.assertNotIn(names[1], first[1].decode())

    def test_a_bad_table_is_an_error(self):
        for table, words in [("", "its first line is not"), (ROWS, "its first line is not"),
                             (HEAD + "libcrypto\t3.0\n", "materials.tsv:2: 7 fields"),
                             (HEAD + ROWS.replace("Apache-2.0", "", 1), "materials.tsv:2: 7 fields"),
                             (HEAD + ROWS.replace("a" * 64, "a" * 63, 1), "neither a SHA-256 nor -")]:
            with self.subTest(words):
                status, said, folder = self.make(table=table)
                self.assertEqual(1, status)
                self.assertIn(words, said)
                self.assertFalse(folder.exists())
        lock = self.work / "lock"
        lock.write_text('{"packages": {"node_modules/x": {"version": "1", "license": "MIT"}}}')
        self.assertIn("x lacks its sha512", self.make("--lock", str(lock))[1])

    def test_documents_with_a_fault_are_refused(self):
        spdx, cdx = self.documents()
        faults = {
            "spdx": [lambda d: d.pop("documentNamespace"), lambda d: d.update(spdxVersion="SPDX-2.2"),
                     lambda d: d["packages"][0].pop("name"), lambda d: d["packages"][1]["checksums"][0].update(checksumValue="ab"),
                     lambda d: d["packages"][2].update(licenseDeclared="Apache 2"), lambda d: d.update(unknown="x"),
                     lambda d: d["packages"][2].update(SPDXID="SPDXRef-Package-a-package"),
                     lambda d: d["relationships"][1].update(relatedSpdxElement="SPDXRef-nothing"),
                     lambda d: d["creationInfo"].update(created="2023-13-14T22:13:20Z"), lambda d: d["relationships"].pop(0)],
            "cdx": [lambda d: d.update(specVersion="1.6.1"), lambda d: d["components"][0].pop("name"),
                    lambda d: d["components"][0].update(purl=1), lambda d: d.update(serialNumber="x"),
                    lambda d: d["components"][0]["licenses"][0].update(unknown="x"), lambda d: d.update(unknown="x")],
        }
        paths = []
        for kind, document in (("spdx", spdx), ("cdx", cdx)):
            for number, spoil in enumerate(faults[kind]):
                spoiled = copy.deepcopy(document)
                spoil(spoiled)
                paths.append(self.work / f"spoiled-{number}.{kind}.json")
                paths[-1].write_text(json.dumps(spoiled))
        checked = self.check(self.work / "out/sbom.spdx.json", self.work / "out/sbom.cdx.json", *paths)
        self.assertEqual(1, checked.returncode)
        refused = [line.split(": ")[0] for line in checked.stderr.splitlines() if line.startswith(str(self.work))]
        self.assertEqual([str(path) for path in paths], refused)


if __name__ == "__main__":
    if not (NPM / "node_modules").is_dir():
        print(f"{NPM} is missing: tools/npm.sh {NPM} tests/sbom makes it")
        sys.exit(SKIPPED)
    unittest.main()
