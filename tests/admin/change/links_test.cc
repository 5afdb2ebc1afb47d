// What packages own below /usr is never written, whatever link of /etc leads to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;

const std::string kUserdb =
    "AuthorizedKeysCommand /usr/bin/userdbctl ssh-authorized-keys %u\n"
    "AuthorizedKeysCommandUser root\n";
const std::string kUserdbFile = "/usr/lib/systemd/sshd_config.d/20-systemd-userdb.conf";
const std::string kUserdbLink = "/etc/ssh/sshd_config.d/20-systemd-userdb.conf";
const std::string kVendorFile = "/usr/share/ssh/sshd_config";
const std::string kVendorText = "UsePAM no\nX11Forwarding no\n";
const std::string kFirst(kFirstDropIn);

class Links : public testing::Test {
 protected:
  void LinkUserdb() {
    host.Write(kUserdbFile, kUserdb);
    host.Link(kUserdbLink, "../../.." + kUserdbFile);
  }
  void LinkMainFile(const std::string& text = kVendorText) {
    host.Write(kVendorFile, text);
    host.Link("/etc/ssh/sshd_config", "../../usr/share/ssh/sshd_config");
  }
  bool IsLink(const std::string& path) const {
    return std::filesystem::is_symlink(host.layout.root + path);
  }

  // The login is ours in between, the packages' files are as they were, and then all is.
  void ExpectThereAndBack(const EnableOptions& options, const std::string& package_file) {
    const auto before = host.Files();
    const Report enabled = host.EnableWith(options);
    ASSERT_EQ(enabled.status, ExitStatus::kDone) << enabled.errors;
    EXPECT_TRUE(host.Counts().IsWanted()) << host.Counts().command;
    EXPECT_EQ(host.Files().at(package_file), before.at(package_file));
    const Report disabled = host.DisableWith({true});
    EXPECT_EQ(disabled.status, ExitStatus::kDone) << disabled.errors;
    EXPECT_EQ(host.Files(), before);
  }

  Host host;
};

TEST_F(Links, ADropInBeforeThePackagesTakesTheSlot) {
  LinkUserdb();
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kRefused);
  ASSERT_EQ(host.EnableWith({Intent::kReplace}).status, ExitStatus::kDone);
  EXPECT_TRUE(IsLink(kUserdbLink));
  EXPECT_TRUE(host.Has(kFirst));
  EXPECT_FALSE(host.Has(std::string(kDropIn)));
  host.DisableWith({true});
  ExpectThereAndBack({Intent::kReplace}, kUserdbFile);
}

TEST_F(Links, AnUpgradeOfThePackageDoesNotTakeTheSlotBack) {
  LinkUserdb();
  host.EnableWith({Intent::kReplace});
  LinkUserdb();
  EXPECT_TRUE(host.Counts().IsWanted());
}

TEST_F(Links, WhereThePackagesDropInSortsBeforeOursTheTopOfTheMainFileDoes) {
  host.Write(kUserdbFile, kUserdb);
  host.Link("/etc/ssh/sshd_config.d/00-a.conf", kUserdbFile);
  ExpectThereAndBack({Intent::kReplace}, kUserdbFile);
}

TEST_F(Links, AnAdministratorsLineBeforeThePackagesIsSetAsideToo) {
  LinkUserdb();
  host.Write("/etc/ssh/sshd_config.d/00-a.conf",
             "AuthorizedKeysCommand /usr/bin/a\nAuthorizedKeysCommandUser nobody\n");
  ExpectThereAndBack({Intent::kReplace}, kUserdbFile);
}

TEST_F(Links, TheFolderOfDropInsMayBeAPackages) {
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config.d");
  host.Write("/usr/share/ssh/drop-ins/20-a.conf", "X11Forwarding no\n");
  host.Link("/etc/ssh/sshd_config.d", "/usr/share/ssh/drop-ins");
  ExpectThereAndBack({}, "/usr/share/ssh/drop-ins/20-a.conf");
}

TEST_F(Links, TheMainFilesLinkIsSetAsideAndComesBack) {
  LinkMainFile();
  ASSERT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_FALSE(IsLink("/etc/ssh/sshd_config"));
  // What the package changes goes on counting.
  EXPECT_THAT(*host.Read("/etc/ssh/sshd_config"), HasSubstr("\nInclude " + kVendorFile + "\n"));
  EXPECT_EQ(host.EnableWith().output.rfind("already enabled", 0), 0U);
  host.DisableWith({true});
  EXPECT_TRUE(IsLink("/etc/ssh/sshd_config"));
  ExpectThereAndBack({}, kVendorFile);
}

// sshd takes an Include that finds nothing without a word, and runs without its settings.
TEST_F(Links, ALinkBehindTheMainFilesMayBeSwitched) {
  for (const std::string target : {"/usr/share/ssh/current", "../.././usr/share/ssh/current"}) {
    Host fresh;
    fresh.Write("/usr/share/ssh/v1", "PasswordAuthentication no\n");
    fresh.Write("/usr/share/ssh/v2", "PasswordAuthentication no\nUsePAM no\n");
    fresh.Link("/usr/share/ssh/current", "v1");
    fresh.Link("/etc/ssh/sshd_config", target);
    ASSERT_EQ(fresh.EnableWith().status, ExitStatus::kDone);
    EXPECT_THAT(*fresh.Read("/etc/ssh/sshd_config"),
                HasSubstr("\nInclude /usr/share/ssh/current\n"));
    fresh.Link("/usr/share/ssh/current", "v2");
    std::filesystem::remove(fresh.layout.root + "/usr/share/ssh/v1");
    const SshdConfig config = ReadSshdConfig(Tree(fresh.layout), "/etc/ssh/sshd_config");
    EXPECT_THAT(config.files, testing::Contains("/usr/share/ssh/current"));
    EXPECT_EQ(Tree(fresh.layout).Read("/usr/share/ssh/current"), fresh.Read("/usr/share/ssh/v2"));
    EXPECT_EQ(fresh.DisableWith({true}).status, ExitStatus::kDone);
    EXPECT_EQ(LinkTarget(fresh.layout.root + "/etc/ssh/sshd_config"), target);
  }
}

TEST_F(Links, AnSshdThatKnowsNoIncludeGetsACopy) {
  host.runner.version = "OpenSSH_7.4p1";
  LinkMainFile();
  ASSERT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_THAT(*host.Read("/etc/ssh/sshd_config"), HasSubstr(kVendorText));
  host.DisableWith({true});
  ExpectThereAndBack({}, kVendorFile);
}

// An AllowUsers that went would let in whom it kept out.
TEST_F(Links, AFileThatSomebodyWroteIntoStaysInForce) {
  for (const char* version : {"OpenSSH_9.2p1", "OpenSSH_7.4p1"}) {
    Host fresh;
    fresh.runner.version = version;
    fresh.Write(kVendorFile, kVendorText);
    fresh.Link("/etc/ssh/sshd_config", "../../usr/share/ssh/sshd_config");
    fresh.EnableWith();
    fresh.Write("/etc/ssh/sshd_config", *fresh.Read("/etc/ssh/sshd_config") + "AllowUsers alice\n");
    const Report report = fresh.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kDone) << version;
    EXPECT_THAT(report.errors, HasSubstr("/etc/ssh/sshd_config was edited")) << version;
    const std::string stays = *fresh.Read("/etc/ssh/sshd_config");
    EXPECT_TRUE(LinkTarget(fresh.layout.root + "/etc/ssh/sshd_config").empty()) << version;
    EXPECT_THAT(stays, testing::EndsWith("\nAllowUsers alice\n")) << version;
    EXPECT_FALSE(HasBlock(stays)) << version;
    EXPECT_FALSE(LinkSetAside(stays)) << version;
    const auto once = fresh.Files();
    EXPECT_EQ(fresh.DisableWith({true}).status, ExitStatus::kDone) << version;
    EXPECT_EQ(fresh.Files(), once) << version;
  }
}

// Nobody edited it: there is nothing to keep.
TEST_F(Links, WhatThePackageWroteIntoItsOwnFileMeanwhileIsNoEdit) {
  host.runner.version = "OpenSSH_7.4p1";
  LinkMainFile();
  host.EnableWith();
  host.Write(kVendorFile, "UsePAM yes\n");
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_TRUE(IsLink("/etc/ssh/sshd_config"));
  EXPECT_FALSE(host.Has("/etc/ssh/.sshd_config.saved"));
  EXPECT_THAT(report.errors, testing::Not(HasSubstr("edited")));
}

// The package's removal disables once more after the administrator did.
TEST_F(Links, DisableTwiceIsAsDisableOnce) {
  for (const std::string& text :
       {std::string("AuthorizedKeysCommand ") + std::string(kWantedCommand) +
            "\nAuthorizedKeysCommandUser " + std::string(kWantedUser) + "\n",
        kShellAgentLines}) {
    for (const std::string name : {"/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-a.conf"}) {
      for (const bool enables : {false, true}) {
        Host fresh;
        fresh.Write("/usr/share/ssh/vendor", text);
        fresh.Link(name, "/usr/share/ssh/vendor");
        if (enables) fresh.EnableWith({Intent::kReplace});
        EXPECT_EQ(fresh.DisableWith({true}).status, ExitStatus::kDone) << name << text;
        const auto once = fresh.Files();
        const std::string counts = fresh.Counts().command;
        EXPECT_EQ(OwnerOf(counts), Owner::kNobody) << name << text << counts;
        const Report again = fresh.DisableWith({true});
        EXPECT_EQ(again.status, ExitStatus::kDone) << name << text;
        EXPECT_EQ(again.output.rfind("already", 0), 0U) << again.output << again.errors;
        EXPECT_EQ(fresh.Files(), once) << name << text;
        EXPECT_EQ(fresh.Read("/usr/share/ssh/vendor"), text);
      }
    }
  }
}

TEST_F(Links, OneThatDisableSetAsideComesBackOnceItsFileNamesOursNoMore) {
  host.Write(kVendorFile, kShellAgentLines);
  host.Link("/etc/ssh/sshd_config.d/10-a.conf", kVendorFile);
  host.DisableWith({true});
  EXPECT_FALSE(IsLink("/etc/ssh/sshd_config.d/10-a.conf"));
  host.Write(kVendorFile, kVendorText);
  host.DisableWith({true});
  EXPECT_TRUE(IsLink("/etc/ssh/sshd_config.d/10-a.conf"));
}

TEST_F(Links, AFileWhoseLinkLeadsNowhereAnyMoreStays) {
  LinkMainFile();
  host.EnableWith();
  std::filesystem::remove(host.layout.root + kVendorFile);
  const Report report = host.DisableWith({true});
  EXPECT_THAT(report.errors, HasSubstr("which no longer exists"));
  EXPECT_EQ(host.Read("/etc/ssh/sshd_config"), "Include " + kVendorFile + "\n");
}

TEST_F(Links, AMainFileOutsideOfEtcThatIsNoLinkIsRefused) {
  host.Write("/srv/ssh/sshd_config", kVendorText);
  host.Write("/lib/systemd/system/ssh.service",
             "[Service]\nExecStart=/usr/sbin/sshd -D -f /srv/ssh/sshd_config\n");
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("/srv/ssh/sshd_config is outside /etc"));
  EXPECT_EQ(host.Read("/srv/ssh/sshd_config"), kVendorText);
}

// The text of a package's file says nothing about who wrote it.
TEST_F(Links, ALinksCommentInAPackagesFileIsNoPlanOfOurs) {
  host.Write(kVendorFile, InPlaceOfLink("x", "Match all\n" + kUserdb));
  host.Write("/etc/ssh/sshd_config", "Include " + kVendorFile + "\nUsePAM no\n");
  const auto before = host.Files();
  const Report enabled = host.EnableWith({Intent::kReplace});
  EXPECT_EQ(enabled.status, ExitStatus::kRefused) << enabled.output;
  EXPECT_THAT(enabled.errors, HasSubstr(kVendorFile));
  EXPECT_EQ(host.Files(), before);
}

TEST_F(Links, OneThatReadsTheDropInsOfEtcIsNot) {
  host.Write("/srv/ssh/sshd_config", kStockConfig);
  host.Write("/lib/systemd/system/ssh.service",
             "[Service]\nExecStart=/usr/sbin/sshd -D -f /srv/ssh/sshd_config\n");
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_EQ(host.Read("/srv/ssh/sshd_config"), kStockConfig);
}

// Somebody moved it there with our lines in it: /usr may be read-only, and disable ends all the
// same.
TEST_F(Links, DisableWritesNothingOutsideOfEtc) {
  const std::string ours = std::string(WantedBlock()) + kVendorText;
  for (const std::string name : {"/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-a.conf"}) {
    Host fresh;
    fresh.Write(kVendorFile, ours);
    fresh.Link(name, kVendorFile);
    for (int run = 0; run < 3; ++run) {
      const Report report = fresh.DisableWith({true});
      EXPECT_EQ(report.status, ExitStatus::kDone) << name << run << report.errors;
      EXPECT_EQ(report.output.rfind("already", 0) == 0, run > 0) << name << run << report.output;
      EXPECT_EQ(fresh.Read(kVendorFile), ours);
      EXPECT_EQ(fresh.Counts().command, "") << name << run;
    }
    fresh.Write(kVendorFile, kVendorText);
    fresh.DisableWith({true});
    EXPECT_EQ(LinkTarget(fresh.layout.root + name), kVendorFile);
  }
}

TEST_F(Links, WhatDisableMayNotWriteItNamesAndEnds) {
  const std::string ours = std::string(WantedBlock()) + "X11Forwarding no\n";
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config.d");
  host.Write("/usr/share/ssh/drop-ins/20-a.conf", ours);
  host.Link("/etc/ssh/sshd_config.d", "/usr/share/ssh/drop-ins");
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kUnchecked) << report.errors;
  EXPECT_THAT(report.errors, HasSubstr("/etc/ssh/sshd_config.d/20-a.conf has lines of ours"));
  EXPECT_THAT(report.errors, HasSubstr("20-a.conf:"));
  EXPECT_THAT(report.errors, testing::Not(HasSubstr("Nothing was changed")));
  EXPECT_EQ(host.Read("/usr/share/ssh/drop-ins/20-a.conf"), ours);
}

// Two changes of one file would stand in each other's way, and disable would never end.
TEST_F(Links, AFileMayHaveTwoNames) {
  const std::string other = "AuthorizedKeysCommand /usr/bin/a\nAuthorizedKeysCommandUser nobody\n";
  host.Write("/etc/site/a", other);
  host.Link("/etc/ssh/sshd_config.d/10-a.conf", "../../site/a");
  host.Link("/etc/ssh/sshd_config.d/20-a.conf", "/etc/site/a");
  ExpectThereAndBack({Intent::kReplace}, "/etc/ssh/sshd_config");
  EXPECT_EQ(host.Read("/etc/site/a"), other);
}

// A drop-in that is a link to nothing keeps sshd from starting.
TEST_F(Links, OurDropInStaysAsAnEmptyFileWhereALinkLeadsToIt) {
  host.EnableWith();
  host.Link("/etc/ssh/sshd_config.d/10-first.conf", "60-ec2-instance-connect.conf");
  for (int run = 0; run < 2; ++run) {
    const Report report = host.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
    EXPECT_EQ(host.Read("/etc/ssh/sshd_config.d/10-first.conf"), "");
  }
}

TEST_F(Links, TheOtherNameOfAFileInALinksPlaceStaysALinkToIt) {
  const std::string name = "/etc/ssh/sshd_config.d/10-a.conf";
  host.Write(kVendorFile, kShellAgentLines);
  host.Link(name, kVendorFile);
  host.DisableWith({true});
  ASSERT_FALSE(IsLink(name));
  host.Link("/etc/ssh/sshd_config.d/05-b.conf", "10-a.conf");
  host.Write(kVendorFile, kVendorText);
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(LinkTarget(host.layout.root + name), kVendorFile);
  EXPECT_EQ(LinkTarget(host.layout.root + "/etc/ssh/sshd_config.d/05-b.conf"), "10-a.conf");
}

TEST_F(Links, ALinkWithinEtcIsFollowedAsBefore) {
  host.Write("/etc/site/sshd_config", kVendorText);
  host.Link("/etc/ssh/sshd_config", "../site/sshd_config");
  ASSERT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_TRUE(IsLink("/etc/ssh/sshd_config"));
  EXPECT_THAT(*host.Read("/etc/site/sshd_config"), HasSubstr(kVendorText));
  host.DisableWith({true});
  EXPECT_EQ(host.Read("/etc/site/sshd_config"), kVendorText);
}

}  // namespace
}  // namespace eic::admin
