#include "emulator/cli.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

std::variant<Options, int> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "eic-emulator");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

template <typename T>
T Get(const std::variant<Options, int>& parsed) {
  return std::get<T>(std::get<Options>(parsed));
}

TEST(Cli, ServeHasItsDefaults) {
  const auto serve = Get<ServeOptions>(Parse({"serve", "--dir", "d"}));
  EXPECT_EQ(serve.folder, "d");
  EXPECT_EQ(serve.metadata_addresses, std::vector<std::string>{"127.0.0.1:1338"});
  EXPECT_EQ(serve.api_address, "127.0.0.1:1339");
  EXPECT_EQ(serve.instance_id, "i-0123456789abcdef0");
  EXPECT_EQ(serve.ttl_seconds, 60);
  EXPECT_FALSE(serve.allow_non_loopback);
}

TEST(Cli, TheOneInstanceAndTheApiAreDescribed) {
  const auto serve = Get<ServeOptions>(
      Parse({"serve", "--dir", "d", "--tag", "Name=web", "--tag", "a=b=c", "--image-name", "n",
             "--image-owner", "1", "--tls", "--tls-name", "a.example", "--tls-name", "10.0.0.1",
             "--api-clock-offset", "-1200"}));
  EXPECT_EQ(serve.tags, (std::vector<std::string>{"Name=web", "a=b=c"}));
  EXPECT_EQ(serve.image_name, "n");
  EXPECT_EQ(serve.image_owner, "1");
  EXPECT_TRUE(serve.tls);
  EXPECT_EQ(serve.tls_names, (std::vector<std::string>{"a.example", "10.0.0.1"}));
  EXPECT_EQ(serve.api_clock_offset_seconds, -1200);
  EXPECT_EQ(serve.clock_offset_seconds, 0);
}

TEST(Cli, WhatExcludesAnotherIsWrongUsage) {
  const std::vector<const char*> kWrong[] = {
      {"serve", "--dir", "d", "--tls-name", "a"},
      {"serve", "--dir", "d", "--config", "/dev/null", "--tag", "a=b"},
      {"serve", "--dir", "d", "--config", "/dev/null", "--image-name", "a"},
      {"serve", "--dir", "d", "--api-clock-offset", "9999999999"},
  };
  for (const auto& arguments : kWrong) EXPECT_EQ(std::get<int>(Parse(arguments)), 64);
}

TEST(Cli, MetadataAddressesReplaceTheDefault) {
  const auto serve = Get<ServeOptions>(Parse(
      {"serve", "--dir", "d", "--metadata", "127.0.0.1:1", "--metadata", "[::1]:1", "--ttl", "3"}));
  EXPECT_EQ(serve.metadata_addresses, (std::vector<std::string>{"127.0.0.1:1", "[::1]:1"}));
  EXPECT_EQ(serve.ttl_seconds, 3);
}

TEST(Cli, TheOtherCommandsAreRead) {
  EXPECT_EQ(Get<InitOptions>(Parse({"init", "--dir", "d"})).region, "us-west-2");
  const auto push = Get<PushOptions>(Parse({"push", "--api", "u", "--instance-id", "i", "--os-user",
                                            "a", "--public-key", EIC_EMULATOR}));
  EXPECT_EQ(push.os_user, "a");
  const auto sign = Get<SignOptions>(Parse({"sign", "--dir", "d", "--timestamp", "-5",
                                            "--instance-id", "i", "--public-key", EIC_EMULATOR}));
  EXPECT_EQ(sign.timestamp, -5);
}

TEST(Cli, HelpIsNoError) {
  EXPECT_EQ(std::get<int>(Parse({"--help"})), 0);
  EXPECT_EQ(std::get<int>(Parse({"--version"})), 0);
}

TEST(Cli, HelpSaysWhatItIsForAndNamesEveryPresetAndFault) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<int>(Parse({"--help"})), 0);
  EXPECT_NE(testing::internal::GetCapturedStdout().find("FOR DEVELOPMENT ONLY"), std::string::npos);
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<int>(Parse({"serve", "--help"})), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  for (const char* word : {"aws-iso-f", "wavelength-zone", "rotating", "endless-chunks", "503",
                           "hop_limit", "session_token", "/emulator/events"}) {
    EXPECT_NE(help.find(word), std::string::npos) << word;
  }
}

TEST(Cli, AnUnknownCommandIsNamed) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(std::get<int>(Parse({"bo\x1bgus", "--dir", "d"})), 64);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "eic-emulator: there is no command \"bo\\x1bgus\"; eic-emulator --help lists the "
            "commands\n");
}

TEST(Cli, InitShowsNoExamplesOfOtherCommands) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<int>(Parse({"init", "--help"})), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_NE(help.find("--dir"), std::string::npos);
  EXPECT_EQ(help.find("Examples"), std::string::npos);
}

TEST(Cli, WrongUsageIsStatus64) {
  const std::vector<const char*> kWrong[] = {
      {},
      {"fly"},
      {"init"},
      {"serve", "--dir", "d", "--ttl", "0"},
      {"serve", "--dir", "d", "--ttl", "x"},
      {"serve", "--dir", "d", "--nope"},
      {"push", "--api", "u"},
      {"push", "--api", "u", "--instance-id", "i", "--os-user", "a", "--public-key", "/no/file"},
      {"sign", "--dir", "d"},
      {"init", "serve", "--dir", "d"},
  };
  for (const auto& arguments : kWrong) EXPECT_EQ(std::get<int>(Parse(arguments)), 64);
}

}  // namespace
}  // namespace eic::emulator
