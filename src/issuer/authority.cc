#include "issuer/authority.h"

#include <openssl/objects.h>

#include <algorithm>
#include <system_error>

#include "issuer/files.h"
#include "issuer/issuer_error.h"
#include "issuer/keys.h"
#include "issuer/staples.h"

namespace eic::issuer {
namespace {

constexpr std::int64_t kAuthorityDays = 3650;
constexpr std::string_view kOrganization = "Throw-away authority of eic-emulator";
constexpr std::string_view kSignerLabel = "managed-ssh-signer.";
constexpr std::string_view kReadme =
    "A throw-away authority of eic-emulator, for development and tests.\n"
    "\n"
    "anchors.pem       its root; an agent under test takes it with --ca-store\n"
    "signer-chain.pem  the signer's certificate, then its issuers\n"
    "private/          the keys of all three, unprotected\n"
    "\n"
    "Whoever reads private/ can sign keys that any agent with this root accepts. Never install\n"
    "anchors.pem into the trust store of a system. Delete this folder when you are done.\n";

CertificateSpec IssuingSpec(std::string common_name, std::int64_t serial, Instant now) {
  CertificateSpec spec;
  spec.common_names = {std::move(common_name)};
  spec.organization = kOrganization;
  spec.serial = serial;
  spec.not_before = now - kSecondsPerDay;
  spec.not_after = now + kAuthorityDays * kSecondsPerDay;
  spec.basic_constraints = BasicConstraints::kCa;
  spec.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_CRL_SIGN;
  return spec;
}

EvpPkeyPtr GenerateIssuerKey(IssuerKeyType type) {
  return type == IssuerKeyType::kRsa2048 ? GenerateRsaKey(2048)
                                         : GenerateEcKey(NID_X9_62_prime256v1);
}

NamedStaple GoodStaple(X509* subject, X509* issuer, EVP_PKEY* issuer_key, Instant now,
                       std::int64_t valid_seconds, StapleNames names) {
  SingleResponseSpec response;
  response.subject = subject;
  response.issuer = issuer;
  response.this_update = now - 3600;
  response.next_update = now + valid_seconds;

  StapleSpec spec;
  spec.responses = {response};
  spec.responder = issuer;
  spec.responder_key = issuer_key;
  spec.produced_at = now - 3600;
  const bool sha256 = names == StapleNames::kSha256;
  return NamedStaple{sha256 ? Sha256Name(subject) : Sha1Name(subject), MakeStaple(spec)};
}

// Only the signer's name has the region and the domain.
void SetRegionAndDomain(Authority& authority) {
  char text[256];
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(authority.signer.get()),
                                             NID_commonName, text, sizeof text);
  const std::string_view name(text, size < 0 ? 0 : static_cast<std::size_t>(size));
  if (name.substr(0, kSignerLabel.size()) != kSignerLabel) Fail("the signer has another name");
  const std::string_view rest = name.substr(kSignerLabel.size());
  const std::size_t dot = rest.find('.');
  if (dot == std::string_view::npos) Fail("the signer's name has no domain");
  authority.region = rest.substr(0, dot);
  authority.domain = rest.substr(dot + 1);
}

void MakePrivateFolder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) throw IssuerError("cannot make " + folder.string() + ": " + error.message());
}

EvpPkeyPtr LoadKey(const std::filesystem::path& folder, std::string_view name) {
  return ParsePrivateKeyPem(ReadFile(folder / "private" / name));
}

}  // namespace

CertificateSpec RootSpec(Instant now) { return IssuingSpec("Throw-away root", 1, now); }

CertificateSpec IntermediateSpec(Instant now) {
  CertificateSpec spec = IssuingSpec("Throw-away intermediate", 2, now);
  spec.path_length = 0;
  return spec;
}

CertificateSpec SignerSpec(std::string_view region, std::string_view domain, Instant now) {
  CertificateSpec spec;
  spec.common_names = {SignerName(region, domain)};
  spec.serial = 3;
  spec.not_before = now - kSecondsPerDay;
  spec.not_after = now + kAuthorityDays * kSecondsPerDay;
  spec.key_usage = KU_DIGITAL_SIGNATURE;
  spec.dns_names = spec.common_names;
  return spec;
}

std::string SignerName(std::string_view region, std::string_view domain) {
  return std::string(kSignerLabel).append(region).append(".").append(domain);
}

Authority MakeAuthority(const AuthoritySpec& spec) {
  Authority authority;
  authority.root_key = GenerateIssuerKey(spec.issuer_key_type);
  authority.root = IssueCertificate(RootSpec(spec.now), authority.root_key.get(), nullptr,
                                    authority.root_key.get());
  authority.intermediate_key = GenerateIssuerKey(spec.issuer_key_type);
  authority.intermediate =
      IssueCertificate(IntermediateSpec(spec.now), authority.intermediate_key.get(),
                       authority.root.get(), authority.root_key.get());
  authority.signer_key = GenerateRsaKey(2048);
  ReissueSigner(authority, spec.region, spec.domain, spec.now);
  return authority;
}

void ReissueSigner(Authority& authority, std::string_view region, std::string_view domain,
                   Instant now) {
  authority.signer =
      IssueCertificate(SignerSpec(region, domain, now), authority.signer_key.get(),
                       authority.intermediate.get(), authority.intermediate_key.get());
  authority.region = region;
  authority.domain = domain;
}

void RotateIntermediate(Authority& authority, Instant now) {
  // Serial numbers differ, so that a staple of the former one is about no other (RFC
  // 5280 4.1.2.2).
  CertificateSpec spec = IntermediateSpec(now);
  spec.serial = ASN1_INTEGER_get(X509_get0_serialNumber(authority.intermediate.get())) + 2;
  authority.intermediate_key = GenerateEcKey(NID_X9_62_prime256v1);
  authority.intermediate = IssueCertificate(spec, authority.intermediate_key.get(),
                                            authority.root.get(), authority.root_key.get());
  ReissueSigner(authority, authority.region, authority.domain, now);
}

void CrossSignRoot(Authority& authority, Instant now) {
  CertificateSpec elder = RootSpec(now);
  elder.common_names = {"Throw-away elder root"};
  authority.elder_key = GenerateRsaKey(2048);
  authority.elder =
      IssueCertificate(elder, authority.elder_key.get(), nullptr, authority.elder_key.get());
  CertificateSpec cross = RootSpec(now);
  cross.serial = 2;
  authority.cross_root = IssueCertificate(cross, authority.root_key.get(), authority.elder.get(),
                                          authority.elder_key.get());
}

std::string SignerChainPem(const Authority& authority) {
  const std::string below =
      CertificatePem(authority.signer.get()) + CertificatePem(authority.intermediate.get());
  if (!authority.cross_root) return below + CertificatePem(authority.root.get());
  return below + CertificatePem(authority.cross_root.get()) + CertificatePem(authority.elder.get());
}

std::vector<NamedStaple> MakeStaples(const Authority& authority, Instant now,
                                     std::int64_t valid_seconds, StapleNames names) {
  std::vector<NamedStaple> staples;
  const auto add = [&](X509* subject, X509* issuer, EVP_PKEY* issuer_key) {
    staples.push_back(GoodStaple(subject, issuer, issuer_key, now, valid_seconds, names));
  };
  add(authority.signer.get(), authority.intermediate.get(), authority.intermediate_key.get());
  add(authority.intermediate.get(), authority.root.get(), authority.root_key.get());
  if (authority.cross_root) {
    add(authority.cross_root.get(), authority.elder.get(), authority.elder_key.get());
  }
  std::sort(staples.begin(), staples.end(),
            [](const NamedStaple& a, const NamedStaple& b) { return a.name < b.name; });
  return staples;
}

bool HasAuthority(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "anchors.pem") ||
         std::filesystem::exists(folder / "private" / "root.key");
}

void SaveAuthority(const Authority& authority, const std::filesystem::path& folder) {
  if (HasAuthority(folder)) {
    throw IssuerError(folder.string() + " already holds an authority; choose another folder");
  }
  MakePrivateFolder(folder / "private");
  const auto save_key = [&folder](std::string_view name, EVP_PKEY* key) {
    WriteNewFile(folder / "private" / name, PrivateKeyPem(key), Secrecy::kPrivate);
  };
  save_key("root.key", authority.root_key.get());
  save_key("intermediate.key", authority.intermediate_key.get());
  save_key("signer.key", authority.signer_key.get());
  WriteNewFile(folder / "README", kReadme, Secrecy::kPublic);
  WriteNewFile(folder / "signer-chain.pem", SignerChainPem(authority), Secrecy::kPublic);
  // Last, so that a folder with anchors is complete.
  WriteNewFile(folder / "anchors.pem", CertificatePem(authority.root.get()), Secrecy::kPublic);
}

Authority LoadAuthority(const std::filesystem::path& folder) {
  Authority authority;
  authority.root = ParseCertificatePem(ReadFile(folder / "anchors.pem"));
  std::vector<X509Ptr> chain = ParseCertificatesPem(ReadFile(folder / "signer-chain.pem"));
  if (chain.size() < 2) Fail("signer-chain.pem has no two certificates");
  authority.signer = std::move(chain[0]);
  authority.intermediate = std::move(chain[1]);
  authority.root_key = LoadKey(folder, "root.key");
  authority.intermediate_key = LoadKey(folder, "intermediate.key");
  authority.signer_key = LoadKey(folder, "signer.key");
  SetRegionAndDomain(authority);
  return authority;
}

}  // namespace eic::issuer
