// Goal of this test: a step of the decision cannot be skipped or swapped. Each stronger type is
// made by the one function that verifies it, so what would go around it does not compile. What
// reads from the network stands in tests/host/type_confined_test.cc.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/authorize.h"

namespace eic {
namespace {

// Nothing at hand makes a T: not nothing, not its parts, not the weaker types.
template <typename T, typename... Weaker>
constexpr bool IsMadeByOneFunction() {
  return !std::is_default_constructible_v<T> && !std::is_aggregate_v<T> &&
         (... && !std::is_constructible_v<T, Weaker>)&&(... && !std::is_convertible_v<Weaker, T>)&&(
             ... && !std::is_assignable_v<T&, Weaker>);
}

static_assert(IsMadeByOneFunction<UserName, std::string, std::string_view, const char*>());
static_assert(IsMadeByOneFunction<SignerName, std::string, std::string_view, const char*, Location,
                                  const Location&>());
static_assert(IsMadeByOneFunction<Candidate, KeyRecord, const KeyRecord&, SshPublicKey>());
static_assert(IsMadeByOneFunction<VerifiedChain, std::vector<X509Ptr>, ServedChain&&, X509Ptr>());
static_assert(
    IsMadeByOneFunction<TrustedSigner, X509Ptr, X509*, VerifiedChain, const VerifiedChain&>());
static_assert(IsMadeByOneFunction<VerifiedKey, KeyRecord, const KeyRecord&, Candidate,
                                  const Candidate&, SshPublicKey>());

// A request takes no user that was not parsed.
static_assert(!std::is_constructible_v<Request, std::string>);
static_assert(!std::is_assignable_v<decltype((std::declval<Request&>().user)), std::string>);

// Candidates straight from a parsed blob: no fingerprint, instance or expiry was looked at.
static_assert(!std::is_convertible_v<ParsedBlob, Selection>);
static_assert(!std::is_convertible_v<std::vector<KeyRecord>, std::vector<Candidate>>);
static_assert(!std::is_invocable_v<decltype(VerifyCandidates), const ParsedBlob&, const Evidence&,
                                   X509_STORE*, Instant, const HasTime&>);
static_assert(!std::is_invocable_v<decltype(RejectAll), const ParsedBlob&, const Error&>);

// A moment that a record names is none of this host's.
static_assert(!std::is_convertible_v<Expiry, Instant>);
static_assert(!std::is_invocable_v<decltype(SelectCandidates), std::string_view, const Request&,
                                   std::string_view, Expiry>);
static_assert(!std::is_invocable_v<decltype(VerifyChain), const ServedChain&, const SignerName&,
                                   X509_STORE*, Expiry>);
static_assert(!std::is_invocable_v<decltype(VerifyCandidates), const Selection&, const Evidence&,
                                   X509_STORE*, Expiry, const HasTime&>);

// A name made from served words, without the table of partitions.
static_assert(!std::is_invocable_v<decltype(VerifyChain), const ServedChain&, std::string,
                                   X509_STORE*, Instant>);
static_assert(!std::is_invocable_v<decltype(VerifyChain), const ServedChain&, const char*,
                                   X509_STORE*, Instant>);

// Nor does one step take what an earlier one has not yet made of the evidence.
static_assert(!std::is_invocable_v<decltype(VerifyRevocation), const ServedChain&, HeardStaples&>);
static_assert(
    !std::is_invocable_v<decltype(VerifySignature), const VerifiedChain&, const Candidate&>);
static_assert(
    !std::is_invocable_v<decltype(VerifySignature), const TrustedSigner&, const KeyRecord&>);

// The same with the right types, so that none of these is refused for another cause.
static_assert(std::is_invocable_v<decltype(VerifyCandidates), const Selection&, const Evidence&,
                                  X509_STORE*, Instant, const HasTime&>);
static_assert(std::is_invocable_v<decltype(VerifyChain), const ServedChain&, const SignerName&,
                                  X509_STORE*, Instant>);
static_assert(std::is_invocable_v<decltype(SelectCandidates), std::string_view, const Request&,
                                  std::string_view, Instant>);
static_assert(std::is_invocable_v<decltype(VerifyRevocation), const VerifiedChain&, HeardStaples&>);
static_assert(
    std::is_invocable_v<decltype(VerifySignature), const TrustedSigner&, const Candidate&>);

TEST(TypeChain, HoldsWhereThisFileCompiles) { SUCCEED(); }

}  // namespace
}  // namespace eic
