#include <gtest/gtest.h>

#include "client/target/resolve.h"

namespace eic::client {
namespace {

using Kind = Target::Kind;

struct Row {
  const char* what;
  const char* word;
  Kind kind;
  const char* name;
  const char* region;
  const char* profile;
};

TEST(ParseTarget, TakesAWordForWhatItIs) {
  const Row rows[] = {
      {"a short id", "i-0123abcd", Kind::kInstanceId, "i-0123abcd", "", ""},
      {"a long id", "i-0123456789abcdef0", Kind::kInstanceId, "i-0123456789abcdef0", "", ""},
      {"upper case", "I-0123456789ABCDEF0", Kind::kInstanceId, "i-0123456789abcdef0", "", ""},
      {"a region", "i-0123abcd.eu-west-1", Kind::kInstanceId, "i-0123abcd", "eu-west-1", ""},
      {"a profile with dots", "i-0123abcd.eu-west-1.My.Prod", Kind::kInstanceId, "i-0123abcd",
       "eu-west-1", "My.Prod"},
      {"a name by resource", "i-0123456789abcdef0.us-west-2.compute.internal", Kind::kInstanceId,
       "i-0123456789abcdef0", "us-west-2", ""},
      {"the same of us-east-1", "i-0123456789abcdef0.ec2.internal", Kind::kInstanceId,
       "i-0123456789abcdef0", "us-east-1", ""},
      {"no length of an id", "i-0123456789", Kind::kNameTag, "i-0123456789", "", ""},
      {"no digit of an id", "i-0123abcg", Kind::kNameTag, "i-0123abcg", "", ""},
      {"IPv4", "10.0.0.5", Kind::kAddress, "10.0.0.5", "", ""},
      {"IPv6", "2001:db8::5", Kind::kAddress, "2001:db8::5", "", ""},
      {"no IPv4", "10.0.0.256", Kind::kNameTag, "10.0.0.256", "", ""},
      {"private DNS", "ip-10-0-0-5.us-west-2.compute.internal", Kind::kPrivateDnsName,
       "ip-10-0-0-5.us-west-2.compute.internal", "us-west-2", ""},
      {"private DNS of us-east-1", "IP-10-0-0-5.ec2.internal", Kind::kPrivateDnsName,
       "ip-10-0-0-5.ec2.internal", "us-east-1", ""},
      {"public DNS", "ec2-203-0-113-25.eu-west-1.compute.amazonaws.com", Kind::kPublicDnsName,
       "ec2-203-0-113-25.eu-west-1.compute.amazonaws.com", "eu-west-1", ""},
      {"public DNS of us-east-1", "ec2-203-0-113-25.compute-1.amazonaws.com", Kind::kPublicDnsName,
       "ec2-203-0-113-25.compute-1.amazonaws.com", "us-east-1", ""},
      {"public DNS of China", "ec2-203-0-113-25.cn-north-1.compute.amazonaws.com.cn",
       Kind::kPublicDnsName, "ec2-203-0-113-25.cn-north-1.compute.amazonaws.com.cn", "cn-north-1",
       ""},
      {"a name", "web-1", Kind::kNameTag, "web-1", "", ""},
      {"a name that begins as an id", "i-tunes", Kind::kNameTag, "i-tunes", "", ""},
      {"a name keeps its case", "Web One", Kind::kNameTag, "Web One", "", ""},
      {"a host of somebody else", "ec2-user.example.com", Kind::kNameTag, "ec2-user.example.com",
       "", ""},
      {"nothing", "", Kind::kNameTag, "", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const Target target = ParseTarget(row.word);
    EXPECT_EQ(target.kind, row.kind);
    EXPECT_EQ(target.word, row.word);
    EXPECT_EQ(target.name, row.name);
    EXPECT_EQ(target.region, row.region);
    EXPECT_EQ(target.profile, row.profile);
  }
}

}  // namespace
}  // namespace eic::client
