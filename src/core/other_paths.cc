#include "core/other_paths.h"

#include <openssl/err.h>

#include <algorithm>
#include <cstdlib>
#include <deque>

#include "core/limits.h"

namespace eic {
namespace {

X509Ptr Share(X509* certificate) {
  if (X509_up_ref(certificate) != 1) std::abort();
  return X509Ptr(certificate);
}

// Certificates of the store with the name of `certificate`'s issuer; empty if it has none.
X509StackPtr IssuersInStore(X509_STORE* anchors, const X509* certificate) {
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  // Fails for want of memory only.
  if (!context || X509_STORE_CTX_init(context.get(), anchors, nullptr, nullptr) != 1) std::abort();
  // Some versions declare the name as one that they may change; they do not change it.
  auto* name = const_cast<X509_NAME*>(X509_get_issuer_name(certificate));
  X509StackPtr found(X509_STORE_CTX_get1_certs(context.get(), name));
  ERR_clear_error();
  return found;
}

// The store's trust settings for one of its certificates: X509_check_trust(3) with the argument
// that X509_verify_cert(3) uses if no purpose is set.
int TrustOf(X509* certificate) { return X509_check_trust(certificate, X509_TRUST_DEFAULT, 0); }

bool HasUsableKey(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);  // borrowed
  return key != nullptr && EVP_PKEY_bits(key) <= kOtherPathKeyBitsMax;
}

// Two certificates of one name and key on a path would be a loop (RFC 4158 section 2.4.2).
bool IsTwin(const X509* one, const X509* other) {
  return X509_NAME_cmp(X509_get_subject_name(one), X509_get_subject_name(other)) == 0 &&
         ASN1_STRING_cmp(X509_get0_pubkey_bitstr(one), X509_get0_pubkey_bitstr(other)) == 0;
}

}  // namespace

OtherPaths::OtherPaths(const ServedChain& served, X509_STORE* anchors, Instant now,
                       const HasTime& has_time)
    : served_(served), anchors_(anchors), now_(now), has_time_(has_time) {
  NodeOf(served_.front().get(), false);
}

std::optional<VerifiedChain> OtherPaths::Next() {
  if (!is_laid_out_) LayOut();
  while (next_ < paths_.size()) {
    const Path& path = paths_[next_++];
    const bool is_avoided = std::any_of(path.begin(), path.end(),
                                        [&](std::size_t at) { return nodes_[at].is_refused; });
    if (is_avoided) continue;
    if (!has_time_()) return std::nullopt;
    ++paths_tried_;
    if (!HoldsBySignatures(path)) continue;
    if (std::optional<VerifiedChain> chain = Verify(path)) return chain;
  }
  return std::nullopt;
}

void OtherPaths::Avoid(X509* certificate) { nodes_[NodeOf(certificate, false)].is_refused = true; }

// The store's settings apply to a certificate wherever it was found: one that the store refuses is
// refused as a served one too.
std::size_t OtherPaths::NodeOf(X509* certificate, bool is_of_store) {
  std::size_t at = 0;
  while (at < nodes_.size() && X509_cmp(nodes_[at].certificate.get(), certificate) != 0) ++at;
  if (at == nodes_.size()) nodes_.push_back({Share(certificate), false, false, false, false, {}});
  Node& node = nodes_[at];
  if (is_of_store && !node.is_of_store) {
    node.certificate = Share(certificate);  // with its settings
    node.is_of_store = true;
    const int trust = TrustOf(certificate);
    node.is_anchor = trust == X509_TRUST_TRUSTED;
    node.is_refused = node.is_refused || trust == X509_TRUST_REJECTED;
  }
  return at;
}

void OtherPaths::AddIssuer(std::size_t of, X509* candidate, bool is_of_store) {
  if (X509_check_issued(candidate, nodes_[of].certificate.get()) != X509_V_OK) return;
  if (!HasUsableKey(candidate)) return;
  const std::size_t issuer = NodeOf(candidate, is_of_store);
  std::vector<std::size_t>& issuers = nodes_[of].issuers;
  if (std::find(issuers.begin(), issuers.end(), issuer) == issuers.end()) issuers.push_back(issuer);
}

const std::vector<std::size_t>& OtherPaths::IssuersOf(std::size_t node) {
  if (nodes_[node].is_expanded) return nodes_[node].issuers;
  nodes_[node].is_expanded = true;
  const X509StackPtr stored = IssuersInStore(anchors_, nodes_[node].certificate.get());
  for (int i = 0; stored && i < sk_X509_num(stored.get()); ++i) {
    AddIssuer(node, sk_X509_value(stored.get(), i), true);
  }
  for (const X509Ptr& certificate : served_) AddIssuer(node, certificate.get(), false);
  return nodes_[node].issuers;
}

bool OtherPaths::MayFollow(const Path& path, std::size_t issuer) const {
  return !nodes_[issuer].is_refused && std::none_of(path.begin(), path.end(), [&](std::size_t at) {
    return at == issuer || IsTwin(nodes_[at].certificate.get(), nodes_[issuer].certificate.get());
  });
}

// By names and key ids alone; the shortest first.
void OtherPaths::LayOut() {
  is_laid_out_ = true;
  std::deque<Path> open = {{0}};
  std::size_t steps = 0;
  while (!open.empty()) {
    const Path path = std::move(open.front());
    open.pop_front();
    for (const std::size_t issuer : IssuersOf(path.back())) {
      if (++steps > kOtherPathStepsMax) return;
      if (!MayFollow(path, issuer)) continue;
      Path longer = path;
      longer.push_back(issuer);
      if (nodes_[issuer].is_anchor) {
        paths_.push_back(longer);
        if (paths_.size() == kOtherPathsMax) return;
      }
      // The signer, the certificates between, and room for an anchor.
      if (longer.size() <= kChainCertificatesMax + 1) open.push_back(std::move(longer));
    }
  }
}

bool OtherPaths::HoldsBySignatures(const Path& path) {
  for (std::size_t i = path.size() - 1; i > 0; --i) {
    if (!IsSignedBy(path[i - 1], path[i])) return false;
  }
  return true;
}

bool OtherPaths::IsSignedBy(std::size_t node, std::size_t issuer) {
  const std::pair<std::size_t, std::size_t> edge(node, issuer);
  const auto known = signed_.find(edge);
  if (known != signed_.end()) return known->second;
  if (signatures_checked_ >= kOtherPathSignaturesMax) return false;
  ++signatures_checked_;
  const bool is_signed = X509_verify(nodes_[node].certificate.get(),
                                     X509_get0_pubkey(nodes_[issuer].certificate.get())) == 1;
  ERR_clear_error();
  signed_[edge] = is_signed;
  return is_signed;
}

// OpenSSL checks the signatures again, so they are counted again.
std::optional<VerifiedChain> OtherPaths::Verify(const Path& path) {
  const int signatures = static_cast<int>(path.size()) - 1;
  if (signatures_checked_ + signatures > kOtherPathSignaturesMax) return std::nullopt;
  signatures_checked_ += signatures;
  std::vector<PathStep> steps;
  steps.reserve(path.size());
  for (const std::size_t at : path) {
    steps.push_back({nodes_[at].certificate.get(), nodes_[at].is_of_store});
  }
  Result<std::vector<X509Ptr>> verified = VerifyPath(steps, now_);
  if (!verified) return std::nullopt;
  return VerifiedChain(*std::move(verified));
}

}  // namespace eic
