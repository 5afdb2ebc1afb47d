// Private keys: made, written, read; and the public half as OpenSSH writes it.
#pragma once

#include <string>
#include <string_view>

#include "core/openssl_handles.h"

namespace eic::issuer {

EvpPkeyPtr GenerateRsaKey(int bits);
// `curve_nid`: NID_X9_62_prime256v1, NID_secp384r1 or NID_secp521r1.
EvpPkeyPtr GenerateEcKey(int curve_nid);
EvpPkeyPtr GenerateEd25519Key();

// PKCS #8 in PEM, without encryption.
std::string PrivateKeyPem(EVP_PKEY* key);
EvpPkeyPtr ParsePrivateKeyPem(std::string_view pem);

// The public key blob of RFC 4253 section 6.6, RFC 5656 section 3.1 and RFC 8709 section 4, for
// RSA, the three NIST curves and Ed25519.
std::string SshWireKey(EVP_PKEY* key);

// `TYPE BASE64`, then a blank and `comment` unless it is empty. No line end.
std::string SshPublicKeyLine(EVP_PKEY* key, std::string_view comment);

}  // namespace eic::issuer
