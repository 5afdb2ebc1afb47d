#include "tests/fakes/metadata.h"

#include "issuer/certificates.h"
#include "issuer/keys.h"
#include "issuer/records.h"
#include "issuer/staples.h"

namespace eic::fakes {
namespace {

issuer::Authority AuthorityOf(Instant now) {
  issuer::AuthoritySpec spec;
  spec.now = now;
  spec.issuer_key_type = issuer::IssuerKeyType::kEcP256;  // made at once, where RSA takes a while
  return issuer::MakeAuthority(spec);
}

}  // namespace

Metadata::Metadata(Instant at) : now(at), authority(AuthorityOf(at)) {
  bodies["instance-id"] = kInstanceId;
  bodies["placement/region"] = authority.region;
  bodies["services/domain"] = authority.domain;
  bodies["managed-ssh-keys/signer-cert"] = issuer::SignerChainPem(authority);
  std::string& list = bodies[kStaplesPath];
  for (const issuer::NamedStaple& staple : issuer::MakeStaples(authority, now)) {
    list += staple.name + '\n';
    bodies[kStaplesPath + staple.name] = issuer::StapleBase64(staple.der);
  }
}

std::string Metadata::Record(const std::string& key_line, std::int64_t seconds) const {
  issuer::RecordFields fields;
  fields.timestamp = now + seconds;
  fields.instance_id = kInstanceId;
  fields.caller = caller;
  fields.request_id = request_id;
  return issuer::SignRecord(issuer::MakeRecordSpec(fields, key_line), authority.signer_key.get());
}

void Metadata::Push(const std::string& user, const std::string& key_line) {
  bodies[kActiveKeysPath + user] = Record(key_line);
}

std::string Metadata::Anchors() const { return issuer::CertificatePem(authority.root.get()); }

void Metadata::ServeOn(ScriptedHttp& http, const std::string& endpoint) const {
  http.Always("PUT " + endpoint + kTokenPath, Answer(200, kToken));
  for (const auto& [path, body] : bodies) {
    http.Always("GET " + endpoint + kMetaDataPath + path, Answer(200, body));
  }
}

void Metadata::ServeOn(RawServer& server) const {
  server.At(kTokenPath, Answers(200, kToken));
  for (const auto& [path, body] : bodies) server.At(kMetaDataPath + path, Answers(200, body));
}

std::string Ed25519KeyLine() {
  return issuer::SshPublicKeyLine(issuer::GenerateEd25519Key().get(), "");
}

}  // namespace eic::fakes
