#include "issuer/records.h"

#include <openssl/rsa.h>

#include "core/base64.h"
#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

void SetRsaScheme(EVP_PKEY_CTX* context, const SignatureScheme& scheme) {
  if (!scheme.pss) {
    RequireOne(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), "cannot set a padding");
    return;
  }
  RequireOne(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING), "cannot set a padding");
  RequireOne(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, scheme.salt_bytes), "cannot set a salt");
  RequireOne(EVP_PKEY_CTX_set_rsa_mgf1_md(context, scheme.mask_digest), "cannot set a digest");
}

std::string WrappedLines(const std::string& text, std::size_t columns) {
  if (columns == 0) return text + "\n";
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += columns) {
    lines.append(text, at, columns).append("\n");
  }
  return lines;
}

}  // namespace

RecordSpec MakeRecordSpec(const RecordFields& fields, std::string_view key_line) {
  RecordSpec spec;
  spec.metadata_lines.push_back("#Timestamp=" + std::to_string(fields.timestamp.unix_seconds()));
  if (!fields.instance_id.empty()) {
    spec.metadata_lines.push_back("#Instance=" + fields.instance_id);
  }
  if (!fields.caller.empty()) spec.metadata_lines.push_back("#Caller=" + fields.caller);
  if (!fields.request_id.empty()) spec.metadata_lines.push_back("#Request=" + fields.request_id);
  spec.key_line = key_line;
  return spec;
}

std::string SignedBytes(const RecordSpec& spec) {
  std::string bytes;
  for (const std::string& line : spec.metadata_lines) bytes.append(line).append("\n");
  return bytes.append(spec.key_line).append("\n");
}

std::string Sign(std::string_view bytes, EVP_PKEY* signer_key, const SignatureScheme& scheme) {
  const EvpMdCtxPtr md_context(Require(EVP_MD_CTX_new(), "no memory"));
  const int key_type = EVP_PKEY_base_id(signer_key);
  const EVP_MD* digest = key_type == EVP_PKEY_ED25519 ? nullptr : scheme.digest;
  EVP_PKEY_CTX* context = nullptr;  // belongs to `md_context`
  RequireOne(EVP_DigestSignInit(md_context.get(), &context, digest, nullptr, signer_key),
             "cannot begin to sign");
  if (key_type == EVP_PKEY_RSA) SetRsaScheme(context, scheme);

  const unsigned char* in = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  RequireOne(EVP_DigestSign(md_context.get(), nullptr, &size, in, bytes.size()), "cannot sign");
  std::string signature(size, '\0');
  RequireOne(EVP_DigestSign(md_context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                            &size, in, bytes.size()),
             "cannot sign");
  signature.resize(size);
  return signature;
}

std::string SignRecord(const RecordSpec& spec, EVP_PKEY* signer_key) {
  return RecordWithSignature(spec, Sign(SignedBytes(spec), signer_key, spec.scheme));
}

std::string RecordWithSignature(const RecordSpec& spec, std::string_view signature) {
  return SignedBytes(spec) + WrappedLines(EncodeBase64(signature), spec.wrap_columns);
}

}  // namespace eic::issuer
