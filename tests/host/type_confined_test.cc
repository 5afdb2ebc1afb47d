// Goal of this test: nothing is read from the network before the process has confined itself, and
// no user is asked for whose name was not parsed. Such code does not compile.
#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "host/imds.h"

namespace eic {
namespace {

using Requests = const std::vector<HttpRequest>&;

// What confinement returns is made by confining alone.
static_assert(!std::is_default_constructible_v<Confined>);
static_assert(!std::is_aggregate_v<Confined>);
static_assert(!std::is_constructible_v<Confined, Confinement>);
static_assert(!std::is_convertible_v<Confinement, Confined>);
static_assert(std::is_invocable_r_v<Confined, decltype(ConfineForNetwork),
                                    const std::vector<std::string>&, std::uint16_t>);

// Without it, nothing reads.
static_assert(!std::is_invocable_v<decltype(&HttpTransport::PerformAll), HttpTransport&, Requests>);
static_assert(!std::is_invocable_v<decltype(&Imds::FetchBlob), Imds&, const UserName&>);
static_assert(!std::is_invocable_v<decltype(&Imds::FetchInstanceId), Imds&>);
static_assert(!std::is_invocable_v<decltype(&Imds::FetchEvidence), Imds&>);
static_assert(!std::is_invocable_v<decltype(&PendingConnection::Release), PendingConnection&>);
static_assert(
    !std::is_invocable_v<decltype(&Imds::FetchBlob), Imds&, Confinement, const UserName&>);

// To begin to connect needs nothing.
static_assert(std::is_invocable_v<decltype(&Imds::Dial), Imds&>);

// A user whose name was not parsed.
static_assert(
    !std::is_invocable_v<decltype(&Imds::FetchBlob), Imds&, const Confined&, std::string>);
static_assert(
    !std::is_invocable_v<decltype(&Imds::FetchBlob), Imds&, const Confined&, const char*>);

// The same with the right types.
static_assert(
    std::is_invocable_v<decltype(&Imds::FetchBlob), Imds&, const Confined&, const UserName&>);
static_assert(std::is_invocable_v<decltype(&HttpTransport::PerformAll), HttpTransport&,
                                  const Confined&, Requests>);

TEST(TypeConfined, HoldsWhereThisFileCompiles) { SUCCEED(); }

}  // namespace
}  // namespace eic
