// What the targets know to be genuine, read from tests/vectors when it is first asked for: the
// evidence `good`, and all that its authority ever signed. So a target can hold that nothing else
// is accepted. No key is made and nothing is signed here; the keys of these signatures are not even
// read.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/instant.h"
#include "core/openssl_handles.h"
#include "tests/testkit/vector.h"

namespace eic::fuzz {

inline constexpr Instant kNow{2000000000};  // that of every vector
inline constexpr std::string_view kInstance = "i-0123456789abcdef0";
inline constexpr std::string_view kRegion = "us-west-2";
inline constexpr std::string_view kDomain = "amazonaws.com";
inline SignerName ExpectedName() {
  return *ExpectedSignerName({std::string(kRegion), std::string(kDomain)});
}

using StringSet = std::set<std::string, std::less<>>;

// What metadata serves beside the blob, as one folder of tests/vectors/evidence has it.
struct ServedFolder {
  std::string chain_pem;
  std::string staple_list;
  std::vector<Staple> staples;  // in the order of their names
};
ServedFolder ReadEvidence(const std::string& name);

// Everything below lives until the process ends.
const ServedFolder& GoodEvidence();
const std::vector<testkit::Vector>& AllVectors();
X509_STORE* Anchors();                // the throw-away root, alone
const StringSet& SignerKeys();        // DER of the public keys of signers below that root
const StringSet& GenuineRecords();    // signed bytes of the records that those keys signed
const StringSet& GenuineResponses();  // SignedPartOf the staples that count

// What a staple's DER says and who said so: DER of its ResponseData, and its signature; empty where
// there is none. RSA signs the same words in one way only (PKCS #1 v1.5), so two staples with the
// same signed part differ in nothing that counts.
std::string SignedPartOf(std::string_view staple_der);
// The bytes of base64 that may be wrapped; empty if it is none.
std::string DecodeWrapped(std::string_view base64);
std::string PublicKeyDer(const X509* certificate);

}  // namespace eic::fuzz
