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
  const std::pair<std::string, const char*> kWrong[] = {
      {"{\n{", "not JSON: "},
      {"{\n{", "line 2"},
      {"[]", "top: is not an object"},
      {"{}", "instances: is not an array of 1 to 64"},
      {R"({"instances": []})", "instances: is not an array of 1 to 64"},
      {R"({"instances": [1]})", "instances[0]: is not an object"},
      {R"({"instances": [{"metadata": ["127.0.0.1:1"]}]})", "instances[0].instance_id: is missing"},
      {R"({"instances": [{"instance_id": "i-xyz"}]})", "instance_id: is not an instance id"},
      {OneInstance(R"("users": [])"), "instances[0].metadata: is missing or empty"},
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
      {OneInstance(kGood + R"("colour": "red")"), "instances[0].colour: is not known here"},
      {OneInstance(kGood + R"("presets": ["moon"])"), "instances[0].presets: not a preset: moon"},
      {OneInstance(R"("metadata": ["[::1]:1"], "hypervisor": "xen")"), "metadata: a Xen instance"},
      {WithCredentials(kKey + "}, " + kKey + "}"),
       "credentials[1].access_key_id: A is there twice"},
      {WithCredentials(R"({"access_key_id": ""})"), "credentials[0].access_key_id: is empty"},
      {WithCredentials(kKey + R"(, "instances": ["i-1"]})"),
       "credentials[0].instances: there is no"},
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
