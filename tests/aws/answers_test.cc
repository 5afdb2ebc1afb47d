#include "aws/answers.h"

#include <gtest/gtest.h>

namespace eic::aws {
namespace {

// As the service writes it, shortened to what is read and a little more.
constexpr const char* kTwoInstances = R"(<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
 <requestId>8f7724cf</requestId>
 <reservationSet><item><instancesSet>
  <item><instanceId>i-0123456789abcdef0</instanceId><imageId>ami-1</imageId>
   <instanceState><code>16</code><name>running</name></instanceState>
   <privateDnsName>ip-10-0-0-5.ec2.internal</privateDnsName><dnsName>ec2-a.amazonaws.com</dnsName>
   <instanceType>t3.micro</instanceType><launchTime>2030-01-02T03:04:05.000Z</launchTime>
   <placement><availabilityZone>us-east-1a</availabilityZone></placement>
   <platform>Windows</platform><platformDetails>Linux/UNIX</platformDetails>
   <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.5</privateIpAddress>
   <ipAddress>192.0.2.5</ipAddress>
   <tagSet><item><key>Name</key><value>web &amp; 1</value></item>
    <item><key>eic:user</key><value/></item></tagSet>
   <networkInterfaceSet><item/><item><ipv6AddressesSet>
    <item><ipv6Address>2001:db8::5</ipv6Address></item></ipv6AddressesSet></item>
   </networkInterfaceSet></item></instancesSet></item>
  <item><instancesSet><item><instanceId>i-1</instanceId><ipv6Address>2001:db8::1</ipv6Address>
   </item></instancesSet></item></reservationSet>
 <nextToken>more==</nextToken></DescribeInstancesResponse>)";

TEST(ParseDescribeInstances, ReadsEveryField) {
  const auto page = ParseDescribeInstances(kTwoInstances);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next_token, "more==");
  ASSERT_EQ(page->instances.size(), 2U);
  const Instance& one = page->instances[0];
  EXPECT_EQ(one.instance_id, "i-0123456789abcdef0");
  EXPECT_EQ(one.image_id, "ami-1");
  EXPECT_EQ(one.state, "running");
  EXPECT_EQ(one.availability_zone, "us-east-1a");
  EXPECT_EQ(one.instance_type, "t3.micro");
  EXPECT_EQ(one.launch_time, "2030-01-02T03:04:05.000Z");
  EXPECT_EQ(one.platform, "windows");
  EXPECT_EQ(one.platform_details, "Linux/UNIX");
  EXPECT_EQ(one.vpc_id, "vpc-1");
  EXPECT_EQ(one.subnet_id, "subnet-1");
  EXPECT_EQ(one.private_dns_name, "ip-10-0-0-5.ec2.internal");
  EXPECT_EQ(one.public_dns_name, "ec2-a.amazonaws.com");
  EXPECT_EQ(one.public_ip, "192.0.2.5");
  EXPECT_EQ(one.private_ip, "10.0.0.5");
  EXPECT_EQ(one.ipv6, "2001:db8::5");
  EXPECT_EQ(one.tags, (std::map<std::string, std::string>{{"Name", "web & 1"}, {"eic:user", ""}}));
  EXPECT_EQ(page->instances[1].ipv6, "2001:db8::1");
  EXPECT_EQ(page->instances[1].state, "");
}

TEST(ParseDescribeInstances, RefusesWhatIsNone) {
  for (const char* text :
       {"", "{}", "<a/>", "<DescribeInstancesResponse>", "<DescribeImagesResponse/>",
        "<DescribeInstancesResponse><reservationSet><item><instancesSet><item/></instancesSet>"
        "</item></reservationSet></DescribeInstancesResponse>"}) {
    const auto page = ParseDescribeInstances(text);
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, "MalformedAnswer");
  }
}

// XML's billion laughs: no entity but XML's own five is expanded.
TEST(ParseDescribeInstances, ExpandsNoEntities) {
  const auto page = ParseDescribeInstances(
      "<!DOCTYPE d [<!ENTITY a \"xxxxxxxx\">]><DescribeInstancesResponse><nextToken>&a;</nextToken>"
      "</DescribeInstancesResponse>");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next_token, "&a;");
}

TEST(ParseDescribeImages, ReadsNameAndOwner) {
  const auto images = ParseDescribeImages(
      "<DescribeImagesResponse><imagesSet><item><imageId>ami-1</imageId><name>al2023-ami-1</name>"
      "<imageOwnerId>137112412989</imageOwnerId></item></imagesSet></DescribeImagesResponse>");
  ASSERT_TRUE(images);
  ASSERT_EQ(images->size(), 1U);
  EXPECT_EQ((*images)[0].name, "al2023-ami-1");
  EXPECT_EQ((*images)[0].owner_id, "137112412989");
}

TEST(ParseCallerIdentity, NeedsAnArn) {
  const auto identity = ParseCallerIdentity(
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn>"
      "<UserId>AIDA</UserId><Account>1</Account></GetCallerIdentityResult>"
      "</GetCallerIdentityResponse>");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->arn, "arn:aws:iam::1:user/me");
  EXPECT_EQ(identity->account, "1");
  EXPECT_EQ(identity->user_id, "AIDA");
  EXPECT_FALSE(ParseCallerIdentity("<GetCallerIdentityResponse/>"));
}

TEST(ParseAssumedRole, NeedsKeysAndTheirEnd) {
  const std::string whole =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
      "<SecretAccessKey>SECRET</SecretAccessKey><SessionToken>T</SessionToken>"
      "<Expiration>2030-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleResult>"
      "</AssumeRoleResponse>";
  const auto assumed = ParseAssumedRole(whole);
  ASSERT_TRUE(assumed);
  EXPECT_EQ(assumed->key.session_token, "T");
  EXPECT_EQ(assumed->expires.value_or(Instant()), Instant(1893553445));
  for (const char* part : {"AccessKeyId", "SecretAccessKey", "Expiration"}) {
    std::string broken = whole;
    broken.replace(broken.find(part), 1, "X").replace(broken.rfind(part), 1, "X");
    const auto refused = ParseAssumedRole(broken);
    ASSERT_FALSE(refused) << part;
    EXPECT_EQ(refused.error().message.find("SECRET"), std::string::npos);
  }
}

TEST(ParsePushed, NeedsSuccess) {
  EXPECT_EQ(*ParsePushed(R"({"RequestId":"r","Success":true})"), "r");
  for (const char* text : {"", "[]", "{}", R"({"Success":false})", R"({"Success":"true"})", "{"}) {
    EXPECT_FALSE(ParsePushed(text)) << text;
  }
}

TEST(ParsePushed, GoesNoDeeperThanAnyAnswerDoes) {
  const std::string deep =
      "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + ",\"Success\":true}";
  EXPECT_FALSE(ParsePushed(deep));
}

TEST(ParseJsonError, FindsCodeAndMessage) {
  const auto words = [](const char* text, const char* header) {
    const ErrorWords error = ParseJsonError(text, header);
    return error.code + "|" + error.message;
  };
  EXPECT_EQ(words(R"({"__type":"AuthException","Message":"m"})", ""), "AuthException|m");
  EXPECT_EQ(words(R"({"__type":"a.b#AuthException","message":"m"})", ""), "AuthException|m");
  EXPECT_EQ(words(R"({"message":"m"})", "AuthException:http://a/"), "AuthException|m");
  EXPECT_EQ(words("<html>", ""), "|");
  EXPECT_EQ(words(R"({"__type":1,"Message":[]})", ""), "|");
}

TEST(ParseXmlError, FindsBothForms) {
  const ErrorWords ec2 = ParseXmlError(
      "<Response><Errors><Error><Code>C</Code><Message>m</Message></Error></Errors></Response>");
  EXPECT_EQ(ec2.code + ec2.message, "Cm");
  const ErrorWords sts = ParseXmlError(
      "<ErrorResponse><Error><Type>Sender</Type><Code>C</Code><Message>m</Message></Error>"
      "</ErrorResponse>");
  EXPECT_EQ(sts.code + sts.message, "Cm");
  EXPECT_EQ(ParseXmlError("no xml").code, "");
}

}  // namespace
}  // namespace eic::aws
