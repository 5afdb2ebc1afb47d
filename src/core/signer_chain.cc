#include "core/signer_chain.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/limits.h"

namespace eic {
namespace {

// What PEM_read_bio returns, freed together.
struct PemBlock {
  OpensslBuffer label;
  OpensslBuffer header;
  OpensslBuffer der;
  long length = 0;
};

enum class PemRead { kBlock, kEnd, kBad };

PemRead ReadBlock(BIO* bio, PemBlock& block) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  const int ok = PEM_read_bio(bio, &label, &header, &der, &block.length);
  block.label.reset(reinterpret_cast<unsigned char*>(label));
  block.header.reset(reinterpret_cast<unsigned char*>(header));
  block.der.reset(der);
  if (ok == 1) return PemRead::kBlock;
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return at_end ? PemRead::kEnd : PemRead::kBad;
}

std::string_view TextOf(const OpensslBuffer& buffer) {
  return reinterpret_cast<const char*>(buffer.get());
}

// A certificate that uses up its bytes; null otherwise. The label must be the plain one: a
// "TRUSTED CERTIFICATE" would carry trust settings, which metadata must not choose.
X509Ptr ParseCertificate(const PemBlock& block) {
  if (TextOf(block.label) != PEM_STRING_X509 || !TextOf(block.header).empty()) return nullptr;
  const unsigned char* at = block.der.get();
  X509Ptr certificate(d2i_X509(nullptr, &at, block.length));
  ERR_clear_error();
  if (!certificate || at != block.der.get() + block.length) return nullptr;
  return certificate;
}

std::string UpperHex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kHexDigits[bytes[i] >> 4];
    text += kHexDigits[bytes[i] & 0xfU];
  }
  return text;
}

// The subject's only common name. OpenSSL's convenience call returns the first or the last of
// several, and stops at NUL: here several count as none, and a NUL does not end the name.
std::optional<std::string> OnlyCommonName(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(subject), NID_commonName, -1);
  if (at < 0) return std::nullopt;
  if (X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(subject), NID_commonName, at) >= 0) {
    return std::nullopt;
  }
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  unsigned char* utf8 = nullptr;
  const int length = ASN1_STRING_to_UTF8(&utf8, value);
  const OpensslBuffer owner(utf8);
  if (length < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
}

Result<Nothing> CheckSigner(X509* signer, const SignerName& signer_name) {
  const std::optional<std::string> common_name = OnlyCommonName(signer);
  if (!common_name) return Error{Reason::kSignerNameNotUnique, SubjectText(signer)};
  if (*common_name != signer_name.text()) {
    return Error{Reason::kSignerNameMismatch, *common_name + ", expected " + signer_name.text()};
  }
  // Two questions, since each misses a way to be a CA: X509_check_ca(3) takes key usage without
  // keyCertSign for "no CA", and the flag is that of basic constraints alone.
  const bool is_ca =
      X509_check_ca(signer) != 0 || (X509_get_extension_flags(signer) & EXFLAG_CA) != 0;
  if (is_ca) return Error{Reason::kSignerIsCa, SubjectText(signer)};
  const EVP_PKEY* key = X509_get0_pubkey(signer);  // borrowed from the certificate
  if (key == nullptr || EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
    return Error{Reason::kSignerKeyUnsuitable, "not RSA"};
  }
  if (EVP_PKEY_bits(key) < kSignerRsaBitsMin) {
    return Error{Reason::kSignerKeyUnsuitable,
                 "RSA " + std::to_string(EVP_PKEY_bits(key)) + " bits"};
  }
  // RFC 5280 section 4.2.1.3. All bits are set if the certificate names no usage.
  if ((X509_get_key_usage(signer) & KU_DIGITAL_SIGNATURE) == 0) {
    return Error{Reason::kSignerKeyUnsuitable, "its key usage is not to sign"};
  }
  return Nothing{};
}

Reason ReasonOf(int verify_error) {
  switch (verify_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Reason::kCertificateExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Reason::kCertificateNotYetValid;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return Reason::kCertificateWeak;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
      return Reason::kChainUntrusted;
    case X509_V_ERR_STORE_LOOKUP:
    case X509_V_ERR_OUT_OF_MEM:
      return Reason::kCaStoreUnusable;
    default:
      return Reason::kChainInvalid;
  }
}

Error ErrorOf(X509_STORE_CTX* context) {
  const int verify_error = X509_STORE_CTX_get_error(context);
  std::string detail = X509_verify_cert_error_string(verify_error);
  const X509* at = X509_STORE_CTX_get_current_cert(context);  // borrowed from the context
  if (at != nullptr) detail += ": " + SubjectText(at);
  return Error{ReasonOf(verify_error), std::move(detail)};
}

// RFC 5280 section 6 with what OpenSSL does not do by itself: without the authentication level it
// would accept RSA-1024 and SHA-1; without strict mode, issuers that are not CAs by today's rules.
// Trusted certificates come first, so that a cross-signed root ends the path. No purpose is set:
// AWS does not document the signer's extended key usages.
void SetParameters(X509_STORE_CTX* context, Instant now) {
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);  // borrowed
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT | X509_V_FLAG_TRUSTED_FIRST);
  X509_VERIFY_PARAM_set_auth_level(parameters, kAuthLevel);
  X509_VERIFY_PARAM_set_depth(parameters, static_cast<int>(kChainCertificatesMax));
  X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(now.unix_seconds()));
}

// A second reference to each certificate of the verified path.
std::vector<X509Ptr> PathOf(X509_STORE_CTX* context) {
  std::vector<X509Ptr> path;
  STACK_OF(X509)* built = X509_STORE_CTX_get0_chain(context);  // borrowed
  for (int i = 0; i < sk_X509_num(built); ++i) {
    X509* certificate = sk_X509_value(built, i);
    if (X509_up_ref(certificate) != 1) std::abort();
    path.emplace_back(certificate);
  }
  return path;
}

Result<Nothing> CheckPath(const std::vector<X509Ptr>& path) {
  // A signer that is itself in the store would be its own anchor and need no staple.
  if (path.size() < 2) return Error{Reason::kChainUntrusted, "the signer itself is an anchor"};
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (X509_check_ca(path[i].get()) != 1) {
      return Error{Reason::kChainInvalid, "issuer is no CA: " + SubjectText(path[i].get())};
    }
  }
  return Nothing{};
}

void Push(const X509ShellPtr& stack, X509* certificate) {
  if (sk_X509_push(stack.get(), certificate) < 1) std::abort();
}

X509StoreCtxPtr NewContext(X509_STORE* store, X509* target, const X509ShellPtr& untrusted) {
  X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (!context) std::abort();
  // Fails only if memory runs out.
  if (X509_STORE_CTX_init(context.get(), store, target, untrusted.get()) != 1) std::abort();
  return context;
}

Result<std::vector<X509Ptr>> Verify(X509_STORE_CTX* context, Instant now) {
  SetParameters(context, now);
  const int verified = X509_verify_cert(context);
  ERR_clear_error();
  if (verified != 1) return ErrorOf(context);

  std::vector<X509Ptr> path = PathOf(context);
  const Result<Nothing> checked = CheckPath(path);
  if (!checked) return checked.error();
  return path;
}

// OpenSSL's question while it builds a path, X509_STORE_set_check_issued(3): here only the next
// certificate of the given path may be the issuer, so that it builds this path or none. The last
// one may be its own.
extern "C" int IsIssuedOnPath(X509_STORE_CTX* context, X509* certificate, X509* issuer) {
  const auto& path =
      *static_cast<const std::vector<PathStep>*>(X509_STORE_CTX_get_app_data(context));
  std::size_t at = 0;
  while (at < path.size() && X509_cmp(path[at].certificate, certificate) != 0) ++at;
  if (at == path.size()) return 0;
  const std::size_t next = std::min(at + 1, path.size() - 1);
  return X509_cmp(path[next].certificate, issuer) == 0 &&
                 X509_check_issued(issuer, certificate) == X509_V_OK
             ? 1
             : 0;
}

}  // namespace

Result<ServedChain> ParseServedChain(std::string_view pem) {
  if (pem.size() > kChainPemBytesMax) return Error{Reason::kChainTooLong, "bytes"};
  if (pem.empty()) return Error{Reason::kChainMalformed, "no certificate"};
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) std::abort();

  ServedChain chain;
  while (true) {
    PemBlock block;
    const PemRead read = ReadBlock(bio.get(), block);
    if (read == PemRead::kEnd) break;
    if (read == PemRead::kBad) return Error{Reason::kChainMalformed, "not PEM"};
    if (chain.size() == kChainCertificatesMax) return Error{Reason::kChainTooLong, "certificates"};
    X509Ptr certificate = ParseCertificate(block);
    if (!certificate) return Error{Reason::kChainMalformed, "not a certificate"};
    chain.push_back(std::move(certificate));
  }
  if (chain.empty()) return Error{Reason::kChainMalformed, "no certificate"};
  return chain;
}

std::vector<std::string> StapleNames(const X509* certificate) {
  std::vector<std::string> names;
  for (const EVP_MD* digest : {EVP_sha1(), EVP_sha256()}) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned int length = 0;
    if (X509_digest(certificate, digest, value.data(), &length) != 1) continue;
    names.push_back(UpperHex(value.data(), length));
  }
  return names;
}

Result<std::vector<X509Ptr>> BuildPath(X509* target, const ServedChain& served, X509_STORE* anchors,
                                       Instant now) {
  const X509ShellPtr untrusted(sk_X509_new_null());
  if (!untrusted) std::abort();
  for (const X509Ptr& certificate : served) Push(untrusted, certificate.get());
  const X509StoreCtxPtr context = NewContext(anchors, target, untrusted);
  return Verify(context.get(), now);
}

Result<std::vector<X509Ptr>> VerifyPath(const std::vector<PathStep>& path, Instant now) {
  if (path.empty()) std::abort();
  const X509StorePtr store(X509_STORE_new());
  const X509ShellPtr untrusted(sk_X509_new_null());
  if (!store || !untrusted) std::abort();
  for (const PathStep& step : path) {
    if (!step.is_of_store) {
      Push(untrusted, step.certificate);
    } else if (X509_STORE_add_cert(store.get(), step.certificate) != 1) {
      std::abort();
    }
  }
  X509_STORE_set_check_issued(store.get(), &IsIssuedOnPath);
  const X509StoreCtxPtr context = NewContext(store.get(), path.front().certificate, untrusted);
  X509_STORE_CTX_set_app_data(context.get(), const_cast<std::vector<PathStep>*>(&path));
  return Verify(context.get(), now);
}

Result<VerifiedChain> VerifyChain(const ServedChain& served, const SignerName& signer_name,
                                  X509_STORE* anchors, Instant now) {
  if (served.empty()) return Error{Reason::kChainMalformed, "no certificate"};
  X509* signer = served.front().get();
  const Result<Nothing> checked = CheckSigner(signer, signer_name);
  if (!checked) return checked.error();
  Result<std::vector<X509Ptr>> path = BuildPath(signer, served, anchors, now);
  if (!path) return path.error();
  return VerifiedChain(*std::move(path));
}

std::string SubjectText(const X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio) std::abort();
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  const char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return length <= 0 ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

}  // namespace eic
