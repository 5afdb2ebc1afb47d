#include "aws/configuration.h"

#include <gtest/gtest.h>

#include "tests/aws/fake_world.h"

namespace eic::aws {
namespace {

constexpr const char* kConfig = "/home/me/.aws/config";

TEST(IsRegion, TakesWordsAndANumber) {
  for (const char* text : {"us-east-1", "us-gov-west-1", "us-isob-east-1", "ap-southeast-12"}) {
    EXPECT_TRUE(IsRegion(text)) << text;
  }
  const std::pair<const char*, const char*> rows[] = {
      {"empty", ""},
      {"one word", "east-1"},
      {"no number", "us-east"},
      {"zone", "us-east-1a"},
      {"host behind it", "us-east-1.evil.example"},
      {"host and path", "us-east-1.evil.example/"},
      {"capitals", "US-EAST-1"},
      {"empty word", "us--1"},
      {"number within", "us-1-east-1"},
      {"blank", "us-east-1 "},
      {"line end", "us-east-1\n"},
      {"too long for a label",
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1"},
  };
  for (const auto& [name, text] : rows) EXPECT_FALSE(IsRegion(text)) << name;
}

TEST(ReadConfiguration, FindsTheRegionInOrder) {
  FakeWorld world;
  world.files[kConfig] = "[default]\nregion = eu-west-1\n[profile p]\nregion = eu-west-2\n";
  const auto region = [&](const Settings& settings) {
    const auto configuration = ReadConfiguration(settings, world);
    return configuration ? configuration->region : configuration.error().message;
  };
  Settings named;
  named.region = "eu-west-5";
  EXPECT_EQ(region({}), "eu-west-1");
  world.environment["AWS_PROFILE"] = "p";
  EXPECT_EQ(region({}), "eu-west-2");
  world.environment["AWS_DEFAULT_REGION"] = "eu-west-3";
  EXPECT_EQ(region({}), "eu-west-3");
  world.environment["AWS_REGION"] = "eu-west-4";
  EXPECT_EQ(region({}), "eu-west-4");
  EXPECT_EQ(region(named), "eu-west-5");
  world.environment["AWS_REGION"] = "evil.example/";
  EXPECT_EQ(region({}), "\"evil.example/\" does not look like a region");
}

TEST(ReadConfiguration, NamesTheProfileThatIsMissing) {
  FakeWorld world;
  world.environment["AWS_DEFAULT_PROFILE"] = "none";
  const auto configuration = ReadConfiguration({}, world);
  ASSERT_FALSE(configuration);
  EXPECT_EQ(configuration.error().code, "ProfileNotFound");
  EXPECT_NE(configuration.error().message.find(kConfig), std::string::npos);
}

TEST(ReadConfiguration, TakesSwitchesFromEnvironmentAndProfile) {
  FakeWorld world;
  world.files[kConfig] =
      "[default]\nuse_fips_endpoint = TRUE\nca_bundle = ~/ca.pem\nmax_attempts = 5\n";
  auto configuration = ReadConfiguration({}, world);
  ASSERT_TRUE(configuration);
  EXPECT_TRUE(configuration->use_fips);
  EXPECT_FALSE(configuration->use_dualstack);
  EXPECT_EQ(configuration->ca_bundle, "/home/me/ca.pem");
  EXPECT_EQ(configuration->attempts_max, 5);
  world.environment = {{"AWS_USE_FIPS_ENDPOINT", "false"},
                       {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                       {"AWS_CA_BUNDLE", "/other.pem"},
                       {"AWS_MAX_ATTEMPTS", "7"}};
  configuration = ReadConfiguration({}, world);
  ASSERT_TRUE(configuration);
  EXPECT_FALSE(configuration->use_fips);
  EXPECT_TRUE(configuration->use_dualstack);
  EXPECT_EQ(configuration->ca_bundle, "/other.pem");
  EXPECT_EQ(configuration->attempts_max, 7);
}

TEST(ReadConfiguration, RefusesAttemptsThatAreNoNumber) {
  FakeWorld world;
  for (const char* text : {"0", "-1", "101", "three", "3x", "99999999999999999999"}) {
    world.environment["AWS_MAX_ATTEMPTS"] = text;
    EXPECT_FALSE(ReadConfiguration({}, world)) << text;
  }
}

TEST(ExpandPath, ExpandsHomeAndVariables) {
  FakeWorld world;
  world.environment["A_1"] = "x/y";
  EXPECT_EQ(ExpandPath("~", world), "/home/me");
  EXPECT_EQ(ExpandPath("~/a", world), "/home/me/a");
  EXPECT_EQ(ExpandPath("/~/a~", world), "/~/a~");
  EXPECT_EQ(ExpandPath("$A_1/z", world), "x/y/z");
  EXPECT_EQ(ExpandPath("${A_1}2", world), "x/y2");
  EXPECT_EQ(ExpandPath("$NONE ${NONE} ${A_1 $ $$", world), "$NONE ${NONE} ${A_1 $ $$");
}

}  // namespace
}  // namespace eic::aws
