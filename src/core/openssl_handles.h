// Owning pointers for OpenSSL objects.
//
// A raw `X509*` in this tree means borrowed for this call; an owned one is wrapped on the line that
// receives it. OpenSSL reports by 1, 0 and negatives: compare `!= 1`, never `!`.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

namespace eic {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

// Frees the stack and every certificate in it.
struct FreeX509Stack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};

// Frees only the stack; something else owns its certificates.
struct FreeX509Shell {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// OPENSSL_free is a macro, so it needs a name that a template can take.
struct FreeOpensslBuffer {
  void operator()(void* buffer) const { OPENSSL_free(buffer); }
};

using BignumPtr = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using EcGroupPtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using EcPointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;
using EvpMdCtxPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using OcspBasicResponsePtr = std::unique_ptr<OCSP_BASICRESP, FreeWith<OCSP_BASICRESP_free>>;
using OcspCertIdPtr = std::unique_ptr<OCSP_CERTID, FreeWith<OCSP_CERTID_free>>;
using OcspResponsePtr = std::unique_ptr<OCSP_RESPONSE, FreeWith<OCSP_RESPONSE_free>>;
using OpensslBuffer = std::unique_ptr<unsigned char, FreeOpensslBuffer>;
using RsaPssParametersPtr = std::unique_ptr<RSA_PSS_PARAMS, FreeWith<RSA_PSS_PARAMS_free>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509ShellPtr = std::unique_ptr<STACK_OF(X509), FreeX509Shell>;
using X509StackPtr = std::unique_ptr<STACK_OF(X509), FreeX509Stack>;
using X509StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using X509StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;

}  // namespace eic
