#include "core/signature.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "core/openssl_handles.h"

namespace eic {
namespace {

constexpr int kSaltBytes = 32;

bool IsSignedBy(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (!context) return false;
  EVP_PKEY_CTX* parameters = nullptr;  // belongs to `context`
  if (EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, key) != 1) {
    return false;
  }
  // The salt's length is required, not taken from the signature (which would be
  // RSA_PSS_SALTLEN_AUTO).
  if (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1) return false;
  if (EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, kSaltBytes) != 1) return false;
  if (EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, EVP_sha256()) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1;
}

}  // namespace

Result<VerifiedKey> VerifySignature(const TrustedSigner& signer, const Candidate& candidate) {
  const KeyRecord& record = candidate.record();
  const bool genuine = IsSignedBy(signer.key(), record.signed_bytes, record.signature);
  ERR_clear_error();
  if (!genuine) return Error{Reason::kSignatureInvalid, "not by the signer over these bytes"};
  return VerifiedKey(record);
}

}  // namespace eic
