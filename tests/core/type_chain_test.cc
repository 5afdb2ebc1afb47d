// Goal of this test: a step of the decision cannot be skipped or swapped. Each stronger type is
// made by the one function that verifies it, so what would go around it does not compile.
#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

#include "core/authorize.h"

namespace eic {
namespace {

// Nothing at hand makes one: not nothing, not its parts, not the weaker type.
static_assert(!std::is_default_constructible_v<VerifiedChain>);
static_assert(!std::is_constructible_v<VerifiedChain, std::vector<X509Ptr>>);
static_assert(!std::is_constructible_v<VerifiedChain, ServedChain&&>);
static_assert(!std::is_aggregate_v<VerifiedChain>);

static_assert(!std::is_default_constructible_v<TrustedSigner>);
static_assert(!std::is_constructible_v<TrustedSigner, X509Ptr>);
static_assert(!std::is_constructible_v<TrustedSigner, VerifiedChain>);
static_assert(!std::is_constructible_v<TrustedSigner, const VerifiedChain&>);
static_assert(!std::is_aggregate_v<TrustedSigner>);

static_assert(!std::is_default_constructible_v<VerifiedKey>);
static_assert(!std::is_constructible_v<VerifiedKey, KeyRecord>);
static_assert(!std::is_constructible_v<VerifiedKey, const KeyRecord&>);
static_assert(!std::is_constructible_v<VerifiedKey, SshPublicKey>);
static_assert(!std::is_aggregate_v<VerifiedKey>);

// Nor does one step take what an earlier one has not yet made of the evidence.
static_assert(!std::is_invocable_v<decltype(VerifyRevocation), const ServedChain&,
                                   const std::vector<Staple>&, Instant>);
static_assert(
    !std::is_invocable_v<decltype(VerifySignature), const VerifiedChain&, const KeyRecord&>);
static_assert(!std::is_convertible_v<KeyRecord, VerifiedKey>);

TEST(TypeChain, HoldsWhereThisFileCompiles) { SUCCEED(); }

}  // namespace
}  // namespace eic
