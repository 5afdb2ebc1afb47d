// enable --chain and disable: the slot shared, and given back.
#include <gmock/gmock.h>

#include "admin/change/plan.h"
#include "admin/slot/chain_setting.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kOther =
    "AuthorizedKeysCommand /usr/bin/other \"a b\" %u %k # x\nAuthorizedKeysCommandUser nobody\n";
const std::string kChained = std::string(kChainPath) + " --tokens uftk -- %u %f %t %k";

Report Chain(Host& host) { return host.EnableWith({Intent::kChain}); }

TEST(EnableChain, BothRunAndDisableGivesItBack) {
  for (const char* file : {"/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-a.conf"}) {
    Host host;
    const std::string before = host.Read(file).value_or("");
    host.Write(file, "# \xe9\n" + kOther + before);
    const auto files = host.Files();
    const Report report = Chain(host);
    // No sshd of a tree that is not entered can be tried.
    EXPECT_EQ(report.status, ExitStatus::kUnchecked) << report.errors;
    EXPECT_THAT(report.errors, HasSubstr("could not test whether sshd knows"));
    EXPECT_THAT(report.errors, HasSubstr("the chain accepts only whole lines"));
    EXPECT_EQ(host.Counts().command, kChained);
    EXPECT_EQ(host.Counts().user, kChainUser);
    EXPECT_THAT(*host.Read(std::string(kFormerMember)),
                HasSubstr("\ncommand = /usr/bin/other \"a b\" %u %k # x\nuser = nobody\n"));
    EXPECT_THAT(*host.Read(std::string(kFormerMember)), Not(HasSubstr("confine")));
    EXPECT_THAT(*host.Read(std::string(kOwnMember)),
                HasSubstr("\ncommand = " + std::string(kWantedCommand) +
                          "\nuser = ec2-instance-connect\nconfine = yes\n"));
    const auto chained = host.Files();
    EXPECT_THAT(Chain(host).output, HasSubstr("already enabled"));
    EXPECT_THAT(host.EnableWith().output, HasSubstr("already enabled"));
    EXPECT_EQ(host.Files(), chained);
    EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
    EXPECT_EQ(host.Files(), files);
  }
}

TEST(EnableChain, OfOneUserNeedsNoRoot) {
  Host host;
  host.Write("/etc/ssh/sshd_config",
             "AuthorizedKeysCommand /usr/bin/other %u\n"
             "AuthorizedKeysCommandUser ec2-instance-connect\n" +
                 kStockConfig);
  const auto files = host.Files();
  Chain(host);
  EXPECT_EQ(host.Counts().command, std::string(kChainPath) + " -- %u %f %t");
  EXPECT_EQ(host.Counts().user, kWantedUser);
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.Files(), files);
}

TEST(EnableChain, OfAFreeSlotIsEnable) {
  Host host;
  EXPECT_EQ(Chain(host).status, ExitStatus::kDone);
  EXPECT_TRUE(host.Counts().IsWanted());
  EXPECT_FALSE(host.Read(std::string(kOwnMember)));
}

TEST(EnableChain, RefusesWhatCannotBeAMember) {
  const struct {
    const char* what;
    std::string text;
    const char* words;
  } rows[] = {
      {"none", "AuthorizedKeysCommand none\n", "sshd runs no command for keys"},
      {"a token that no sshd has", "AuthorizedKeysCommand /x %Z\nAuthorizedKeysCommandUser a\n",
       "sshd has no token %Z"},
      {"a quote that does not close", "AuthorizedKeysCommand /x 'a\nAuthorizedKeysCommandUser a\n",
       "quote that is not closed"},
      {"a user by the login's name", "AuthorizedKeysCommand /x\nAuthorizedKeysCommandUser %u\n",
       "a member has one user"},
  };
  for (const auto& row : rows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", row.text + kStockConfig);
    const auto files = host.Files();
    const Report report = Chain(host);
    EXPECT_EQ(report.status, ExitStatus::kRefused) << row.what;
    EXPECT_THAT(report.errors, HasSubstr(row.words)) << row.what;
    EXPECT_EQ(host.Files(), files) << row.what;
  }
}

// sshd resolves the two keywords apart: half a block would get its other half from the chain.
TEST(EnableChain, RefusesAMatchBlockWithHalfOfTheTwo) {
  const std::string ours = "AuthorizedKeysCommand /x %u\nAuthorizedKeysCommandUser ";
  const struct {
    const char* what;
    std::string text;
    std::string block;
    const char* words;  // empty: it is chained
  } rows[] = {
      {"a command that would become root's", kOther,
       "Match Group ops\nAuthorizedKeysCommand /opt/ops-keys %u\n",
       "would run as root instead of nobody"},
      {"a user that the chain would run as", kOther,
       "Match Group staff\nAuthorizedKeysCommandUser svc\n", "would run the chain as svc"},
      {"the same user, of whom the former would not run as root any more", kOther,
       "Match Group staff\nAuthorizedKeysCommandUser root\n", "would run the chain as root"},
      {"a user for all but some", kOther, "Match User *,!root\nAuthorizedKeysCommandUser svc\n",
       "`AuthorizedKeysCommand /usr/bin/other \"a b\" %u %k # x` to that block"},
      {"a command, and one user for everybody as before", ours + "ec2-instance-connect\n",
       "Match Group ops\nAuthorizedKeysCommand /opt/ops-keys %u\n", ""},
      {"a block with both", kOther,
       "Match Group ops\nAuthorizedKeysCommand /o %u\nAuthorizedKeysCommandUser svc\n", ""},
      {"a block with no command", kOther, "Match Group ops\nAuthorizedKeysCommand none\n", ""},
  };
  for (const auto& row : rows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", row.text + kStockConfig + row.block);
    const auto files = host.Files();
    const Report report = Chain(host);
    if (*row.words == '\0') {
      EXPECT_EQ(report.status, ExitStatus::kUnchecked) << row.what << report.errors;
      EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone) << row.what;
    } else {
      EXPECT_EQ(report.status, ExitStatus::kRefused) << row.what;
      EXPECT_THAT(report.errors, HasSubstr(row.words)) << row.what;
    }
    EXPECT_EQ(host.Files(), files) << row.what;
  }
}

TEST(EnableChain, LeavesAFileOfTheAdministratorsAlone) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  host.Write(std::string(kFormerMember), "command = /mine %u\nuser = root\n");
  const auto files = host.Files();
  const Report report = Chain(host);
  EXPECT_EQ(report.status, ExitStatus::kRefused);
  EXPECT_THAT(report.errors, HasSubstr("50-former.conf exists"));
  EXPECT_EQ(host.Files(), files);
}

TEST(DisableChain, KeepsAMemberThatWasEditedAndThoseOfTheAdministrator) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  auto files = host.Files();
  Chain(host);
  const std::string edited = *host.Read(std::string(kFormerMember)) + "timeout = 3\n";
  host.Write(std::string(kFormerMember), edited);
  const std::string mine = std::string(kChainFolder) + "/60-mine.conf";
  host.Write(mine, "command = /mine %u\nuser = root\n");
  EXPECT_THAT(host.DisableWith({true}).errors, HasSubstr("was edited: kept as"));
  files[std::string(kChainFolder) + "/.50-former.conf.saved"] = edited;
  files[mine] = *host.Read(mine);
  EXPECT_EQ(host.Files(), files);
}

// Looks, whenever sshd is told something.
class WatchingRunner : public ProgramRunner {
 public:
  WatchingRunner(ProgramRunner& runner, std::function<void()> look)
      : runner_(runner), look_(std::move(look)) {}

  ProgramResult Run(const std::vector<std::string>& argv,
                    std::chrono::milliseconds time_limit) override {
    const bool is_systemctl = std::filesystem::path(argv[0]).filename() == "systemctl";
    if (is_systemctl && argv.size() > 1 && argv[1] != "show") look_();
    return runner_.Run(argv, time_limit);
  }

 private:
  ProgramRunner& runner_;
  std::function<void()> look_;
};

TEST(DisableChain, TheMembersStayUntilSshdWasTold) {
  Host host;
  host.Boot();
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  const auto files = host.Files();
  Chain(host);
  int told = 0;
  WatchingRunner runner(host.runner, [&] {
    ++told;
    EXPECT_EQ(host.Counts().command, "/usr/bin/other \"a b\" %u %k # x");
    EXPECT_TRUE(host.Has(std::string(kFormerMember)));
  });
  const Outside outside{host.layout, runner, host.files};
  EXPECT_EQ(Disable(outside, {true}, [](const std::string&) {}).status, ExitStatus::kDone);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(host.Files(), files);
}

TEST(DisableChain, WithoutAReloadTheMembersStay) {
  Host host;
  host.Boot();
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  Chain(host);
  const Report report = host.DisableWith({false, true});
  EXPECT_EQ(report.status, ExitStatus::kDone);
  EXPECT_THAT(report.errors, HasSubstr("the chain's members stay"));
  EXPECT_EQ(host.Counts().user, "nobody");
  for (const std::string_view member : {kOwnMember, kFormerMember}) {
    EXPECT_TRUE(host.Has(std::string(member)));
  }
  EXPECT_THAT(host.DisableWith().errors, Not(HasSubstr("members stay")));
  EXPECT_FALSE(host.Has(std::string(kFormerMember)));
  EXPECT_FALSE(std::filesystem::exists(host.layout.root + std::string(kChainFolder)));
  // The chain's program goes with the package.
  Chain(host);
  EXPECT_THAT(host.DisableWith({true, true}).errors, Not(HasSubstr("members stay")));
  EXPECT_FALSE(host.Has(std::string(kFormerMember)));
}

TEST(DisableChain, ABlockThatWasEditedIsKept) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  const auto files = host.Files();
  Chain(host);
  std::string text = *host.Read(std::string(kDropIn));
  text.insert(text.find(" -- "), " --timeout 9");
  host.Write(std::string(kDropIn), text);
  EXPECT_THAT(host.EnableWith().output, HasSubstr("already enabled"));
  EXPECT_THAT(host.DisableWith({true}).errors, HasSubstr("was edited: kept as"));
  auto expected = files;
  expected["/etc/ssh/sshd_config.d/.60-ec2-instance-connect.conf.saved"] = text;
  EXPECT_EQ(host.Files(), expected);
}

TEST(ChainBlock, IsKnownAsWritten) {
  const std::string block = ChainBlock(kChained, "root");
  EXPECT_EQ(EditedLine("a\n" + block + "b\n"), std::nullopt);
  EXPECT_EQ(RemoveBlock("a\n" + block + "b\n"), "a\nb\n");
  EXPECT_EQ(EditedLine(ChainBlock(kChained, "nobody")), 5U);
  EXPECT_EQ(EditedLine(ChainBlock(kChained + " x", "root")), 4U);
  // root is the chain's user, and not the agent's.
  std::string plain(WantedBlock());
  plain.replace(plain.find("CommandUser ") + 12, kWantedUser.size(), "root");
  EXPECT_EQ(EditedLine(plain), 5U);
}

// Left behind, the line would beat the user that the former command gets back.
TEST(ChainBlock, WithoutItsEndRootsLineGoesWithItNevertheless) {
  for (const char* behind : {"", "AllowUsers alice\n", "AuthorizedKeysCommandUser root\n"}) {
    std::string block = ChainBlock(kChained, "root");
    block.erase(block.find(kBlockEnd));
    EXPECT_EQ(RemoveBlock("a\n" + block + behind), std::string("a\n") + behind);
    EXPECT_EQ(EditedLine(block + behind), std::nullopt);
  }
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  const auto files = host.Files();
  Chain(host);
  std::string text = *host.Read(std::string(kDropIn));
  host.Write(std::string(kDropIn), text.erase(text.find(kBlockEnd)));
  EXPECT_EQ(host.DisableWith({true}).status, ExitStatus::kDone);
  EXPECT_EQ(host.Files(), files);
}

TEST(EnableChain, PutsEverythingBackWhereItsMembersWouldNotRun) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  host.Write("/etc/ec2-instance-connect/.keep", "");
  ASSERT_EQ(chmod((host.layout.root + "/etc/ec2-instance-connect").c_str(), 0775), 0);
  const auto files = host.Files();
  const Report report = Chain(host);
  EXPECT_EQ(report.status, ExitStatus::kFailed);
  EXPECT_THAT(report.errors, HasSubstr("the chain would run no member: "));
  EXPECT_THAT(report.errors,
              HasSubstr("/etc/ec2-instance-connect is writable by its group or by others"));
  EXPECT_THAT(report.errors, HasSubstr("every file was restored"));
  EXPECT_EQ(host.Files(), files);
}

TEST(EnableChain, MakesFoldersForEverybodyWhateverTheUmask) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  const mode_t before = umask(077);
  Chain(host);
  umask(before);
  EXPECT_EQ(host.ModeOf(std::string(kChainFolder)), 0755U);
  EXPECT_EQ(host.ModeOf("/etc/ec2-instance-connect"), 0755U);
  EXPECT_EQ(host.ModeOf(std::string(kFormerMember)), 0644U);
}

TEST(StatusOfChain, NamesItsMembers) {
  Host host;
  host.Write("/etc/ssh/sshd_config", kOther + kStockConfig);
  host.Write("/usr/bin/other", "");
  Chain(host);
  const Report text = Status(host.outside(), {});
  EXPECT_THAT(text.output, HasSubstr("command: " + kChained));
  // Their programs are not below this tree.
  EXPECT_THAT(text.output, HasSubstr("left out 50-former.conf: "));
  EXPECT_THAT(Status(host.outside(), {true}).output, HasSubstr("\"chain\": {"));
}

}  // namespace
}  // namespace eic::admin
