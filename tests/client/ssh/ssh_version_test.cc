#include "client/ssh/ssh_version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/needs.h"

namespace eic::client {
namespace {

TEST(SshVersion, IsReadFromWhatSshSays) {
  struct Row {
    const char* text;
    int major, minor;
  };
  const Row rows[] = {
      {"OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n", 7, 4},
      {"OpenSSH_8.4p1 Debian-5+deb11u5, OpenSSL 1.1.1w\n", 8, 4},
      {"OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15\n", 9, 2},
      {"OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.1\n", 10, 0},
      {"OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2\n", 9, 5},
      {"warning: something\r\nOpenSSH_9.9, LibreSSL 3.3.6\n", 9, 9},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto version = ParseSshVersion(row.text);
    ASSERT_TRUE(version);
    EXPECT_EQ(version->major, row.major);
    EXPECT_EQ(version->minor, row.minor);
  }
}

TEST(SshVersion, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "OpenSSH_", "OpenSSH_x.y", "OpenSSH_9", "OpenSSH_9.", "OpenSSH_ 9.2",
                           "OpenSSH_99999999999.1", "Dropbear v2022.83", "Sun_SSH_1.1"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParseSshVersion(text));
    EXPECT_EQ(CheckSshVersion(text).error().code, "BadSsh");
  }
  EXPECT_EQ(CheckSshVersion("OpenSSH_7.3p1").error().code, "BadSsh");
  EXPECT_TRUE(CheckSshVersion("OpenSSH_7.4p1"));
}

TEST(SshVersion, Compares) {
  EXPECT_TRUE((SshVersion{10, 0}).IsAtLeast(9, 9));
  EXPECT_TRUE((SshVersion{9, 9}).IsAtLeast(9, 9));
  EXPECT_FALSE((SshVersion{9, 8}).IsAtLeast(9, 9));
  EXPECT_FALSE((SshVersion{8, 9}).IsAtLeast(9, 0));
}

TEST(SshVersion, IsAskedOfTheSshOfPath) {
  const auto version = AskSshVersion();
  EIC_NEEDS(version.ok() || version.error().code != "NoProgram", "ssh");
  ASSERT_TRUE(version) << version.error().message;
  EXPECT_GE(version->major, 7);
}

}  // namespace
}  // namespace eic::client
