// Evidence that holds, for tests that begin behind it.
#pragma once

#include <vector>

#include "core/revocation.h"
#include "tests/testkit/world.h"

namespace eic {

inline testkit::KeyRing TestKeys() {
  return testkit::KeyRing(EIC_SOURCE_DIR "/tests/testkit/keys");
}

inline SignerName TestSignerName() { return *ExpectedSignerName({"us-west-2", "amazonaws.com"}); }

inline X509StorePtr StoreOf(const std::vector<X509*>& anchors) {
  X509StorePtr store(X509_STORE_new());
  for (X509* anchor : anchors) X509_STORE_add_cert(store.get(), anchor);
  return store;
}

// The chain that `world` serves, verified against the anchors that it has.
inline Result<VerifiedChain> VerifyChainOf(const testkit::World& world) {
  const Result<ServedChain> served = ParseServedChain(world.Serve().signer_cert);
  if (!served) return served.error();
  const X509StorePtr store = StoreOf(world.anchors);
  return VerifyChain(*served, TestSignerName(), store.get(), testkit::kNow);
}

inline std::vector<Staple> StaplesOf(const testkit::World& world) {
  std::vector<Staple> staples;
  for (const auto& [name, body] : world.Serve().staples) staples.push_back({name, body});
  return staples;
}

// Step 8 alone, with the error as the caller of a login sees it.
inline Result<TrustedSigner> VerifyStaples(const VerifiedChain& chain,
                                           const std::vector<Staple>& staples, Instant now) {
  HeardStaples heard(staples, now);
  Result<TrustedSigner, Unvouched> signer = VerifyRevocation(chain, heard);
  if (!signer) return signer.error().error;
  return *std::move(signer);
}

inline TrustedSigner TrustSigner(testkit::KeyRing& keys) {
  const testkit::World world(keys);
  const Result<VerifiedChain> chain = VerifyChainOf(world);
  Result<TrustedSigner> signer = VerifyStaples(*chain, StaplesOf(world), testkit::kNow);
  return *std::move(signer);
}

}  // namespace eic
