// The signer's certificate and its path to an anchor. doc/design.md step 7; RFC 5280 section 6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "core/partition.h"
#include "core/result.h"

namespace eic {

class OtherPaths;  // core/other_paths.h

// The certificates of `signer-cert`, parsed and untrusted: the signer first, then in any order
// those that may be between it and an anchor. Never empty.
using ServedChain = std::vector<X509Ptr>;

// Parses PEM (RFC 7468) of 1 to kChainCertificatesMax certificates; text between blocks is ignored,
// blocks of another label are not. Fails with kChainMalformed, kChainTooLong.
Result<ServedChain> ParseServedChain(std::string_view pem);

// The names under which a staple for `certificate` may be served: its SHA-1 and SHA-256 over the
// DER, in upper-case hexadecimal.
std::vector<std::string> StapleNames(const X509* certificate);

// The path from `target` to one of `anchors`, valid at `now`: `target` first, anchor last, at least
// two certificates, issuers all CAs. `served` may be between them. Fails with those reasons of
// VerifyChain that do not begin with kSigner.
Result<std::vector<X509Ptr>> BuildPath(X509* target, const ServedChain& served, X509_STORE* anchors,
                                       Instant now);

// A certificate of a chosen path. Borrowed. A certificate of the store keeps the trust settings
// that it has there.
struct PathStep {
  X509* certificate;
  bool is_of_store;
};

// The same, by the same rules, for this `path` only; its first certificate is the target.
Result<std::vector<X509Ptr>> VerifyPath(const std::vector<PathStep>& path, Instant now);

// A path from the signer to an anchor that is valid at one moment. Made only by VerifyChain, which
// takes the one that OpenSSL finds first, and by OtherPaths.
class VerifiedChain {
 public:
  // Signer first, anchor last; at least two.
  const std::vector<X509Ptr>& path() const { return path_; }
  X509* signer() const { return path_.front().get(); }

 private:
  explicit VerifiedChain(std::vector<X509Ptr> path) : path_(std::move(path)) {}
  friend Result<VerifiedChain> VerifyChain(const ServedChain& served, const SignerName& signer_name,
                                           X509_STORE* anchors, Instant now);
  friend class OtherPaths;

  std::vector<X509Ptr> path_;
};

// Verifies that the first served certificate is the signer `signer_name` and that a path leads from
// it to one of `anchors`, valid at `now`. Served certificates go into the untrusted set only. Fails
// with
//   kSignerNameNotUnique  no common name, or more than one
//   kSignerNameMismatch   the common name is not `signer_name`, byte for byte
//   kSignerIsCa           the signer may issue certificates
//   kSignerKeyUnsuitable  its key is not RSA of kSignerRsaBitsMin bits or more, or may not sign
//   kChainUntrusted       no path to an anchor
//   kCertificateExpired, kCertificateNotYetValid, kCertificateWeak (key or digest), kChainInvalid
//   kCaStoreUnusable      the store failed while it was searched
Result<VerifiedChain> VerifyChain(const ServedChain& served, const SignerName& signer_name,
                                  X509_STORE* anchors, Instant now);

// One line that names a certificate for a person: its subject, as RFC 2253 writes it. Untrusted
// text.
std::string SubjectText(const X509* certificate);

}  // namespace eic
