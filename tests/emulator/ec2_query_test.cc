// DescribeInstances and DescribeImages as a caller meets them.
#include "emulator/api/ec2_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulator/api/describe_instances.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string IdOf(int number) { return "i-" + std::to_string(10000000 + number); }

class Ec2 : public testing::Test {
 protected:
  // Made once: the keys of an instance take a while.
  static const InstanceList& World() {
    static const InstanceList kInstances = MakeWorld();
    return kInstances;
  }

  static InstanceList MakeWorld() {
    InstanceList instances;
    for (int i = 0; i < 7; ++i) {
      Instance instance;
      instance.instance_id = IdOf(i);
      instance.private_ip = "10.0.0." + std::to_string(i);
      instance.tags = {{"Name", "web-" + std::to_string(i)}};
      Change(i, instance);
      instances.push_back(
          std::make_unique<EmulatedInstance>(instance, MakeTestAuthority(), ManualClock().clock()));
    }
    return instances;
  }

  // What sets some of them apart.
  static void Change(int i, Instance& instance) {
    if (i == 1) instance.tags = {{"Name", "db"}, {"team", "<a&b>"}};
    if (i == 2) instance.state = Instance::State::kStopped;
    if (i == 3) instance.ipv6 = "2001:db8::3";
    if (i == 4) instance.vpc_id = "vpc-4";
    if (i == 5) instance.region = "eu-west-1";
    if (i == 6) {
      instance.platform = "windows";
      instance.private_dns_name = "ip-10-0-0-6.us-west-2.compute.internal";
      instance.public_dns_name = "ec2-127-0-0-1.us-west-2.compute.amazonaws.com";
    }
  }

  std::string Ask(const std::string& query, std::size_t page_size = 0) {
    return AskOf(World(), query, page_size);
  }
  std::string AskOf(const InstanceList& instances, const std::string& query,
                    std::size_t page_size = 0) {
    const Ec2World world{instances, images_, page_size};
    const HttpAnswer answer =
        AnswerEc2Query(*Form::Parse(query), world, caller_, "us-west-2", "request-1");
    status_ = answer.status;
    return answer.body;
  }

  // The numbers of the instances in `body`, "0136".
  static std::string Numbers(const std::string& body) {
    std::string numbers;
    for (int i = 0; i < 7; ++i) {
      const bool is_there = body.find("<instanceId>" + IdOf(i) + "<") != std::string::npos;
      if (is_there) numbers += std::to_string(i);
    }
    return numbers;
  }

  std::string Filtered(const std::string& name, const std::string& value) {
    return Numbers(
        Ask("Action=DescribeInstances&Filter.1.Name=" + name + "&Filter.1.Value.1=" + value));
  }

  static std::string NextToken(const std::string& body) {
    const std::size_t at = body.find("<nextToken>");
    if (at == std::string::npos) return "";
    std::string token = body.substr(at + 11, body.find("</nextToken>") - at - 11);
    // As clients send it.
    for (std::size_t i = token.find('='); i != std::string::npos; i = token.find('=', i + 3)) {
      token.replace(i, 1, "%3D");
    }
    return token;
  }

  std::vector<Image> images_ = {DefaultImage(),
                                {"ami-00000001", "ubuntu/images/jammy", "099720109477"},
                                {"ami-00000002", "mine", "123456789012"}};
  Credential caller_ = ExampleCredential();
  int status_ = 0;
};

TEST_F(Ec2, EveryFieldOfAnInstanceIsSent) {
  Instance instance;
  instance.tags = {{"Name", "web"}, {"gr\xC3\xBC\xC3\x9F", ""}};
  instance.ipv6 = "2001:db8::1";
  instance.private_dns_name = "ip-10-0-0-1.ec2.internal";
  instance.public_dns_name = "ec2-1.compute-1.amazonaws.com";
  instance.launch_time = "2026-01-02T03:04:05.000Z";
  instance.platform = "windows";
  instance.platform_details = "Windows";
  instance.instance_type = "m7g.large";
  const std::string body =
      AskOf(MakeTestInstances(ManualClock().clock(), instance), "Action=DescribeInstances");
  EXPECT_EQ(status_, 200);
  for (const char* part :
       {"xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"", "<requestId>request-1</requestId>",
        "<instanceId>i-0123456789abcdef0<", "<imageId>ami-0123456789abcdef0<",
        "<instanceState><code>16</code><name>running</name></instanceState>",
        "<privateDnsName>ip-10-0-0-1.ec2.internal<", "<dnsName>ec2-1.compute-1.amazonaws.com<",
        "<privateIpAddress>127.0.0.1<", "<ipAddress>127.0.0.1<", "<ipv6Address>2001:db8::1<",
        "<instanceType>m7g.large<", "<launchTime>2026-01-02T03:04:05.000Z<",
        "<placement><availabilityZone>us-west-2a</availabilityZone></placement>",
        "<platform>windows<", "<platformDetails>Windows<", "<vpcId>vpc-0123456789abcdef0<",
        "<subnetId>subnet-0123456789abcdef0<", "<item><key>Name</key><value>web</value></item>",
        "<key>gr\xC3\xBC\xC3\x9F</key><value></value>"}) {
    EXPECT_THAT(body, HasSubstr(part));
  }
  EXPECT_THAT(body, Not(HasSubstr("nextToken")));
}

TEST_F(Ec2, InstancesOfTheRegionAreFoundByTheirIds) {
  EXPECT_EQ(Numbers(Ask("Action=DescribeInstances")), "012346");
  EXPECT_EQ(
      Numbers(Ask("Action=DescribeInstances&InstanceId.1=" + IdOf(1) + "&InstanceId.2=" + IdOf(3))),
      "13");
  EXPECT_THAT(Ask("Action=DescribeInstances&InstanceId.1=" + IdOf(5)),
              AllOf(HasSubstr("<Code>InvalidInstanceID.NotFound</Code>"),
                    HasSubstr("The instance ID '" + IdOf(5) + "' does not exist")));
  EXPECT_EQ(status_, 400);
  EXPECT_THAT(Ask("Action=DescribeInstances&InstanceId.1=i-00000001&InstanceId.2=i-00000002"),
              HasSubstr("The instance IDs 'i-00000001, i-00000002' do not exist"));
  EXPECT_THAT(Ask("Action=DescribeInstances&InstanceId.1=web"),
              AllOf(HasSubstr("<Code>InvalidInstanceID.Malformed</Code>"),
                    HasSubstr("Invalid id: \"web\"")));
}

TEST_F(Ec2, FiltersChoose) {
  struct Row {
    const char* name;
    const char* value;
    const char* numbers;
  };
  const Row kRows[] = {
      {"tag:Name", "db", "1"},
      {"tag:Name", "web-*", "02346"},
      {"tag:name", "db", ""},
      {"tag:team", "%3Ca%26b%3E", "1"},
      {"tag-key", "team", "1"},
      {"instance-id", "i-1000000%3F", "012346"},
      {"private-ip-address", "10.0.0.3", "3"},
      {"network-interface.addresses.private-ip-address", "10.0.0.3", "3"},
      {"private-dns-name", "ip-10-0-0-6.*", "6"},
      {"private-dns-name", "*", "6"},  // what an instance does not have matches nothing
      {"ip-address", "127.0.0.1", "012346"},
      {"dns-name", "ec2-127-0-0-1.us-west-2.compute.amazonaws.com", "6"},
      {"ipv6-address", "2001%3Adb8%3A%3A3", "3"},
      {"network-interface.ipv6-addresses.ipv6-address", "2001:db8::*", "3"},
      {"instance-state-name", "stopped", "2"},
      {"instance-state-code", "80", "2"},
      {"vpc-id", "vpc-4", "4"},
      {"availability-zone", "us-west-2a", "012346"},
      {"platform", "windows", "6"},
      {"instance-type", "t3.*", "012346"},
      {"image-id", "ami-0123456789abcdef0", "012346"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(Filtered(row.name, row.value), row.numbers) << row.name << "=" << row.value;
  }
  EXPECT_EQ(Numbers(Ask("Action=DescribeInstances&Filter.1.Name=tag:Name&Filter.1.Value.1=web-*"
                        "&Filter.2.Name=instance-state-name&Filter.2.Value.1=stopped"
                        "&Filter.2.Value.2=pending")),
            "2");
}

TEST_F(Ec2, AnUnknownFilterIsAnError) {
  for (const char* name : {"colour", "tag:", "Tag:Name", ""}) {
    EXPECT_THAT(
        Ask("Action=DescribeInstances&Filter.1.Name=" + std::string(name) + "&Filter.1.Value.1=x"),
        AllOf(HasSubstr("<Code>InvalidParameterValue</Code>"),
              HasSubstr("The filter '" + std::string(name) + "' is invalid")))
        << name;
  }
}

TEST_F(Ec2, PagesAreFollowedByTheirTokens) {
  const std::string first = Ask("Action=DescribeInstances&MaxResults=5");
  EXPECT_EQ(Numbers(first), "01234");
  const std::string next = "Action=DescribeInstances&MaxResults=5&NextToken=" + NextToken(first);
  EXPECT_EQ(Numbers(Ask(next)), "6");
  EXPECT_EQ(NextToken(Ask(next)), "");
  EXPECT_EQ(NextToken(Ask("Action=DescribeInstances&MaxResults=5000")), "");
}

TEST_F(Ec2, APageThatTheFiltersEmptyHasASuccessor) {
  const std::string query =
      "Action=DescribeInstances&Filter.1.Name=tag:Name&Filter.1.Value.1=web-6";
  std::string token;
  std::string numbers;
  int pages = 0;
  do {
    const std::string body = Ask(query + (token.empty() ? "" : "&NextToken=" + token), 2);
    numbers += Numbers(body);
    token = NextToken(body);
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(numbers, "6");
  EXPECT_EQ(pages, 3);
}

TEST_F(Ec2, PagingIsHeldToItsRules) {
  const std::string base = "Action=DescribeInstances&";
  EXPECT_THAT(
      Ask(base + "MaxResults=4"),
      HasSubstr("Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater "
                "than 5."));
  EXPECT_THAT(Ask(base + "MaxResults=x"), HasSubstr("<Code>InvalidParameterValue</Code>"));
  EXPECT_THAT(Ask(base + "MaxResults=5&InstanceId.1=" + IdOf(1)),
              AllOf(HasSubstr("<Code>InvalidParameterCombination</Code>"),
                    HasSubstr("The parameter instancesSet cannot be used with the parameter "
                              "maxResults")));
  for (const char* token : {"", "x", "aW5zdGFuY2VzIC0x", "aW5zdGFuY2VzIA%3D%3D"}) {
    EXPECT_THAT(Ask(base + "NextToken=" + token), HasSubstr("The token is invalid.")) << token;
  }
  // A page size does not part what is asked for by ids.
  EXPECT_EQ(Numbers(Ask(base + "InstanceId.1=" + IdOf(1) + "&InstanceId.2=" + IdOf(2), 1)), "12");
}

TEST_F(Ec2, ImagesAreFoundByIdOwnerAndName) {
  const std::string base = "Action=DescribeImages";
  EXPECT_THAT(Ask(base + "&ImageId.1=ami-0123456789abcdef0"),
              AllOf(HasSubstr("<imageOwnerId>137112412989<"), HasSubstr("<name>al2023-ami-"),
                    HasSubstr("<imageOwnerAlias>amazon<"), Not(HasSubstr("ami-00000001"))));
  EXPECT_THAT(Ask(base + "&Owner.1=099720109477&Filter.1.Name=name&Filter.1.Value.1=ubuntu/*"),
              AllOf(HasSubstr("ami-00000001"), Not(HasSubstr("ami-00000002"))));
  EXPECT_THAT(Ask(base + "&Owner.1=self"),
              AllOf(HasSubstr("ami-00000002"), Not(HasSubstr("ami-00000001"))));
  EXPECT_THAT(Ask(base + "&Owner.1=amazon"), HasSubstr("137112412989"));
  EXPECT_THAT(Ask(base + "&Owner.1=amazon&Filter.1.Name=name&Filter.1.Value.1=mine"),
              HasSubstr("<imagesSet></imagesSet>"));
}

TEST_F(Ec2, AnImageThatIsNotThereIsAnError) {
  const std::string base = "Action=DescribeImages&ImageId.1=";
  EXPECT_THAT(Ask(base + "ami-00000009"),
              AllOf(HasSubstr("<Code>InvalidAMIID.NotFound</Code>"),
                    HasSubstr("The image id '[ami-00000009]' does not exist")));
  EXPECT_THAT(Ask(base + "ami-00000009&ImageId.2=ami-00000008"),
              HasSubstr("The image ids '[ami-00000009, ami-00000008]' do not exist"));
  EXPECT_THAT(Ask(base + "ami-xyz"), HasSubstr("<Code>InvalidAMIID.Malformed</Code>"));
  EXPECT_THAT(Ask("Action=DescribeImages&Filter.1.Name=colour"),
              HasSubstr("The filter 'colour' is invalid"));
}

TEST_F(Ec2, WhoMayNotIsToldSo) {
  caller_.actions = std::vector<std::string>{"ec2:DescribeImages"};
  EXPECT_THAT(
      Ask("Action=DescribeInstances"),
      AllOf(HasSubstr("<Code>UnauthorizedOperation</Code>"),
            HasSubstr("You are not authorized to perform this operation. User: "
                      "arn:aws:iam::123456789012:user/emulator is not authorized to perform: "
                      "ec2:DescribeInstances because no identity-based policy allows the "
                      "ec2:DescribeInstances action")));
  EXPECT_EQ(status_, 403);
  Ask("Action=DescribeImages");
  EXPECT_EQ(status_, 200);
}

TEST_F(Ec2, OtherActionsAreInvalid) {
  EXPECT_THAT(Ask("Action=RunInstances"),
              AllOf(HasSubstr("<Code>InvalidAction</Code>"),
                    HasSubstr("The action RunInstances is not valid for this web service.")));
  EXPECT_THAT(Ask(""), HasSubstr("<Code>InvalidAction</Code>"));
}

}  // namespace
}  // namespace eic::emulator
