#include "agent/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/imds.h"

namespace eic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Parsed = Result<Options, UsageError>;
using Words = std::vector<std::string>;

Parsed Parse(const Words& words, const char* name = "/usr/bin/eic-authorized-keys") {
  Words all = words;
  all.insert(all.begin(), name);
  std::vector<char*> pointers;
  for (std::string& word : all) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return ParseOptions(static_cast<int>(all.size()), pointers.data());
}

Options ParseWell(const Words& words, const char* name = "/usr/bin/eic-authorized-keys") {
  const Parsed parsed = Parse(words, name);
  if (!parsed) ADD_FAILURE() << parsed.error().text;
  return parsed ? *parsed : Options{};
}

// What is wrong with the usage; empty if nothing is.
std::string UsageErrorOf(const Words& words, const char* name = "/usr/bin/eic-authorized-keys") {
  const Parsed parsed = Parse(words, name);
  return parsed ? "" : parsed.error().text;
}

TEST(ParseOptionsTest, WhatSshdGives) {
  const Options options = ParseWell({"--", "alice", "SHA256:abc", "ssh-ed25519"});
  EXPECT_EQ(options.user, "alice");
  EXPECT_EQ(options.fingerprint, "SHA256:abc");
  EXPECT_EQ(options.key_type, "ssh-ed25519");
}

TEST(ParseOptionsTest, WithoutOptionsTheDefaults) {
  const Options options = ParseWell({"alice"});
  EXPECT_EQ(options.imds_endpoints, DefaultImdsEndpoints());
  EXPECT_FALSE(options.ca_store.has_value());
  EXPECT_EQ(options.sysfs_root, "/sys");
  EXPECT_EQ(options.timeout, std::chrono::seconds(5));
  EXPECT_EQ(options.log_to, Options::LogTo::kSyslog);
  EXPECT_EQ(options.user, "alice");
  EXPECT_FALSE(options.fingerprint.has_value());
  EXPECT_FALSE(options.key_type.has_value());
  EXPECT_FALSE(options.caller_environment);
}

TEST(ParseOptionsTest, EveryOption) {
  const Options options =
      ParseWell({"--imds-endpoint", "http://127.0.0.1:8080", "--ca-store", "/etc/anchors",
                 "--sysfs-root", "/tmp/sys", "--timeout", "3", "--log-to", "stderr",
                 "--caller-environment", "--", "alice", "MD5:aa"});
  EXPECT_THAT(options.imds_endpoints, ElementsAre("http://127.0.0.1:8080"));
  EXPECT_EQ(options.ca_store, "/etc/anchors");
  EXPECT_EQ(options.sysfs_root, "/tmp/sys");
  EXPECT_EQ(options.timeout, std::chrono::seconds(3));
  EXPECT_EQ(options.log_to, Options::LogTo::kStderr);
  EXPECT_TRUE(options.caller_environment);
  EXPECT_EQ(options.user, "alice");
  EXPECT_EQ(options.fingerprint, "MD5:aa");
}

TEST(ParseOptionsTest, ValuesBehindAnEqualsSign) {
  const Options options = ParseWell({"--timeout=60", "--log-to=syslog", "--sysfs-root=/s", "u"});
  EXPECT_EQ(options.timeout, std::chrono::seconds(60));
  EXPECT_EQ(options.sysfs_root, "/s");
}

TEST(ParseOptionsTest, LastOfARepeatedOptionCounts) {
  EXPECT_EQ(ParseWell({"--timeout", "2", "--timeout", "4", "u"}).timeout, std::chrono::seconds(4));
}

TEST(ParseOptionsTest, NothingBehindTheUserIsAnOption) {
  const Options options = ParseWell({"alice", "--version", "--help"});
  EXPECT_EQ(options.user, "alice");
  EXPECT_EQ(options.fingerprint, "--version");
  EXPECT_EQ(options.key_type, "--help");
}

TEST(ParseOptionsTest, UsersThatLookLikeOptionsStandBehindTwoHyphens) {
  for (const char* user : {"--help", "--version", "-x", "--", "-", "--timeout=9", ""}) {
    EXPECT_EQ(ParseWell({"--", user}).user, user);
  }
}

TEST(ParseOptionsTest, EmptyWordsAreWords) {
  const Options options = ParseWell({"--", "", "", ""});
  EXPECT_EQ(options.user, "");
  EXPECT_EQ(options.fingerprint, "");
  EXPECT_EQ(options.key_type, "");
}

TEST(ParseOptionsTest, EndpointsThatAreTaken) {
  const struct {
    const char* url;
    const char* endpoint;
  } kRows[] = {
      {"http://169.254.169.254", "http://169.254.169.254"},
      {"http://127.0.0.1:80", "http://127.0.0.1:80"},
      {"http://127.0.0.1:65535", "http://127.0.0.1:65535"},
      {"http://127.0.0.1/", "http://127.0.0.1"},
      {"http://127.0.0.1:80/", "http://127.0.0.1:80"},
      {"http://[::1]:1", "http://[::1]:1"},
      {"http://[::1]", "http://[::1]"},
      {"http://[fd00:ec2::254]/", "http://[fd00:ec2::254]"},
      {"http://[::ffff:127.0.0.1]:80", "http://[::ffff:127.0.0.1]:80"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(ParseWell({"--imds-endpoint", row.url, "u"}).imds_endpoints,
                ElementsAre(row.endpoint))
        << row.url;
  }
}

TEST(ParseOptionsTest, EndpointsThatAreRefused) {
  const struct {
    const char* defect;
    const char* url;
  } kRows[] = {
      {"empty", ""},
      {"no scheme", "127.0.0.1"},
      {"nothing behind the scheme", "http://"},
      {"a slash alone", "http:///"},
      {"https", "https://127.0.0.1"},
      {"file", "file:///etc/passwd"},
      {"a scheme that only begins so", "httpx://127.0.0.1"},
      {"a name", "http://metadata.internal"},
      {"a name that resolves everywhere", "http://localhost"},
      {"a user", "http://user@127.0.0.1"},
      {"a user and a password", "http://user:password@127.0.0.1:80"},
      {"a path", "http://127.0.0.1/latest"},
      {"two slashes at the end", "http://127.0.0.1//"},
      {"a query", "http://127.0.0.1?x"},
      {"a fragment", "http://127.0.0.1#x"},
      {"port 0", "http://127.0.0.1:0"},
      {"port 65536", "http://127.0.0.1:65536"},
      {"an endless port", "http://127.0.0.1:99999999999999999999"},
      {"no port behind its colon", "http://127.0.0.1:"},
      {"a port with a sign", "http://127.0.0.1:+80"},
      {"a negative port", "http://127.0.0.1:-80"},
      {"a port of letters", "http://127.0.0.1:http"},
      {"a port with more behind it", "http://127.0.0.1:80x"},
      {"IPv6 without brackets", "http://::1"},
      {"IPv6 with one bracket", "http://[::1"},
      {"IPv6 with the other bracket", "http://::1]"},
      {"IPv6 with a zone", "http://[fe80::1%25eth0]"},
      {"IPv4 in brackets", "http://[127.0.0.1]"},
      {"nothing in brackets", "http://[]"},
      {"a short form of IPv4", "http://127.1"},
      {"IPv4 as one number", "http://2130706433"},
      {"IPv4 in octal", "http://0177.0.0.1"},
      {"a blank", "http://127.0.0.1 "},
      {"a line end", "http://127.0.0.1\r\nX: y"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(UsageErrorOf({"--imds-endpoint", row.url, "u"}), HasSubstr("--imds-endpoint"))
        << row.defect;
  }
}

TEST(ParseOptionsTest, ValuesThatAreRefused) {
  const struct {
    const char* option;
    const char* value;
  } kRows[] = {
      {"--timeout", "0"},      {"--timeout", "61"},    {"--timeout", "-1"},
      {"--timeout", ""},       {"--timeout", "x"},     {"--timeout", "1.5"},
      {"--timeout", "5s"},     {"--timeout", " 5"},    {"--timeout", "99999999999999999999"},
      {"--log-to", ""},        {"--log-to", "stdout"}, {"--log-to", "SYSLOG"},
      {"--log-to", "syslog "}, {"--ca-store", ""},     {"--sysfs-root", ""},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(UsageErrorOf({row.option, row.value, "u"}), HasSubstr(row.option)) << row.value;
  }
}

TEST(ParseOptionsTest, TimeoutBounds) {
  EXPECT_EQ(ParseWell({"--timeout", "1", "u"}).timeout, std::chrono::seconds(1));
  EXPECT_EQ(ParseWell({"--timeout", "60", "u"}).timeout, std::chrono::seconds(60));
}

TEST(ParseOptionsTest, WrongUsage) {
  const struct {
    const char* name;
    Words words;
  } kRows[] = {
      {"nothing", {}},
      {"nothing behind two hyphens", {"--"}},
      {"options alone", {"--timeout", "5"}},
      {"four words", {"--", "alice", "SHA256:x", "ssh-rsa", "more"}},
      {"an unknown option", {"--verbose", "alice"}},
      {"an unknown short option", {"-v", "alice"}},
      {"an option without its value", {"--timeout"}},
      {"a value where none belongs", {"--help=x", "alice"}},
      {"a user that looks like an option", {"--alice"}},
  };
  for (const auto& row : kRows) EXPECT_NE(UsageErrorOf(row.words), "") << row.name;
}

TEST(ParseOptionsTest, WrongUsageIsReportedWhereTheLogWasAskedFor) {
  const Parsed before = Parse({"--log-to", "stderr", "--timeout", "0", "u"});
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().log_to, Options::LogTo::kStderr);
  const Parsed without = Parse({"--timeout", "0", "u"});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().log_to, Options::LogTo::kSyslog);
}

TEST(ParseOptionsTest, Information) {
  EXPECT_EQ(ParseWell({"--version"}).information, "eic-authorized-keys " EIC_VERSION "\n");
  const std::string help = ParseWell({"--help"}).information.value_or("");
  for (const char* option : {"--imds-endpoint", "--ca-store", "--sysfs-root", "--timeout",
                             "--log-to", "--version", "--help", "USER [FINGERPRINT [KEYTYPE]]"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

TEST(ParseOptionsTest, NoArgumentsAtAll) {
  char* nothing[] = {nullptr};
  EXPECT_FALSE(ParseOptions(0, nothing));
}

TEST(ShellAgentsNameTest, EveryWordIsPositional) {
  for (const char* name : {"eic_run_authorized_keys", "/opt/aws/bin/eic_run_authorized_keys",
                           "./eic_run_authorized_keys"}) {
    SCOPED_TRACE(name);
    const Options options = ParseWell({"--help", "--version", "--timeout"}, name);
    EXPECT_EQ(options.user, "--help");
    EXPECT_EQ(options.fingerprint, "--version");
    EXPECT_EQ(options.key_type, "--timeout");
    EXPECT_EQ(ParseWell({"--"}, name).user, "--");
    EXPECT_EQ(ParseWell({"alice", "SHA256:x"}, name).fingerprint, "SHA256:x");
  }
}

TEST(ShellAgentsNameTest, HasTheDefaults) {
  const Options options = ParseWell({"alice"}, "eic_run_authorized_keys");
  EXPECT_EQ(options.imds_endpoints, DefaultImdsEndpoints());
  EXPECT_EQ(options.timeout, std::chrono::seconds(5));
}

TEST(ShellAgentsNameTest, CountsItsWords) {
  EXPECT_NE(UsageErrorOf({}, "eic_run_authorized_keys"), "");
  EXPECT_NE(UsageErrorOf({"a", "b", "c", "d"}, "eic_run_authorized_keys"), "");
}

TEST(ShellAgentsNameTest, IsTheWholeBaseName) {
  for (const char* name : {"eic_run_authorized_keys.old", "xeic_run_authorized_keys",
                           "/eic_run_authorized_keys/eic-authorized-keys"}) {
    EXPECT_TRUE(ParseWell({"--version"}, name).information) << name;
  }
}

}  // namespace
}  // namespace eic
