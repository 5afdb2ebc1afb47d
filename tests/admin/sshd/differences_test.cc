// Configurations that have no end, have very many blocks, or are read otherwise than sshd reads
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "admin/files/transaction.h"
#include "admin/sshd/match_connection.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

class Circles : public testing::Test {
 protected:
  // Copies of sshd_config among the drop-ins that it includes.
  void Copy(int copies) {
    for (int i = 0; i < copies; ++i) {
      host.Write("/etc/ssh/sshd_config.d/" + std::to_string(i) + ".conf", kStockConfig);
    }
  }

  Host host;
};

TEST_F(Circles, AreReadAsFarAsSshdGoes) {
  for (const int copies : {1, 2, 3, 9}) {
    Copy(copies);
    EXPECT_TRUE(ReadSshdConfig(Tree(host.layout), "/etc/ssh/sshd_config").is_too_deep) << copies;
  }
}

TEST_F(Circles, EndEverySubcommandBeforeAnythingIsWritten) {
  Copy(3);
  const auto before = host.Files();
  for (const Report& report : {Status(host.outside(), {}), host.EnableWith(), host.DisableWith()}) {
    EXPECT_EQ(report.status, ExitStatus::kFailed);
    EXPECT_THAT(report.errors, HasSubstr("Include lines are circular"));
  }
  EXPECT_EQ(host.Files(), before);
}

TEST_F(Circles, AFileThatIsIncludedOftenIsNone) {
  host.Write("/etc/ssh/more", "UsePAM no\n");
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "Include /etc/ssh/more\n";
  host.Write("/etc/ssh/sshd_config", text);
  EXPECT_FALSE(ReadSshdConfig(Tree(host.layout), "/etc/ssh/sshd_config").is_too_deep);
}

TEST(ManyBlocks, SshdIsAskedAboutAFewAndTheOthersAreRead) {
  Host host;
  std::string text = kStockConfig;
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    text += "Match User u" + number + "\nAuthorizedKeysCommand /usr/bin/c" + number +
            "\nAuthorizedKeysCommandUser nobody\n";
  }
  host.Write("/etc/ssh/sshd_config", text);
  const auto json = nlohmann::json::parse(Status(host.outside(), {true}).output);
  ASSERT_EQ(json["match"].size(), 300U);
  EXPECT_TRUE(json["match"][0]["checked"]);
  EXPECT_FALSE(json["match"][299]["checked"]);
  EXPECT_EQ(json["match"][299]["command"], "/usr/bin/c299");
  EXPECT_EQ(json["match"][299]["user"], "nobody");
  // 50 ms each, of two seconds.
  EXPECT_LE(host.runner.sshd_runs, 24);
  EXPECT_THAT(Status(host.outside(), {}).output, HasSubstr("read from the files"));
}

TEST(MatchBlocks, OneThatListsNamesMeansNobodyElse) {
  EXPECT_FALSE(MayMeanOthers(SplitMatchWords("User alice,bob")));
  EXPECT_FALSE(MayMeanOthers(SplitMatchWords("Address 10.0.0.0/8 group=ops")));
  EXPECT_TRUE(MayMeanOthers(SplitMatchWords("User *,!root")));
  EXPECT_TRUE(MayMeanOthers(SplitMatchWords("User u?er Host example.com")));
  EXPECT_TRUE(MayMeanOthers(SplitMatchWords("Address 192.0.2.0/24")));
  EXPECT_TRUE(MayMeanOthers(SplitMatchWords("all")));
}

// An sshd that reads its files otherwise than this program, as one could that is patched, or is yet
// to come.
class Differing : public testing::Test {
 protected:
  bool HasBlockIn(std::string_view path) const {
    return HasBlock(host.Read(std::string(path)).value_or(""));
  }

  Host host;
};

TEST_F(Differing, DisableFinishesWhateverSshdHasInstead) {
  host.EnableWith();
  host.runner.reads_otherwise = [&](std::string* command, std::string* user) {
    if (HasBlockIn(kDropIn)) return;
    *command = "/usr/bin/unread %u";
    *user = "nobody";
  };
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.output, HasSubstr("/usr/bin/unread"));
  EXPECT_THAT(report.errors, HasSubstr("sshd read the files differently"));
  EXPECT_FALSE(host.Has(std::string(kDropIn)));
}

TEST_F(Differing, DisableFinishesWhereOurAgentGoesOnAndSaysHowToFindIt) {
  host.EnableWith();
  host.runner.reads_otherwise = [](std::string* command, std::string* user) {
    *command = std::string(kWantedCommand);
    *user = std::string(kWantedUser);
  };
  const Report report = host.DisableWith({true});
  EXPECT_EQ(report.status, ExitStatus::kUnchecked);
  EXPECT_THAT(report.errors, HasSubstr("sshd still runs our agent"));
  EXPECT_THAT(report.errors, HasSubstr("sshd -T -ddd"));
  EXPECT_FALSE(host.Has(std::string(kDropIn)));
}

TEST_F(Differing, EnableTakesTheMainFileWhereTheDropInIsNotRead) {
  host.runner.reads_otherwise = [&](std::string* command, std::string* user) {
    if (!HasBlockIn(kDropIn)) return;
    *command = "none";
    *user = "none";
  };
  const auto before = host.Files();
  const Report report = host.EnableWith();
  EXPECT_EQ(report.status, ExitStatus::kDone) << report.errors;
  EXPECT_TRUE(HasBlockIn("/etc/ssh/sshd_config"));
  EXPECT_FALSE(host.Has(std::string(kDropIn)));
  host.runner.reads_otherwise = nullptr;
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.Files(), before);
}

// Our drop-in cannot be taken away again.
class StubbornFiles : public QuickFiles {
 public:
  int Unlink(const std::string& path) override {
    if (std::filesystem::path(path).filename() != std::filesystem::path(kDropIn).filename()) {
      return QuickFiles::Unlink(path);
    }
    errno = EIO;
    return -1;
  }
};

TEST_F(Differing, EnableDoesNotTryAgainBeforeEverythingIsPutBack) {
  host.runner.reads_otherwise = [&](std::string* command, std::string* user) {
    if (!HasBlockIn(kDropIn) || HasBlockIn("/etc/ssh/sshd_config")) return;
    *command = "none";
    *user = "none";
  };
  const auto before = host.Files();
  StubbornFiles stubborn;
  const Report report = Enable({host.layout, host.runner, stubborn}, {}, [](const std::string&) {});
  EXPECT_EQ(report.status, ExitStatus::kFailed) << report.output;
  EXPECT_THAT(report.errors, HasSubstr("the next run restores it"));
  ASSERT_TRUE(IsInterrupted(host.layout));
  EXPECT_TRUE(Recover(host.layout, host.files).ok());
  EXPECT_EQ(host.Files(), before);
}

TEST_F(Differing, EnablePutsEverythingBackWhereNeitherCounts) {
  host.runner.reads_otherwise = [&](std::string* command, std::string* user) {
    if (!HasBlockIn(kDropIn) && !HasBlockIn("/etc/ssh/sshd_config")) return;
    *command = "none";
    *user = "none";
  };
  const auto before = host.Files();
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kFailed);
  EXPECT_EQ(host.Files(), before);
}

TEST_F(Differing, StatusSaysSoAndNamesNoLine) {
  host.runner.reads_otherwise = [](std::string* command, std::string* user) {
    *command = "/usr/bin/unread %u";
    *user = "nobody";
  };
  const Report report = Status(host.outside(), {});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.output, HasSubstr("sshd and this program read the files differently: sshd has "
                                       "AuthorizedKeysCommand `/usr/bin/unread %u`"));
  EXPECT_THAT(report.output, HasSubstr("command: /usr/bin/unread %u\n"));
  const auto json = nlohmann::json::parse(Status(host.outside(), {true}).output);
  EXPECT_THAT(json["difference"].get<std::string>(), HasSubstr("/usr/bin/unread"));
  host.runner.reads_otherwise = nullptr;
  EXPECT_THAT(Status(host.outside(), {}).output, Not(HasSubstr("differently")));
}

}  // namespace
}  // namespace eic::admin
