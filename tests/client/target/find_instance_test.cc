#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/target/resolve.h"
#include "tests/client/fake_api.h"

namespace eic::client {
namespace {

using eic::fakes::FakeApi;
using eic::fakes::FakeCloud;
using eic::fakes::SampleInstance;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kId = "i-0123456789abcdef0";
constexpr const char* kOtherId = "i-0fedcba9876543210";

aws::Outcome<aws::Instance> Find(FakeCloud& cloud, const std::string& word) {
  FakeApi api(cloud);
  return FindInstance(api, ParseTarget(word));
}

TEST(FindInstance, AsksForWhatTheWordIs) {
  struct Row {
    const char* what;
    const char* word;
    const char* call;
  };
  const Row rows[] = {
      {"an id", kId, "DescribeInstances i-0123456789abcdef0"},
      {"a name", "web-1", "DescribeInstances tag:Name=web-1"},
      {"a name with wildcards means itself", "web-*", "DescribeInstances tag:Name=web-\\*"},
      {"a public address", "203.0.113.25", "DescribeInstances ip-address=203.0.113.25"},
      {"a private one", "10.0.0.5", "DescribeInstances private-ip-address=10.0.0.5"},
      {"IPv6", "2001:db8::5",
       "DescribeInstances network-interface.ipv6-addresses.ipv6-address=2001:db8::5"},
      {"a private name", "ip-10-0-0-5.us-west-2.compute.internal",
       "DescribeInstances private-dns-name=ip-10-0-0-5.us-west-2.compute.internal"},
      {"a public name holds its address", "ec2-203-0-113-25.us-west-2.compute.amazonaws.com",
       "DescribeInstances ip-address=203.0.113.25"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    FakeCloud cloud;
    (void)Find(cloud, row.word);
    ASSERT_FALSE(cloud.calls.empty());
    EXPECT_EQ(cloud.calls.front(), row.call);
  }
}

TEST(FindInstance, FindsAnAddressOnEitherSide) {
  FakeCloud cloud;
  cloud.instances = {SampleInstance(kId, "web")};
  cloud.instances[0].private_ip = "203.0.113.77";  // of a VPC with public space inside
  const auto found = Find(cloud, "203.0.113.77");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->instance_id, kId);
  EXPECT_EQ(cloud.calls.size(), 2U);
}

TEST(FindInstance, PrefersTheOneThatRuns) {
  FakeCloud cloud;
  cloud.instances = {SampleInstance(kOtherId, "web"), SampleInstance(kId, "web")};
  cloud.instances[0].state = "terminated";
  const auto found = Find(cloud, "web");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->instance_id, kId);
}

TEST(FindInstance, ChoosesNoneOfSeveral) {
  FakeCloud cloud;
  cloud.instances = {SampleInstance(kId, "web"), SampleInstance(kOtherId, "web")};
  cloud.instances[1].public_ip = "203.0.113.99\x1b[2J";
  const auto found = Find(cloud, "web");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "SeveralInstances");
  for (const char* part :
       {kId, kOtherId, "us-west-2a", "203.0.113.25", "2026-05-04T03:02:01.000Z"}) {
    EXPECT_THAT(found.error().message, HasSubstr(part));
  }
  EXPECT_EQ(found.error().message.find('\x1b'), std::string::npos);
}

TEST(FindInstance, ComparesNamesAsTheyAre) {
  FakeCloud cloud;
  cloud.instances = {SampleInstance(kId, "web-1")};
  const auto found = Find(cloud, "web-?");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "NoSuchInstance");
  EXPECT_THAT(found.error().message, HasSubstr("us-west-2"));
}

TEST(FindInstance, CountsTheDigitsOfWhatIsNearlyAnId) {
  FakeCloud cloud;
  const auto found = Find(cloud, "i-0123456789abcdef");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().advice, HasSubstr("8 or 17 digits after i-; this has 16"));
  EXPECT_THAT(Find(cloud, kId).error().advice, Not(HasSubstr("digits")));
}

TEST(FindInstance, SaysWhatToDoAboutOneThatDoesNotRun) {
  FakeCloud cloud;
  cloud.instances = {SampleInstance(kId, "web")};
  for (const char* state : {"stopped", "stopping", "pending", "terminated", "shutting-down"}) {
    SCOPED_TRACE(state);
    cloud.instances[0].state = state;
    for (const char* word : {kId, "web"}) {
      const auto found = Find(cloud, word);
      ASSERT_FALSE(found);
      EXPECT_EQ(found.error().code, "NotRunning");
      EXPECT_THAT(found.error().message, HasSubstr(state));
      EXPECT_FALSE(found.error().advice.empty());
    }
  }
  cloud.instances[0].state = "stopped";
  EXPECT_THAT(Find(cloud, "web").error().advice, HasSubstr("start-instances"));
}

TEST(FindInstance, PassesOnWhatAwsSays) {
  FakeCloud cloud;
  const auto unknown = Find(cloud, kId);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "InvalidInstanceID.NotFound");
  EXPECT_THAT(unknown.error().advice, HasSubstr("us-west-2"));
  cloud.describe_fails = aws::Failure{"UnauthorizedOperation", "You are not authorized", "ask"};
  EXPECT_EQ(Find(cloud, "web").error().advice, "ask");
}

TEST(AddressesOf, GivesThemInTheirOrder) {
  aws::Instance instance = SampleInstance(kId, "web");
  instance.ipv6 = "2001:db8::5";
  const auto of = [&](AddressKind kind) { return *AddressesOf(instance, kind); };
  EXPECT_THAT(of(AddressKind::kAuto), ElementsAre("203.0.113.25", "2001:db8::5", "10.0.0.5"));
  EXPECT_THAT(of(AddressKind::kPublic), ElementsAre("203.0.113.25"));
  EXPECT_THAT(of(AddressKind::kIpv6), ElementsAre("2001:db8::5"));
  EXPECT_THAT(of(AddressKind::kPrivate), ElementsAre("10.0.0.5"));
  instance.public_ip.clear();
  EXPECT_THAT(of(AddressKind::kAuto), ElementsAre("2001:db8::5", "10.0.0.5"));
}

TEST(AddressesOf, SaysWhatThereIsInstead) {
  aws::Instance instance = SampleInstance(kId, "web");
  instance.public_ip.clear();
  const auto none = AddressesOf(instance, AddressKind::kPublic);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "NoAddress");
  EXPECT_EQ(none.error().message,
            "web (i-0123456789abcdef0) has no public IPv4 address; it has private IPv4 10.0.0.5");
  instance.private_ip.clear();
  EXPECT_EQ(AddressesOf(instance, AddressKind::kAuto).error().code, "NoAddress");
}

}  // namespace
}  // namespace eic::client
