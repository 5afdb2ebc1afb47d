// usage: check.mjs NPM_DIR FILE...     each sbom.spdx.json or sbom.cdx.json
//
// CycloneDX is held to its published schema, strictly. For SPDX 2.3 no validator is to be had where the tests'
// other packages come from: what the standard asks of the parts that we write is written down here, and
// licence expressions are parsed by npm's parser of them.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(path.resolve(folder, "package.json"));
const { Validation, Spec } = require("@cyclonedx/cyclonedx-library");
const parseLicence = require("spdx-expression-parse");
const Ajv = require("ajv").default ?? require("ajv");
const addFormats = require("ajv-formats").default ?? require("ajv-formats");

const text = { type: "string", minLength: 1 };
const id = { type: "string", pattern: "^SPDXRef-[A-Za-z0-9.-]+$" };
const licence = { type: "string", format: "licence" };
const strict = (properties, optional = []) => ({
  type: "object", properties, additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const list = (items, minItems = 1) => ({ type: "array", items, minItems });
const checksum = (algorithm, digits) =>
  strict({ algorithm: { const: algorithm }, checksumValue: { type: "string", pattern: `^[0-9a-f]{${digits}}$` } });
const spdx23 = strict({
  spdxVersion: { const: "SPDX-2.3" },
  dataLicense: { const: "CC0-1.0" },
  SPDXID: { const: "SPDXRef-DOCUMENT" },
  name: text,
  documentNamespace: { type: "string", format: "uri", pattern: "^[^#]+$" },
  creationInfo: strict({
    created: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", format: "date-time" },
    creators: list({ type: "string", pattern: "^(Person|Organization|Tool): \\S" }),
  }),
  packages: list(strict({
    SPDXID: id,
    name: text,
    versionInfo: text,
    downloadLocation: { const: "NOASSERTION" },
    // True would want the files of the package, and a code over their SHA-1.
    filesAnalyzed: { const: false },
    licenseConcluded: { const: "NOASSERTION" },
    licenseDeclared: licence,
    copyrightText: { const: "NOASSERTION" },
    primaryPackagePurpose: { enum: ["APPLICATION", "LIBRARY", "INSTALL"] },
    checksums: list({ oneOf: [checksum("SHA256", 64), checksum("SHA512", 128)] }),
    externalRefs: list(strict({
      referenceCategory: { const: "PACKAGE-MANAGER" },
      referenceType: { const: "purl" },
      referenceLocator: { type: "string", pattern: "^pkg:(deb|rpm|npm)/([A-Za-z0-9.%-]+/)?[A-Za-z0-9.%+_-]+@[^?#\\s]+(\\?arch=\\w+)?$" },
    })),
    sourceInfo: text,
    comment: text,
  }, ["checksums", "externalRefs", "sourceInfo", "comment"])),
  relationships: list(strict({
    spdxElementId: id,
    relationshipType: { enum: ["DESCRIBES", "CONTAINS", "STATIC_LINK"] },
    relatedSpdxElement: id,
  })),
});

const ajv = new Ajv({ allErrors: true });
addFormats(ajv);
ajv.addFormat("licence", (expression) => {
  try {
    return Boolean(parseLicence(expression));
  } catch {
    return false;
  }
});
const fitsSpdx = ajv.compile(spdx23);

// What no schema says: an id is given once, each one that is named exists, and each package hangs on the document.
function spdxFaults(document) {
  if (!fitsSpdx(document)) return fitsSpdx.errors;
  const ids = [document.SPDXID, ...document.packages.map((one) => one.SPDXID)];
  const faults = ids.filter((one, at) => ids.indexOf(one) !== at).map((one) => `${one} is given twice`);
  const named = document.relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]);
  faults.push(...named.filter((one) => !ids.includes(one)).map((one) => `${one} is named and not there`));
  faults.push(...ids.filter((one) => !named.includes(one)).map((one) => `${one} has no relationship`));
  if (document.relationships.filter((one) => one.relationshipType === "DESCRIBES").length !== 1)
    faults.push("the document does not describe one package");
  return faults.length > 0 ? faults : null;
}

const cyclonedx = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

async function cyclonedxFaults(content) {
  const { specVersion } = JSON.parse(content);
  // The schema takes every version.
  return specVersion === "1.6" ? cyclonedx.validate(content) : [`specVersion is ${specVersion}`];
}

let status = 0;
for (const file of files) {
  const content = readFileSync(file, "utf8");
  const faults = file.endsWith(".spdx.json") ? spdxFaults(JSON.parse(content)) : await cyclonedxFaults(content);
  if (faults === null) continue;
  status = 1;
  console.error(`${file}: ${JSON.stringify(faults, null, 2)}`);
}
console.log(`${files.length} documents, status ${status}`);
process.exit(status || (files.length === 0 ? 1 : 0));
