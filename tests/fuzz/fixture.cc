#include "tests/fuzz/fixture.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/base64.h"
#include "core/key_blob.h"
#include "core/signer_chain.h"
#include "issuer/files.h"
#include "tests/fuzz/properties.h"

namespace eic::fuzz {
namespace {

namespace fs = std::filesystem;

fs::path VectorsFolder() { return fs::path(EIC_SOURCE_DIR) / "tests" / "vectors"; }

bool ExpectsAccept(const testkit::Vector& vector) {
  return vector.anchors == "root" &&
         std::any_of(vector.expect.begin(), vector.expect.end(),
                     [](const std::string& line) { return line.rfind("accept ", 0) == 0; });
}

// The folders of evidence with which some vector is accepted: what the vectors say is genuine, not
// what the code under test says.
const std::map<std::string, ServedFolder>& AcceptedEvidence() {
  static const auto* const folders = [] {
    auto* read = new std::map<std::string, ServedFolder>;
    for (const testkit::Vector& vector : AllVectors()) {
      if (ExpectsAccept(vector)) read->try_emplace(vector.evidence, ReadEvidence(vector.evidence));
    }
    return read;
  }();
  return *folders;
}

EvpPkeyPtr ReadKey(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return EvpPkeyPtr(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
}

// RSASSA-PSS over SHA-256 with a salt of any length: wider than core/signature.cc, and written
// apart from it.
bool IsSignedBy(EVP_PKEY* key, const KeyRecord& record) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // belongs to `context`
  const bool ready =
      EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, key) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_AUTO) == 1;
  Hold(ready, "the fixture's keys are RSA");
  const int verified = EVP_DigestVerify(
      context.get(), reinterpret_cast<const unsigned char*>(record.signature.data()),
      record.signature.size(), reinterpret_cast<const unsigned char*>(record.signed_bytes.data()),
      record.signed_bytes.size());
  ERR_clear_error();
  return verified == 1;
}

void AddResponses(const ServedFolder& served, StringSet& responses) {
  for (const eic::Staple& staple : served.staples) {
    std::string part = SignedPartOf(DecodeWrapped(*staple.base64));
    if (!part.empty()) responses.insert(std::move(part));
  }
}

}  // namespace

ServedFolder ReadEvidence(const std::string& name) {
  const fs::path folder = VectorsFolder() / "evidence" / name;
  ServedFolder served{
      issuer::ReadFile(folder / "signer-cert"), issuer::ReadFile(folder / "signer-ocsp.list"), {}};
  std::map<std::string, std::string> staples;
  if (fs::exists(folder / "signer-ocsp")) {
    for (const auto& entry : fs::directory_iterator(folder / "signer-ocsp")) {
      staples[entry.path().filename().string()] = issuer::ReadFile(entry.path());
    }
  }
  for (const auto& [staple_name, body] : staples) served.staples.push_back({staple_name, body});
  return served;
}

const ServedFolder& GoodEvidence() {
  static const auto* const good = new ServedFolder(ReadEvidence("good"));
  return *good;
}

const std::vector<testkit::Vector>& AllVectors() {
  static const auto* const vectors = [] {
    auto* read = new std::vector<testkit::Vector>;
    for (const std::string& name : testkit::VectorNames(VectorsFolder())) {
      read->push_back(testkit::LoadVector(VectorsFolder(), name));
    }
    return read;
  }();
  return *vectors;
}

X509_STORE* Anchors() {
  static X509_STORE* const anchors = [] {
    X509_STORE* store = X509_STORE_new();
    const std::string pem = issuer::ReadFile(VectorsFolder() / "anchors" / "root.pem");
    const Result<ServedChain> roots = ParseServedChain(pem);
    Hold(roots && roots->size() == 1, "the fixture has one anchor");
    Hold(X509_STORE_add_cert(store, roots->front().get()) == 1, "the fixture's store takes it");
    return store;
  }();
  return anchors;
}

const StringSet& SignerKeys() {
  static const auto* const keys = [] {
    auto* found = new StringSet;
    for (const auto& [name, served] : AcceptedEvidence()) {
      const Result<ServedChain> chain = ParseServedChain(served.chain_pem);
      Hold(chain.ok(), "the fixture's chains parse");
      found->insert(PublicKeyDer(chain->front().get()));
    }
    return found;
  }();
  return *keys;
}

const StringSet& GenuineRecords() {
  static const auto* const records = [] {
    auto* found = new StringSet;
    for (const std::string& der : SignerKeys()) {
      const EvpPkeyPtr key = ReadKey(der);
      for (const testkit::Vector& vector : AllVectors()) {
        const ParsedBlob parsed = ParseKeyBlob(vector.blob);
        for (const KeyRecord& record : parsed.records) {
          if (IsSignedBy(key.get(), record)) found->emplace(record.signed_bytes);
        }
      }
    }
    return found;
  }();
  return *records;
}

const StringSet& GenuineResponses() {
  static const auto* const responses = [] {
    auto* found = new StringSet;
    for (const auto& [name, served] : AcceptedEvidence()) AddResponses(served, *found);
    // A signer that the authority also made a responder: it must not vouch for itself, and so its
    // own chain is refused; but it may vouch for the signer of the good chain, another certificate.
    return found;
  }();
  return *responses;
}

std::string SignedPartOf(std::string_view staple_der) {
  const auto* at = reinterpret_cast<const unsigned char*>(staple_der.data());
  const OcspResponsePtr response(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(staple_der.size())));
  const OcspBasicResponsePtr basic(response ? OCSP_response_get1_basic(response.get()) : nullptr);
  ERR_clear_error();
  if (!basic) return "";
  unsigned char* der = nullptr;
  const int length =
      i2d_OCSP_RESPDATA(const_cast<OCSP_RESPDATA*>(OCSP_resp_get0_respdata(basic.get())), &der);
  const OpensslBuffer owner(der);
  if (length <= 0) return "";
  std::string part(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  const ASN1_OCTET_STRING* signature = OCSP_resp_get0_signature(basic.get());  // borrowed
  return part.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature)),
                     static_cast<std::size_t>(ASN1_STRING_length(signature)));
}

std::string DecodeWrapped(std::string_view base64) {
  std::string text(base64);
  text.erase(
      std::remove_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }),
      text.end());
  return DecodeBase64(text).value_or("");
}

std::string PublicKeyDer(const X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(X509_get0_pubkey(certificate), &der);
  const OpensslBuffer owner(der);
  return length <= 0 ? ""
                     : std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
}

}  // namespace eic::fuzz
