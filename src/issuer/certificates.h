// Certificates, good ones and ones with a defect that a test asks for.
//
// A default CertificateSpec with a name and dates is a plain end certificate. Every field is used
// as it is: nothing here refuses a certificate that no authority should issue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"

namespace eic::issuer {

enum class BasicConstraints { kNone, kCa, kNotCa };

// An extension of any kind, by its encoding.
struct ExtraExtension {
  std::string oid;  // dotted, or a name that OpenSSL knows
  std::string der;  // the contents of extnValue
  bool critical = true;
};

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
ExtensionPtr MakeExtension(const ExtraExtension& extra);

struct CertificateSpec {
  // The subject. Common names may hold any bytes, NUL too; none and several are possible.
  std::vector<std::string> common_names;
  bool common_names_in_one_rdn = false;  // one multi-valued RDN in place of one RDN for each
  std::string organization;              // left out when empty
  std::string organizational_unit;       // left out when empty

  std::int64_t serial = 1;
  Instant not_before;
  Instant not_after;

  BasicConstraints basic_constraints = BasicConstraints::kNotCa;
  bool basic_constraints_critical = true;
  std::optional<std::int64_t> path_length;

  // KU_DIGITAL_SIGNATURE and its siblings of <openssl/x509v3.h>, or'ed; nothing for no extension.
  std::optional<unsigned> key_usage;
  bool key_usage_critical = true;

  std::vector<std::string> extended_key_usages;  // dotted, or OpenSSL's names: "OCSPSigning"
  bool extended_key_usages_critical = false;

  std::vector<std::string> dns_names;  // the subjectAltName; any bytes
  bool dns_names_critical = false;
  std::vector<std::string> ip_addresses = {};  // in the same extension; as text, of either family

  bool subject_key_id = true;
  bool authority_key_id = true;
  std::vector<ExtraExtension> extra_extensions;

  const EVP_MD* digest = EVP_sha256();  // not used by Ed25519 keys
  bool version_1 = false;               // an X.509 v1 certificate, without any extension
};

// The certificate of `subject_key` by `issuer`, whose key is `issuer_key`. Without an issuer it is
// self-signed and `issuer_key` is the subject's. The keys need not fit the issuer: that is a defect
// that a test may ask for.
X509Ptr IssueCertificate(const CertificateSpec& spec, EVP_PKEY* subject_key, X509* issuer,
                         EVP_PKEY* issuer_key);

// A copy whose signature has its last bit turned over.
X509Ptr BreakCertificateSignature(X509* certificate);

std::string CertificateDer(X509* certificate);
std::string CertificatePem(X509* certificate);
// The first certificate of `pem`.
X509Ptr ParseCertificatePem(std::string_view pem);
// Every certificate of `pem`, in its order.
std::vector<X509Ptr> ParseCertificatesPem(std::string_view pem);

// The names that the metadata service gives to staples: the digest of the certificate's DER in
// upper-case hexadecimal digits.
std::string Sha1Name(X509* certificate);
std::string Sha256Name(X509* certificate);

}  // namespace eic::issuer
