#!/usr/bin/env bash
# Goal: each package has its SPDX and its CycloneDX document; both are valid, and name its programs by the hashes that they have
# System: none
# CI: yes
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"

# Unpack FILE FOLDER
Unpack() {
  mkdir -p "$2"
  case $1 in
    *.deb) dpkg-deb -x "$1" "$2" ;;
    *.rpm) (cd "$2" && rpm2cpio "$1" | cpio --quiet -idm) ;;
  esac
}

"$REPOSITORY/tools/npm.sh" "$REPOSITORY/build/npm/sbom" "$REPOSITORY/tests/sbom" >"$WORK/npm.log" 2>&1 ||
  Fail "npm's files are missing"
packages=0
for file in "$PACKAGE"/deb/*.deb "$PACKAGE"/rpm/RPMS/*/*.rpm; do
  [ "$file" != "$(SelinuxRpm)" ] || continue # A module of text: it is made of nothing else.
  folder=$WORK/$(basename "$file")
  Unpack "$file" "$folder"
  documents=("$folder"/usr/share/doc/*/sbom.*.json)
  [ ${#documents[@]} = 2 ] || Fail "$file has ${#documents[@]} documents"
  node "$REPOSITORY/tests/sbom/check.mjs" "$REPOSITORY/build/npm/sbom" "${documents[@]}" >"$WORK/check.log" 2>&1 ||
    Fail "$file has a document that is not valid"
  python3 - "$folder" "${documents[@]}" 2>"$WORK/hashes.log" <<'END' || Fail "$file and its documents differ"
import hashlib, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
programs = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"}
assert programs, "no programs"
for name in sys.argv[2:]:
    document = json.loads(pathlib.Path(name).read_text())
    if name.endswith(".spdx.json"):
        said = {one["name"]: one["checksums"][0]["checksumValue"] for one in document["packages"]
                if one["primaryPackagePurpose"] == "APPLICATION"}
        version = document["packages"][0]["versionInfo"]
    else:
        main = document["metadata"]["component"]
        said, version = {one["name"]: one["hashes"][0]["content"] for one in main["components"]}, main["version"]
    assert said == programs, (name, said, programs)
    assert folder.name.replace("_", "-").startswith((f"{document['packages'][0]['name']}-" if "packages" in document
                                                     else main["name"] + "-") + version), (folder.name, version)
END
  packages=$((packages + 1))
done
[ "$packages" -ge 5 ] || Fail "only $packages packages" # eic-console may be left out.
# The agent's has what the payload's bill of materials says, where that is what is packed.
if [ -d "$PACKAGE/notices" ]; then
  count=$(awk -F '\t' 'NR > 1 && $7 ~ /agent/' "$PACKAGE/notices/BILL_OF_MATERIALS.tsv" | wc -l)
  [ "$(grep -c '"bom-ref": "component/' "$WORK"/ec2-instance-connect_*.deb/usr/share/doc/*/sbom.cdx.json)" = "$count" ] ||
    Fail "the agent's document does not have the $count materials"
fi
Finish
