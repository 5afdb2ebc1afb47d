#include "issuer/certificates.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <limits>

#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

using Asn1BitStringPtr = std::unique_ptr<ASN1_BIT_STRING, FreeWith<ASN1_BIT_STRING_free>>;
using Asn1IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using Asn1ObjectPtr = std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>>;
using Asn1OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>>;
using Asn1TimePtr = std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>>;
using AuthorityKeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, FreeWith<AUTHORITY_KEYID_free>>;
using BasicConstraintsPtr = std::unique_ptr<BASIC_CONSTRAINTS, FreeWith<BASIC_CONSTRAINTS_free>>;
using ExtendedKeyUsagePtr = std::unique_ptr<EXTENDED_KEY_USAGE, FreeWith<EXTENDED_KEY_USAGE_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL counts bytes in an int.
int Size(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) Fail("too large");
  return static_cast<int>(text.size());
}

void AddExtension(X509* certificate, int nid, void* value, bool critical) {
  RequireOne(X509_add1_ext_i2d(certificate, nid, value, critical ? 1 : 0, X509V3_ADD_APPEND),
             "cannot add an extension");
}

void AddNameEntry(X509_NAME* name, int nid, std::string_view value, bool same_rdn) {
  // set = -1 joins the entry to the RDN before it; 0 opens one. V_ASN1_UTF8STRING takes the bytes
  // as they are, so that a NUL inside the name survives.
  RequireOne(X509_NAME_add_entry_by_NID(name, nid, V_ASN1_UTF8STRING, Bytes(value), Size(value), -1,
                                        same_rdn ? -1 : 0),
             "cannot add to a name");
}

void SetSubject(X509* certificate, const CertificateSpec& spec) {
  X509_NAME* name = X509_get_subject_name(certificate);
  if (!spec.organization.empty()) {
    AddNameEntry(name, NID_organizationName, spec.organization, false);
  }
  if (!spec.organizational_unit.empty()) {
    AddNameEntry(name, NID_organizationalUnitName, spec.organizational_unit, false);
  }
  bool same_rdn = false;
  for (const std::string& common_name : spec.common_names) {
    AddNameEntry(name, NID_commonName, common_name, same_rdn);
    same_rdn = spec.common_names_in_one_rdn;
  }
}

void SetDates(X509* certificate, const CertificateSpec& spec) {
  const Asn1TimePtr not_before(
      Require(ASN1_TIME_set(nullptr, spec.not_before.unix_seconds()), "a bad date"));
  const Asn1TimePtr not_after(
      Require(ASN1_TIME_set(nullptr, spec.not_after.unix_seconds()), "a bad date"));
  RequireOne(X509_set1_notBefore(certificate, not_before.get()), "cannot set a date");
  RequireOne(X509_set1_notAfter(certificate, not_after.get()), "cannot set a date");
}

void AddBasicConstraints(X509* certificate, const CertificateSpec& spec) {
  if (spec.basic_constraints == BasicConstraints::kNone) return;
  const BasicConstraintsPtr constraints(Require(BASIC_CONSTRAINTS_new(), "no memory"));
  constraints->ca = spec.basic_constraints == BasicConstraints::kCa ? 0xFF : 0;
  if (spec.path_length) {
    // Owned by `constraints`, whose free frees it.
    constraints->pathlen = Require(ASN1_INTEGER_new(), "no memory");
    RequireOne(ASN1_INTEGER_set_int64(constraints->pathlen, *spec.path_length), "a bad length");
  }
  AddExtension(certificate, NID_basic_constraints, constraints.get(),
               spec.basic_constraints_critical);
}

// RFC 5280 section 4.2.1.3. OpenSSL's KU_ bits count from the top of the first byte, and the ninth
// bit is in the next one.
void AddKeyUsage(X509* certificate, const CertificateSpec& spec) {
  if (!spec.key_usage) return;
  const Asn1BitStringPtr bits(Require(ASN1_BIT_STRING_new(), "no memory"));
  for (int bit = 0; bit < 9; ++bit) {
    const unsigned mask = bit < 8 ? 0x80U >> static_cast<unsigned>(bit) : 0x8000U;
    if ((*spec.key_usage & mask) == 0) continue;
    RequireOne(ASN1_BIT_STRING_set_bit(bits.get(), bit, 1), "no memory");
  }
  AddExtension(certificate, NID_key_usage, bits.get(), spec.key_usage_critical);
}

void AddExtendedKeyUsages(X509* certificate, const CertificateSpec& spec) {
  if (spec.extended_key_usages.empty()) return;
  const ExtendedKeyUsagePtr usages(Require(EXTENDED_KEY_USAGE_new(), "no memory"));
  for (const std::string& usage : spec.extended_key_usages) {
    Asn1ObjectPtr object(Require(OBJ_txt2obj(usage.c_str(), 0), "an unknown key usage"));
    if (sk_ASN1_OBJECT_push(usages.get(), object.get()) <= 0) Fail("no memory");
    static_cast<void>(object.release());  // `usages` owns it now
  }
  AddExtension(certificate, NID_ext_key_usage, usages.get(), spec.extended_key_usages_critical);
}

// The octets of an address, which must be one of either family.
std::string AddressOctets(const std::string& text) {
  unsigned char octets[16];
  if (::inet_pton(AF_INET, text.c_str(), octets) == 1) return std::string(octets, octets + 4);
  if (::inet_pton(AF_INET6, text.c_str(), octets) == 1) return std::string(octets, octets + 16);
  Fail("not an address: " + text);
}

// RFC 5280 section 4.2.1.6. `type` is GEN_DNS or GEN_IPADD, whose values are both octets.
void AddGeneralName(GENERAL_NAMES* names, int type, std::string_view octets) {
  GeneralNamePtr name(Require(GENERAL_NAME_new(), "no memory"));
  ASN1_STRING* value = Require(
      ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING), "no memory");
  GENERAL_NAME_set0_value(name.get(), type, value);  // `name` owns `value` now
  RequireOne(ASN1_STRING_set(value, octets.data(), Size(octets)), "no memory");
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) Fail("no memory");
  static_cast<void>(name.release());  // `names` owns it now
}

void AddSubjectNames(X509* certificate, const CertificateSpec& spec) {
  if (spec.dns_names.empty() && spec.ip_addresses.empty()) return;
  const GeneralNamesPtr names(Require(GENERAL_NAMES_new(), "no memory"));
  for (const std::string& dns_name : spec.dns_names) {
    AddGeneralName(names.get(), GEN_DNS, dns_name);
  }
  for (const std::string& address : spec.ip_addresses) {
    AddGeneralName(names.get(), GEN_IPADD, AddressOctets(address));
  }
  AddExtension(certificate, NID_subject_alt_name, names.get(), spec.dns_names_critical);
}

// RFC 5280 section 4.2.1.2, method (1): SHA-1 of the public key's bits.
Asn1OctetsPtr PublicKeyId(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  RequireOne(X509_pubkey_digest(certificate, EVP_sha1(), digest, &size), "cannot digest a key");
  Asn1OctetsPtr id(Require(ASN1_OCTET_STRING_new(), "no memory"));
  RequireOne(ASN1_OCTET_STRING_set(id.get(), digest, static_cast<int>(size)), "no memory");
  return id;
}

void AddKeyIds(X509* certificate, const CertificateSpec& spec, X509* issuer) {
  if (spec.subject_key_id) {
    AddExtension(certificate, NID_subject_key_identifier, PublicKeyId(certificate).get(), false);
  }
  if (spec.authority_key_id) {
    const AuthorityKeyIdPtr authority(Require(AUTHORITY_KEYID_new(), "no memory"));
    authority->keyid = PublicKeyId(issuer).release();  // freed with `authority`
    AddExtension(certificate, NID_authority_key_identifier, authority.get(), false);
  }
}

void AddExtraExtensions(X509* certificate, const CertificateSpec& spec) {
  for (const ExtraExtension& extra : spec.extra_extensions) {
    RequireOne(X509_add_ext(certificate, MakeExtension(extra).get(), -1),
               "cannot add an extension");
  }
}

void AddExtensions(X509* certificate, const CertificateSpec& spec, X509* issuer) {
  if (spec.version_1) return;
  AddBasicConstraints(certificate, spec);
  AddKeyUsage(certificate, spec);
  AddExtendedKeyUsages(certificate, spec);
  AddSubjectNames(certificate, spec);
  AddKeyIds(certificate, spec, issuer);
  AddExtraExtensions(certificate, spec);
}

std::string DigestName(X509* certificate, const EVP_MD* md) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  RequireOne(X509_digest(certificate, md, digest, &size), "cannot digest a certificate");
  std::string name;
  for (unsigned i = 0; i < size; ++i) {
    name.push_back("0123456789ABCDEF"[digest[i] >> 4U]);
    name.push_back("0123456789ABCDEF"[digest[i] & 0x0FU]);
  }
  return name;
}

}  // namespace

ExtensionPtr MakeExtension(const ExtraExtension& extra) {
  const Asn1ObjectPtr object(Require(OBJ_txt2obj(extra.oid.c_str(), 0), "an unknown extension"));
  const Asn1OctetsPtr octets(Require(ASN1_OCTET_STRING_new(), "no memory"));
  RequireOne(ASN1_OCTET_STRING_set(octets.get(), Bytes(extra.der), Size(extra.der)), "no memory");
  return ExtensionPtr(Require(
      X509_EXTENSION_create_by_OBJ(nullptr, object.get(), extra.critical ? 1 : 0, octets.get()),
      "cannot make an extension"));
}

X509Ptr IssueCertificate(const CertificateSpec& spec, EVP_PKEY* subject_key, X509* issuer,
                         EVP_PKEY* issuer_key) {
  X509Ptr certificate(Require(X509_new(), "no memory"));
  // The encoding counts versions from 0.
  RequireOne(X509_set_version(certificate.get(), spec.version_1 ? 0 : 2), "cannot set a version");
  RequireOne(ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), spec.serial),
             "cannot set a serial number");
  SetDates(certificate.get(), spec);
  SetSubject(certificate.get(), spec);
  X509* named_issuer = issuer == nullptr ? certificate.get() : issuer;
  RequireOne(X509_set_issuer_name(certificate.get(), X509_get_subject_name(named_issuer)),
             "cannot set an issuer");
  RequireOne(X509_set_pubkey(certificate.get(), subject_key), "cannot set a public key");
  AddExtensions(certificate.get(), spec, named_issuer);

  const bool digests_itself = EVP_PKEY_base_id(issuer_key) == EVP_PKEY_ED25519;
  if (X509_sign(certificate.get(), issuer_key, digests_itself ? nullptr : spec.digest) <= 0) {
    Fail("cannot sign a certificate");
  }
  return certificate;
}

X509Ptr BreakCertificateSignature(X509* certificate) {
  // The signature is the last field of a Certificate (RFC 5280 section 4.1).
  std::string der = CertificateDer(certificate);
  der.back() = static_cast<char>(der.back() ^ 1);
  const unsigned char* in = Bytes(der);
  return X509Ptr(Require(d2i_X509(nullptr, &in, Size(der)), "cannot read a certificate"));
}

std::string CertificateDer(X509* certificate) {
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate, &out);
  const OpensslBuffer buffer(out);
  if (size <= 0) Fail("cannot encode a certificate");
  return std::string(out, out + size);
}

std::string CertificatePem(X509* certificate) {
  const BioPtr bio(Require(BIO_new(BIO_s_mem()), "no memory"));
  RequireOne(PEM_write_bio_X509(bio.get(), certificate), "cannot write a certificate");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

X509Ptr ParseCertificatePem(std::string_view pem) {
  std::vector<X509Ptr> certificates = ParseCertificatesPem(pem);
  if (certificates.empty()) Fail("there is no certificate");
  // cppcheck-suppress returnStdMoveLocal ; an element, not a local
  return std::move(certificates.front());
}

std::vector<X509Ptr> ParseCertificatesPem(std::string_view pem) {
  const BioPtr bio(Require(BIO_new_mem_buf(pem.data(), Size(pem)), "no memory"));
  std::vector<X509Ptr> certificates;
  while (X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    certificates.push_back(std::move(certificate));
  }
  // The end of the text is reported as an error too.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    Fail("cannot read a certificate");
  }
  ERR_clear_error();
  return certificates;
}

std::string Sha1Name(X509* certificate) { return DigestName(certificate, EVP_sha1()); }

std::string Sha256Name(X509* certificate) { return DigestName(certificate, EVP_sha256()); }

}  // namespace eic::issuer
