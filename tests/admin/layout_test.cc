// Paths below a root: links lead where they are meant to within it, for every reader.
#include "admin/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/files/tree.h"
#include "admin/sshd/sshd_config.h"
#include "tests/fakes/temp_folder.h"

namespace eic::admin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class BelowARoot : public testing::Test {
 protected:
  BelowARoot() { layout.root = folder.path().string(); }

  void Link(const std::string& path, const std::string& target) const {
    const std::filesystem::path name = layout.root + path;
    std::filesystem::create_directories(name.parent_path());
    std::filesystem::create_symlink(target, name);
  }

  fakes::TempFolder folder;
  fakes::TempFolder other;  // of the machine that administers
  Layout layout;
};

TEST_F(BelowARoot, AnAbsoluteLinkToAFolderOfDropInsStaysWithinTheTree) {
  folder.Write("etc/site/drop-ins/10-a.conf", "");
  folder.Write("etc/site/drop-ins/20-b.conf", "");
  Link("/etc/ssh/sshd_config.d", "/etc/site/drop-ins");
  EXPECT_THAT(layout.Glob("/etc/ssh/sshd_config.d/*.conf"),
              ElementsAre("/etc/ssh/sshd_config.d/10-a.conf", "/etc/ssh/sshd_config.d/20-b.conf"));
  EXPECT_THAT(layout.Glob("/etc/ssh/*/10-a.conf"), ElementsAre("/etc/ssh/sshd_config.d/10-a.conf"));
  EXPECT_THAT(layout.Glob("/etc/ssh/sshd_config.d/10-a.conf"),
              ElementsAre("/etc/ssh/sshd_config.d/10-a.conf"));
}

TEST_F(BelowARoot, WhatTheLinkNamesOnTheHostIsNotRead) {
  other.Write("10-host.conf", "AuthorizedKeysCommand /usr/bin/host\n");
  Link("/etc/ssh/sshd_config.d", other.path().string());
  folder.Write("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n");
  EXPECT_THAT(layout.Glob("/etc/ssh/sshd_config.d/*.conf"), IsEmpty());
  EXPECT_THAT(ReadSshdConfig(Tree(layout), "/etc/ssh/sshd_config").settings, IsEmpty());
}

TEST_F(BelowARoot, NeitherIsItAfterMoreLinksThanTheKernelFollows) {
  other.Write("host", "secret");
  constexpr int kLinks = 41;
  for (int i = 0; i < kLinks - 1; ++i) {
    Link("/etc/l" + std::to_string(i), "l" + std::to_string(i + 1));
  }
  Link("/etc/l" + std::to_string(kLinks - 1), other.path().string() + "/host");
  const Tree tree(layout);
  EXPECT_EQ(tree.Read("/etc/l0"), std::nullopt);
  EXPECT_TRUE(tree.failure());
}

TEST_F(BelowARoot, ALinkToAFileIsFoundByItsName) {
  folder.Write("usr/lib/a.conf", "");
  Link("/etc/ssh/sshd_config.d/a.conf", "/usr/lib/a.conf");
  Link("/etc/ssh/sshd_config.d/b.conf", "../../../../../../../../usr/lib/a.conf");
  EXPECT_THAT(layout.Glob("/etc/ssh/sshd_config.d/*.conf"),
              ElementsAre("/etc/ssh/sshd_config.d/a.conf", "/etc/ssh/sshd_config.d/b.conf"));
  EXPECT_EQ(layout.Resolved("/etc/ssh/sshd_config.d/b.conf"), "/usr/lib/a.conf");
  EXPECT_EQ(layout.Real("/etc/ssh/sshd_config.d/b.conf"), layout.root + "/usr/lib/a.conf");
  EXPECT_EQ(layout.RealName("/etc/ssh/sshd_config.d/b.conf"),
            layout.root + "/etc/ssh/sshd_config.d/b.conf");
}

TEST_F(BelowARoot, WhatIsBelowEtcIsToldByWhereItLeads) {
  folder.Write("etc/site/a", "");
  folder.Write("usr/lib/a", "");
  Link("/etc/ssh/a", "/usr/lib/a");
  Link("/srv/a", "/etc/site/a");
  EXPECT_TRUE(layout.IsInEtc("/etc/site/a"));
  EXPECT_TRUE(layout.IsInEtc("/etc/ssh/not-there"));
  EXPECT_TRUE(layout.IsInEtc("/srv/a"));
  EXPECT_FALSE(layout.IsInEtc("/etc/ssh/a"));
  EXPECT_FALSE(layout.IsInEtc("/usr/lib/a"));
  EXPECT_FALSE(layout.IsInEtc("/etcetera"));
}

TEST(WithoutARoot, PathsAreThoseOfThisSystem) {
  fakes::TempFolder folder;
  folder.Write("a.conf", "");
  std::filesystem::create_symlink("a.conf", folder.path() / "b.conf");
  const Layout layout;
  EXPECT_THAT(layout.Glob(folder.Of("*.conf")),
              ElementsAre(folder.Of("a.conf"), folder.Of("b.conf")));
  EXPECT_EQ(layout.Resolved(folder.Of("b.conf")), folder.Of("a.conf"));
  EXPECT_EQ(layout.Real(folder.Of("b.conf")), folder.Of("b.conf"));
}

}  // namespace
}  // namespace eic::admin
