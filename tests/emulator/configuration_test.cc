#include "emulator/configuration/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulator/configuration/presets.h"
#include "emulator/emulator_error.h"

namespace eic::emulator {
namespace {

std::string Problem(const std::string& json) {
  try {
    (void)ParseConfiguration(json);
  } catch (const EmulatorError& error) {
    return error.what();
  }
  return "";
}

std::string OneInstance(const std::string& members) {
  return R"({"instances": [{"instance_id": "i-0123456789abcdef0", )" + members + "}]}";
}

std::string WithCredentials(const std::string& credentials) {
  return R"({"instances": [{"instance_id": "i-0123456789abcdef0", "metadata": ["127.0.0.1:1"]}], )"
         R"("credentials": [)" +
         credentials + "]}";
}

std::string WithTop(const std::string& members) {
  return R"({"instances": [{"instance_id": "i-0123456789abcdef0", "metadata": []}], )" + members +
         "}";
}

const std::string kRole = "arn:aws:iam::123456789012:role/web";

TEST(Configuration, WhatAnInstanceLooksLikeIsRead) {
  const Configuration read = ParseConfiguration(OneInstance(
      R"("metadata": [], "state": "shutting-down", "public_ip": "203.0.113.9",
         "private_ip": "10.0.0.1", "tags": {"Name": "web-1"}, "image_id": "ami-00000001",
         "instance_type": "m7g.large", "launch_time": "2026-01-02T03:04:05.000Z",
         "platform": "windows", "vpc_id": "vpc-1", "subnet_id": "")"));
  const Instance& instance = read.instances[0].instance;
  EXPECT_TRUE(instance.metadata_addresses.empty());
  EXPECT_EQ(instance.state, Instance::State::kShuttingDown);
  EXPECT_EQ(instance.private_dns_name, "ip-10-0-0-1.us-west-2.compute.internal");
  EXPECT_EQ(instance.public_dns_name, "ec2-203-0-113-9.us-west-2.compute.amazonaws.com");
  EXPECT_EQ(instance.tags.at("Name"), "web-1");
  EXPECT_EQ(instance.image_id, "ami-00000001");
  EXPECT_EQ(instance.platform_details, "Windows");
  EXPECT_EQ(instance.vpc_id, "vpc-1");
  EXPECT_EQ(instance.subnet_id, "");
  const Configuration named =
      ParseConfiguration(OneInstance(R"("metadata": [], "private_dns_name": "")"));
  EXPECT_EQ(named.instances[0].instance.private_dns_name, "");
}

TEST(Configuration, RolesImagesAndWhatUsesThemAreRead) {
  const Configuration read = ParseConfiguration(R"({
    "instances": [{"instance_id": "i-0123456789abcdef0", "metadata": [],
                   "instance_role": "arn:aws:iam::123456789012:role/web"}],
    "images": [{"image_id": "ami-00000001", "name": "n", "owner_id": "099720109477"}],
    "page_size": 5,
    "roles": [{"arn": "arn:aws:iam::123456789012:role/web", "external_id": "e", "mfa_serial": "s",
               "mfa_code": "123456", "trusts": ["*"], "actions": ["ec2:*"],
               "instances": ["i-0123456789abcdef0"], "max_session_seconds": 7200,
               "credential_seconds": 10}],
    "web_identity_tokens": [{"token": "t", "subject": "s", "expired": true,
                             "roles": ["arn:aws:iam::123456789012:role/web"]}],
    "container_role": {"role": "arn:aws:iam::123456789012:role/web", "path": "/c",
                       "authorization": "a", "addresses": ["127.0.0.1:1340"]}})");
  ASSERT_EQ(read.roles.size(), 1U);
  EXPECT_EQ(read.roles[0].mfa_code, "123456");
  EXPECT_EQ(read.roles[0].max_session_seconds, 7200);
  EXPECT_EQ(read.roles[0].credential_seconds, 10);
  EXPECT_EQ(read.roles[0].actions->size(), 1U);
  ASSERT_EQ(read.images.size(), 2U);  // the default one, too
  EXPECT_EQ(read.images[1].image_id, DefaultImage().image_id);
  EXPECT_EQ(read.page_size, 5U);
  EXPECT_TRUE(read.web_identity_tokens[0].is_expired);
  EXPECT_EQ(read.container->role.path, "/c");
  EXPECT_EQ(read.container->addresses[0].port, 1340);
  EXPECT_EQ(read.instances[0].instance.role_arn, kRole);
}

TEST(Configuration, InstancesAndCredentialsAreRead) {
  const Configuration read = ParseConfiguration(R"({
    "instances": [
      {"instance_id": "i-0123456789abcdef0", "metadata": ["169.254.169.254:80"],
       "users": ["ec2-user"], "state": "stopped", "hop_limit": 1},
      {"instance_id": "i-0123456789abcdef1", "metadata": ["127.0.0.1:1"],
       "presets": ["aws-cn", "xen"]}],
    "credentials": [
      {"access_key_id": "A", "secret_access_key": "s", "instances": ["i-0123456789abcdef1"]}]})");
  ASSERT_EQ(read.instances.size(), 2U);
  EXPECT_EQ(read.instances[0].instance.state, Instance::State::kStopped);
  EXPECT_EQ(read.instances[0].instance.users, std::vector<std::string>{"ec2-user"});
  EXPECT_EQ(read.instances[0].instance.hop_limit, 1);
  EXPECT_EQ(read.instances[1].instance.domain, "amazonaws.com.cn");
  EXPECT_EQ(read.instances[1].instance.hypervisor, Instance::Hypervisor::kXen);
  ASSERT_EQ(read.credentials.size(), 1U);
  EXPECT_EQ(read.credentials[0].instances->size(), 1U);
}

TEST(Configuration, AnotherRegionHasAnotherZone) {
  const auto read =
      ParseConfiguration(OneInstance(R"("metadata": ["127.0.0.1:1"], "region": "eu-west-1")"));
  EXPECT_EQ(read.instances[0].instance.availability_zone, "eu-west-1a");
  EXPECT_EQ(read.credentials[0].access_key_id, ExampleCredential().access_key_id);
}

TEST(Configuration, WhatIsWrongIsNamed) {
  const std::string kGood = R"("metadata": ["127.0.0.1:1"], )";
  const std::string kKey = R"({"access_key_id": "A", "secret_access_key": "s")";
  const std::pair<std::string, std::string> kWrong[] = {
      {"{\n{", "not JSON: "},
      {"{\n{", "line 2"},
      {"[]", "top: is not an object"},
      {"{}", "instances: is not an array of 1 to 64"},
      {R"({"instances": []})", "instances: is not an array of 1 to 64"},
      {R"({"instances": [1]})", "instances[0]: is not an object"},
      {R"({"instances": [{"metadata": ["127.0.0.1:1"]}]})", "instances[0].instance_id: is missing"},
      {R"({"instances": [{"instance_id": "i-xyz"}]})", "instance_id: is not an instance id"},
      {OneInstance(R"("users": [])"), "instances[0].metadata: is missing; []"},
      {OneInstance(R"("metadata": ["host:1"])"), "instances[0].metadata: not an address: host:1"},
      {OneInstance(R"("metadata": ["127.0.0.1:99999999999999999999"])"), "not an address"},
      {OneInstance(R"("metadata": [1])"), "instances[0].metadata: is not an array of strings"},
      {OneInstance(kGood + R"("state": "on")"), "instances[0].state: is none of running"},
      {OneInstance(kGood + R"("hypervisor": "kvm")"), "instances[0].hypervisor: is none of"},
      {OneInstance(kGood + R"("hop_limit": 0)"), "instances[0].hop_limit: is not 1 to 64"},
      {OneInstance(kGood + R"("hop_limit": 18446744073709551615)"), "hop_limit: is not 1 to 64"},
      {OneInstance(kGood + R"("hop_limit": 4294967297)"), "hop_limit: is not 1 to 64"},
      {OneInstance(kGood + R"("hop_limit": 1e999)"), "not JSON: "},
      {OneInstance(kGood + R"("hop_limit": 1.5)"), "hop_limit: is not 1 to 64"},
      {OneInstance(kGood + R"("metadata_enabled": 1)"), "metadata_enabled: is not true or false"},
      {OneInstance(kGood + R"("region": 1)"), "instances[0].region: is not a string"},
      {OneInstance(kGood + R"("region": "US")"), "instances[0].region: is not a region"},
      {OneInstance(kGood + R"("account_id": "1")"), "account_id: is not 12 digits"},
      {OneInstance(kGood + R"("public_ip": "::1")"), "public_ip: is not an IPv4 address"},
      {OneInstance(kGood + R"("ipv6": "127.0.0.1")"), "ipv6: is not an IPv6 address"},
      {OneInstance(kGood + R"("tags": ["a"])"), "instances[0].tags: is not an object"},
      {OneInstance(kGood + R"("tags": {"a": 1})"), "instances[0].tags.a: is not a string"},
      {OneInstance(kGood + R"("tags": {"": "x"})"),
       "instances[0].tags: a tag has a key of 1 to 128"},
      {OneInstance(kGood + R"("platform": "linux")"), "platform: is not windows, or empty"},
      {OneInstance(kGood + R"("instance_role": "web")"), "instance_role: is not the ARN of a role"},
      {OneInstance(kGood + R"("instance_role": "arn:aws:iam::123456789012:role/web")"),
       "instances[0].instance_role: there is no role arn:"},
      {OneInstance(kGood + R"("colour": "red")"), "instances[0].colour: is not known here"},
      {OneInstance(kGood + R"("presets": ["moon"])"), "instances[0].presets: not a preset: moon"},
      {OneInstance(R"("metadata": ["[::1]:1"], "hypervisor": "xen")"), "metadata: a Xen instance"},
      {WithCredentials(kKey + "}, " + kKey + "}"),
       "credentials[1].access_key_id: A is there twice"},
      {WithCredentials(R"({"access_key_id": ""})"), "credentials[0].access_key_id: is empty"},
      {WithCredentials(kKey + R"(, "instances": ["i-1"]})"),
       "credentials[0].instances: there is no"},
      {WithCredentials(kKey + R"(, "actions": ["ec2:DescribeInstance"]})"),
       "credentials[0].actions: ec2:DescribeInstance allows none of ec2:DescribeInstances"},
      {WithTop(R"("roles": [{}])"), "roles[0].arn: is missing"},
      {WithTop(R"("roles": [{"arn": "web"}])"), "roles[0].arn: is not the ARN of a role"},
      {WithTop(R"("roles": [{"arn": ")" + kRole + R"("}, {"arn": ")" + kRole + R"("}])"),
       "roles[1].arn: " + kRole + " is there twice"},
      {WithTop(R"("roles": [{"arn": ")" + kRole + R"(", "mfa_serial": "a"}])"),
       "roles[0].mfa_serial: and mfa_code go together"},
      {WithTop(R"("roles": [{"arn": ")" + kRole + R"(", "mfa_code": "12345"}])"),
       "roles[0].mfa_code: is not 6 digits"},
      {WithTop(R"("roles": [{"arn": ")" + kRole + R"(", "max_session_seconds": 60}])"),
       "roles[0].max_session_seconds: is not 900 to 43200"},
      {WithTop(R"("web_identity_tokens": [{"token": "t", "roles": ["x"]}])"),
       "web_identity_tokens[0].roles: there is no role x"},
      {WithTop(R"("container_role": {"role": "x"})"), "container_role.role: there is no role x"},
      {WithTop(R"("container_role": [])"), "container_role: is not an object"},
      {WithTop(R"("roles": [{"arn": ")" + kRole + R"("}], "container_role": {"role": ")" + kRole +
               R"(", "path": "/"})"),
       "container_role.path: is not a path other than /"},
      {WithTop(R"("images": [{"image_id": "ami-1"}])"), "images[0].name: is missing"},
      {WithTop(R"("page_size": 0)"), "page_size: is not 1 to 1000"},
      {WithTop(R"("colour": "red")"), "colour: is not known here"},
  };
  for (const auto& [json, words] : kWrong) {
    EXPECT_THAT(Problem(json), testing::HasSubstr(words)) << json;
  }
}

TEST(Presets, ShapesOfTheChainAreSet) {
  Instance instance;
  ChainSettings chain;
  for (const char* name : {"sha256-staples", "cross-signed", "rotating", "local-zone"}) {
    ApplyPreset(name, instance, chain);
  }
  EXPECT_EQ(chain.staple_names, issuer::StapleNames::kSha256);
  EXPECT_TRUE(chain.cross_signed);
  EXPECT_GT(chain.rotate_seconds, 0);
  EXPECT_EQ(instance.availability_zone, "us-west-2-lax-1a");
}

}  // namespace
}  // namespace eic::emulator
