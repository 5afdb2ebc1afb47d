#include "issuer/server_identity.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "issuer/authority.h"
#include "issuer/certificates.h"
#include "issuer/files.h"
#include "issuer/issuer_error.h"
#include "issuer/keys.h"

namespace eic::issuer {
namespace {

namespace fs = std::filesystem;

// Below what clients accept for a server's certificate (825 days, and 398 in browsers).
constexpr std::int64_t kServerDays = 90;

struct Ca {
  EvpPkeyPtr key;
  X509Ptr certificate;
};

fs::path CertificateFile(const fs::path& folder) { return folder / "api-ca.pem"; }
fs::path KeyFile(const fs::path& folder) { return folder / "private" / "api-ca.key"; }

bool IsAddress(const std::string& text) {
  unsigned char octets[16];
  return ::inet_pton(AF_INET, text.c_str(), octets) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets) == 1;
}

Ca MakeCa(const fs::path& folder, Instant now) {
  CertificateSpec spec = RootSpec(now);
  spec.common_names = {"Throw-away CA of the emulated API"};
  Ca ca;
  ca.key = GenerateEcKey(NID_X9_62_prime256v1);
  ca.certificate = IssueCertificate(spec, ca.key.get(), nullptr, ca.key.get());
  fs::create_directories(folder / "private");
  fs::permissions(folder / "private", fs::perms::owner_all);
  WriteNewFile(KeyFile(folder), PrivateKeyPem(ca.key.get()), Secrecy::kPrivate);
  // Last, so that there is no CA without its key.
  WriteNewFile(CertificateFile(folder), CertificatePem(ca.certificate.get()), Secrecy::kPublic);
  return ca;
}

Ca LoadCa(const fs::path& folder, Instant now) {
  Ca ca;
  ca.certificate = ParseCertificatePem(ReadFile(CertificateFile(folder)));
  ca.key = ParsePrivateKeyPem(ReadFile(KeyFile(folder)));
  auto time = static_cast<std::time_t>(now.unix_seconds());
  // not_before <= now < not_after
  const bool is_valid = X509_cmp_time(X509_get0_notBefore(ca.certificate.get()), &time) < 0 &&
                        X509_cmp_time(X509_get0_notAfter(ca.certificate.get()), &time) > 0;
  if (!is_valid || X509_check_private_key(ca.certificate.get(), ca.key.get()) != 1) {
    throw IssuerError(CertificateFile(folder).string() + " is not valid now, or not of " +
                      KeyFile(folder).string() + ": delete both for a new CA");
  }
  return ca;
}

// A client may hold a certificate of an earlier run: serial numbers differ (RFC 5280 4.1.2.2).
std::int64_t RandomSerial() {
  std::uint32_t number = 0;
  RequireOne(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number),
             "there is no randomness");
  return std::int64_t{number} + 2;
}

CertificateSpec ServerSpec(const std::vector<std::string>& names, Instant now) {
  CertificateSpec spec;
  spec.common_names = {"Emulated API"};
  spec.serial = RandomSerial();
  spec.not_before = now - kSecondsPerDay;
  spec.not_after = now + kServerDays * kSecondsPerDay;
  spec.key_usage = KU_DIGITAL_SIGNATURE;
  spec.extended_key_usages = {"serverAuth"};
  for (const std::string& name : names) {
    (IsAddress(name) ? spec.ip_addresses : spec.dns_names).push_back(name);
  }
  return spec;
}

}  // namespace

ServerIdentity MakeServerIdentity(const fs::path& folder, const std::vector<std::string>& names,
                                  Instant now) {
  const bool exists = fs::exists(CertificateFile(folder)) || fs::exists(KeyFile(folder));
  const Ca ca = exists ? LoadCa(folder, now) : MakeCa(folder, now);
  ServerIdentity identity;
  identity.key = GenerateEcKey(NID_X9_62_prime256v1);
  identity.certificate = IssueCertificate(ServerSpec(names, now), identity.key.get(),
                                          ca.certificate.get(), ca.key.get());
  return identity;
}

}  // namespace eic::issuer
