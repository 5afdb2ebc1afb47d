#include "emulator/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulator/emulator_error.h"
#include "emulator/presets.h"

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
  const std::pair<std::string, const char*> kWrong[] = {
      {"{", "not JSON"},
      {"[]", "not an object"},
      {"{}", "instances"},
      {R"({"instances": []})", "1 to"},
      {R"({"instances": [{"metadata": ["127.0.0.1:1"]}]})", "instance_id is missing"},
      {OneInstance(R"("users": [])"), "metadata is missing"},
      {OneInstance(R"("metadata": ["host:1"])"), "not an address"},
      {OneInstance(R"("metadata": [1])"), "array of strings"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "state": "on")"), "state"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "hypervisor": "kvm")"), "hypervisor"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "hop_limit": 0)"), "hop_limit"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "region": 1)"), "not a string"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "colour": "red")"), "colour"},
      {OneInstance(R"("metadata": ["127.0.0.1:1"], "presets": ["moon"])"), "aws-iso-f"},
      {OneInstance(R"("metadata": ["[::1]:1"], "hypervisor": "xen")"), "IPv6"},
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
