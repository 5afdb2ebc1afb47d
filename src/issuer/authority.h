// A throw-away authority: a root, an intermediate below it, and a signer of records below that.
//
// It replaces the real one in tests and in the emulator. Its keys are in files without protection,
// so only an agent under test may trust its root.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "issuer/certificates.h"

namespace eic::issuer {

inline constexpr std::int64_t kSecondsPerDay = 86400;

enum class IssuerKeyType { kRsa2048, kEcP256 };

struct AuthoritySpec {
  std::string region = "us-west-2";
  std::string domain = "amazonaws.com";
  Instant now;  // every certificate is valid from a day before
  IssuerKeyType issuer_key_type = IssuerKeyType::kRsa2048;  // of root and intermediate
};

struct Authority {
  std::string region;
  std::string domain;
  EvpPkeyPtr root_key;
  X509Ptr root;
  EvpPkeyPtr intermediate_key;
  X509Ptr intermediate;
  EvpPkeyPtr signer_key;
  X509Ptr signer;

  // Of CrossSignRoot, else null; never kept in files.
  EvpPkeyPtr elder_key;
  X509Ptr elder;       // a root that nobody trusts
  X509Ptr cross_root;  // the root's name and key, signed by it
};

// The specifications that MakeAuthority follows: a test that wants one defect starts from them.
CertificateSpec RootSpec(Instant now);
CertificateSpec IntermediateSpec(Instant now);
CertificateSpec SignerSpec(std::string_view region, std::string_view domain, Instant now);

// managed-ssh-signer.REGION.DOMAIN
std::string SignerName(std::string_view region, std::string_view domain);

Authority MakeAuthority(const AuthoritySpec& spec);

// Gives `authority` a new certificate for its signer's key, for another region or domain.
void ReissueSigner(Authority& authority, std::string_view region, std::string_view domain,
                   Instant now);

// Gives `authority` a new intermediate under its root, and its signer's key a certificate by that.
void RotateIntermediate(Authority& authority, Instant now);

// Makes an elder root that signs the root, as Starfield's signed Amazon's: the served chain then
// leads past the root to one that no store needs to have.
void CrossSignRoot(Authority& authority, Instant now);

// As the metadata service serves it: the signer, then its issuers upward, the root too; with a
// cross-signed root, that one and its elder in the root's place.
std::string SignerChainPem(const Authority& authority);

// The digest of the certificate that names its staple.
enum class StapleNames { kSha1, kSha256 };

struct NamedStaple {
  std::string name;
  std::string der;
};

// One for each certificate of the served chain but the last, by its issuer, sorted by name; good
// from an hour before `now` for `valid_seconds`.
std::vector<NamedStaple> MakeStaples(const Authority& authority, Instant now,
                                     std::int64_t valid_seconds = 7 * kSecondsPerDay,
                                     StapleNames names = StapleNames::kSha1);

bool HasAuthority(const std::filesystem::path& folder);

// Writes FOLDER/anchors.pem (the root), FOLDER/signer-chain.pem, FOLDER/README and FOLDER/private/
// (keys; modes 0700 and 0600). Fails if the folder holds an authority.
void SaveAuthority(const Authority& authority, const std::filesystem::path& folder);
Authority LoadAuthority(const std::filesystem::path& folder);

}  // namespace eic::issuer
