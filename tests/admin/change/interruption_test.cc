// Every call that changes a file fails in turn, and every one is in turn the last of its run.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <set>
#include <thread>
#include <tuple>

#include "admin/files/journal.h"
#include "admin/files/run_lock.h"
#include "admin/files/transaction.h"
#include "admin/limits.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

// Counts the calls; at the chosen one it fails or ends the process, as kill -9 does.
class FaultyFiles : public QuickFiles {
 public:
  enum class Fault { kNone, kFails, kFailsFromThere, kDies };
  FaultyFiles(Fault fault, int at) : fault_(fault), at_(at) {}

  int Open(const std::string& path, int flags, mode_t mode) override {
    return Strikes() ? -1 : FileSystem::Open(path, flags, mode);
  }
  ssize_t Write(int file, const char* bytes, std::size_t length) override {
    // Half of it arrives: a full disk does not stop at the border of a line.
    if (Strikes()) return -1;
    return FileSystem::Write(file, bytes, length > 1 ? length / 2 : length);
  }
  int Fsync(int file) override { return Strikes() ? -1 : QuickFiles::Fsync(file); }
  int Rename(const std::string& from, const std::string& to) override {
    return Strikes() ? -1 : FileSystem::Rename(from, to);
  }
  int Link(const std::string& from, const std::string& to) override {
    return Strikes() ? -1 : FileSystem::Link(from, to);
  }
  int Symlink(const std::string& target, const std::string& path) override {
    return Strikes() ? -1 : FileSystem::Symlink(target, path);
  }
  int Unlink(const std::string& path) override { return Strikes() ? -1 : FileSystem::Unlink(path); }
  int Mkdir(const std::string& path, mode_t mode) override {
    return Strikes() ? -1 : FileSystem::Mkdir(path, mode);
  }

  int calls() const { return calls_; }

 private:
  bool Strikes() {
    ++calls_;
    const bool strikes = calls_ == at_ || (fault_ == Fault::kFailsFromThere && calls_ > at_);
    if (fault_ == Fault::kNone || !strikes) return false;
    if (fault_ == Fault::kDies) _exit(9);
    errno = ENOSPC;
    return true;
  }

  Fault fault_;
  int at_;
  int calls_ = 0;
};

using Fault = FaultyFiles::Fault;

// A change of several files: the drop-in, somebody else's lines, the marker.
void SetUpHost(Host* host) {
  host->Write("/etc/ssh/sshd_config.d/10-a.conf",
              "# \xe9\nAuthorizedKeysCommand /usr/bin/other %u\n"
              "AuthorizedKeysCommandUser nobody\n");
  host->Write(
      "/etc/ssh/sshd_config",
      "AuthorizedKeysCommand /usr/bin/third\nAuthorizedKeysCommandUser nobody\n" + kStockConfig);
  host->Write(std::string(kDisabledMarker), "x");
}

enum class How { kEnable, kDisable, kChain, kDisableChain, kEnableLink, kDisableLink };

Report RunWith(Host* host, FileSystem& files, How how) {
  const Outside outside{host->layout, host->runner, files};
  const RecordLine ignore = [](const std::string&) {};
  if (how == How::kEnable || how == How::kEnableLink)
    return Enable(outside, {Intent::kReplace}, ignore);
  if (how == How::kChain) return Enable(outside, {Intent::kChain}, ignore);
  return Disable(outside, {true}, ignore);
}

bool IsOfLink(How how) { return how == How::kEnableLink || how == How::kDisableLink; }

// The chain's tokens are not tried in a tree that is not entered.
bool IsDone(const Report& report) {
  return report.status == ExitStatus::kDone || report.status == ExitStatus::kUnchecked;
}

using Files = std::map<std::string, std::string>;

struct Outcomes {
  Files before;
  Files after;
  int calls;
};

// `enable`, or `disable` of what was enabled.
void Prepare(Host* host, How how) {
  SetUpHost(host);
  QuickFiles files;
  // sshd_config is a package's, by a link.
  if (IsOfLink(how)) {
    std::filesystem::create_directories(host->layout.root + "/usr/share/ssh");
    std::filesystem::rename(host->layout.root + "/etc/ssh/sshd_config",
                            host->layout.root + "/usr/share/ssh/sshd_config");
    host->Link("/etc/ssh/sshd_config", "../../usr/share/ssh/sshd_config");
  }
  if (how == How::kDisableLink) RunWith(host, files, How::kEnable);
  if (how == How::kDisable) RunWith(host, files, How::kEnable);
  if (how == How::kDisableChain) RunWith(host, files, How::kChain);
}

Outcomes WithoutFault(How how) {
  Host host;
  Prepare(&host, how);
  Outcomes outcomes{host.Files(), {}, 0};
  FaultyFiles files(Fault::kNone, 0);
  EXPECT_TRUE(IsDone(RunWith(&host, files, how)));
  outcomes.after = host.Files();
  outcomes.calls = files.calls();
  return outcomes;
}

// A folder of members goes with the last of them.
void ExpectNoEmptyChain(const Host& host, int at) {
  const std::filesystem::path folder = host.layout.root + std::string(kChainFolder);
  EXPECT_FALSE(std::filesystem::exists(folder) && std::filesystem::is_empty(folder)) << at;
}

// What sshd would start with, whatever was left behind, is valid: old or new.
void ExpectValid(Host* host, int at) {
  const std::string command = host->Counts().command;
  EXPECT_TRUE(command == "/usr/bin/third" || command == "/usr/bin/other %u" ||
              command == kWantedCommand || command == std::string(kChainPath) + " -- %u %f %t")
      << at << ": " << command << host->Counts().user;
}

// The sshd of this machine thinks so too. Few states differ, so few are asked about.
void ExpectRealSshdTakesIt(Host* host, std::set<Files>* seen) {
  if (access("/usr/sbin/sshd", X_OK) != 0 || !seen->insert(host->Files()).second) return;
  host->runner.is_real = true;
  EXPECT_NE(host->Counts().command, "?") << host->Counts().user;
  host->runner.is_real = false;
}

class Interruption : public testing::TestWithParam<How> {};

constexpr int kParts = 3;

// Processes are dear: in parts, each within the time of a test.
class Kill : public testing::TestWithParam<std::tuple<How, int>> {};

TEST_P(Interruption, AnyCallMayFail) {
  const Outcomes expected = WithoutFault(GetParam());
  ASSERT_GT(expected.calls, 30);
  for (int at = 1; at <= expected.calls; ++at) {
    Host host;
    Prepare(&host, GetParam());
    FaultyFiles files(Fault::kFails, at);
    const Report report = RunWith(&host, files, GetParam());
    ExpectValid(&host, at);
    const bool is_done = IsDone(report);
    EXPECT_TRUE(is_done || report.status == ExitStatus::kFailed) << at;
    QuickFiles sound;
    if (IsInterrupted(host.layout)) {
      EXPECT_TRUE(*Recover(host.layout, sound)) << at;
    }
    Files now = host.Files();
    for (auto it = now.begin(); it != now.end();) {
      it = it->first.find(".eic-old") != std::string::npos ? now.erase(it) : std::next(it);
    }
    EXPECT_EQ(now, is_done ? expected.after : expected.before) << at << report.errors;
    ExpectNoEmptyChain(host, at);
    EXPECT_TRUE(IsDone(RunWith(&host, sound, GetParam()))) << at;
    ExpectValid(&host, at);
  }
}

TEST_P(Interruption, TheDiskMayBeFullFromAnyCallOn) {
  const Outcomes expected = WithoutFault(GetParam());
  for (int at = 1; at <= expected.calls; ++at) {
    Host host;
    Prepare(&host, GetParam());
    FaultyFiles files(Fault::kFailsFromThere, at);
    RunWith(&host, files, GetParam());
    ExpectValid(&host, at);
    QuickFiles sound;
    EXPECT_TRUE(IsDone(RunWith(&host, sound, GetParam()))) << at;
    EXPECT_EQ(host.Files(), expected.after) << at;
  }
}

TEST_P(Kill, AnyCallMayBeTheLast) {
  const auto [how, part] = GetParam();
  const Outcomes expected = WithoutFault(how);
  std::set<Files> seen;
  for (int at = 1 + part; at <= expected.calls; at += kParts) {
    Host host;
    Prepare(&host, how);
    const pid_t child = fork();
    if (child == 0) {
      FaultyFiles files(Fault::kDies, at);
      RunWith(&host, files, how);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 9) << at;
    ExpectValid(&host, at);
    ExpectRealSshdTakesIt(&host, &seen);

    QuickFiles sound;
    EXPECT_TRUE(IsDone(RunWith(&host, sound, how))) << at;
    EXPECT_EQ(host.Files(), expected.after) << at;
    EXPECT_FALSE(IsInterrupted(host.layout)) << at;
    const std::string state = host.layout.root + "/var/lib/ec2-instance-connect";
    for (const auto& entry : std::filesystem::directory_iterator(state)) {
      EXPECT_EQ(entry.path().filename(), "lock") << at;
    }
  }
}

const auto kHows = testing::Values(How::kEnable, How::kDisable, How::kChain, How::kDisableChain,
                                   How::kEnableLink, How::kDisableLink);
INSTANTIATE_TEST_SUITE_P(All, Kill, testing::Combine(kHows, testing::Range(0, kParts)));
INSTANTIATE_TEST_SUITE_P(All, Interruption, kHows);

TEST(Recovery, AFileThatSomebodyEditedSinceIsLeftAlone) {
  Host host;
  QuickFiles files;
  Transaction transaction(host.layout, files,
                          {{"/etc/ssh/a", std::nullopt, "new"}, {"/etc/ssh/b", "old", "new"}});
  host.Write("/etc/ssh/b", "old");
  ASSERT_TRUE(transaction.Apply());
  host.Write("/etc/ssh/b", "edited");
  EXPECT_TRUE(IsInterrupted(host.layout));
  EXPECT_TRUE(*Recover(host.layout, files));
  EXPECT_FALSE(host.Has("/etc/ssh/a"));
  EXPECT_EQ(host.Read("/etc/ssh/b"), "edited");
  EXPECT_FALSE(IsInterrupted(host.layout));
}

TEST(Recovery, TheDaemonIsToldAfterwards) {
  Host host;
  host.Boot();
  host.EnableWith();
  host.runner.systemctl_lines.clear();
  // A run that was killed after it had told the daemon.
  Transaction transaction(host.layout, host.files, {{"/etc/ssh/a", std::nullopt, "new"}});
  ASSERT_TRUE(transaction.Apply());
  EXPECT_EQ(host.EnableWith().status, ExitStatus::kDone);
  EXPECT_EQ(host.runner.systemctl_lines,
            (std::vector<std::string>{"daemon-reload", "reload ssh.service"}));
}

TEST(Recovery, TheDaemonIsToldOfItWhereTheRunThenRefuses) {
  for (const bool leaves_daemon : {false, true}) {
    Host host;
    host.Boot();
    host.Write("/etc/ssh/sshd_config.d/10-a.conf",
               "AuthorizedKeysCommand /usr/bin/other\nAuthorizedKeysCommandUser nobody\n");
    Transaction transaction(host.layout, host.files, {{"/etc/ssh/a", std::nullopt, "new"}});
    ASSERT_TRUE(transaction.Apply());
    const Report report = host.EnableWith({Intent::kEnable, false, leaves_daemon});
    EXPECT_EQ(report.status, ExitStatus::kRefused);
    EXPECT_NE(report.errors.find("first restored what an interrupted run had changed"),
              std::string::npos);
    if (leaves_daemon) {
      EXPECT_NE(report.errors.find("until it is reloaded"), std::string::npos) << report.errors;
      EXPECT_TRUE(host.runner.systemctl_lines.empty());
    } else {
      EXPECT_EQ(host.runner.systemctl_lines,
                (std::vector<std::string>{"daemon-reload", "reload ssh.service"}));
    }
  }
}

// Somebody else edits a file while sshd is asked about the plan.
TEST(LostUpdate, AnEditDuringTheRunStaysAndTheRunFails) {
  struct Row {
    const char* defect;
    bool enable;
    std::string file;
  };
  const Row kRows[] = {
      {"enable, the file with the block", true, "/etc/ssh/sshd_config"},
      {"enable, somebody else's lines", true, "/etc/ssh/other"},
      {"disable, the file with the block", false, "/etc/ssh/sshd_config"},
      {"disable, somebody else's lines", false, "/etc/ssh/other"},
  };
  for (const Row& row : kRows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", "UsePAM no\nMatch all\nInclude /etc/ssh/other\n");
    host.Write("/etc/ssh/other",
               "AuthorizedKeysCommand /usr/bin/x\nAuthorizedKeysCommandUser nobody\n");
    if (!row.enable) {
      ASSERT_EQ(host.EnableWith({Intent::kReplace}).status, ExitStatus::kDone);
    }
    Files expected = host.Files();
    expected[row.file] += "PermitRootLogin no\n";
    host.runner.sshd_runs = 0;
    host.runner.before_run = [&](int run) {
      if (run == 4) host.Write(row.file, expected[row.file]);
    };
    const Report report =
        row.enable ? host.EnableWith({Intent::kReplace}) : host.DisableWith({true});
    EXPECT_EQ(report.status, ExitStatus::kFailed) << row.defect;
    EXPECT_NE(report.errors.find(row.file + " was changed by somebody else"), std::string::npos)
        << row.defect << report.errors;
    EXPECT_EQ(host.Files(), expected) << row.defect;
    EXPECT_FALSE(IsInterrupted(host.layout));
    host.runner.before_run = nullptr;
    const Report again =
        row.enable ? host.EnableWith({Intent::kReplace}) : host.DisableWith({true});
    EXPECT_EQ(again.status, ExitStatus::kDone) << row.defect << again.errors;
  }
}

TEST(Journal, IsReadByRootAlone) {
  Host host;
  Transaction transaction(host.layout, host.files, {{"/etc/ssh/a", std::nullopt, "new"}});
  ASSERT_TRUE(transaction.Apply());
  EXPECT_EQ(host.ModeOf("/var/lib/ec2-instance-connect/journal.json"), 0600U);
}

TEST(Journal, OneThatNobodyCouldReadBackIsNotBegun) {
  Host host;
  const std::string before(kFileBytesMax / 4, 'b');
  host.Write("/etc/ssh/a", before);
  Transaction transaction(host.layout, host.files,
                          {{"/etc/ssh/a", before, std::string(kFileBytesMax / 4, 'a')}});
  const Outcome<Nothing> applied = transaction.Apply();
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().text.find("too large together"), std::string::npos);
  EXPECT_EQ(host.Read("/etc/ssh/a"), before);
  EXPECT_FALSE(IsInterrupted(host.layout));
}

// On the running system, where the layout follows no links itself.
TEST(Transaction, LinkThatLeadsNowhereIsNotReplaced) {
  Host host;
  const std::string link = host.layout.root + "/etc/ssh/link";
  std::filesystem::create_symlink("nowhere", link);
  Layout live = host.layout;
  live.root.clear();
  Transaction transaction(live, host.files, {{link, std::nullopt, "new"}});
  const Outcome<Nothing> applied = transaction.Apply();
  if (applied) (void)transaction.Commit();  // no journal is to be left on this machine
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().slug, "no-regular-file");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST(Transaction, ATargetThatALinkLeadsToComesBackAsOne) {
  Host host;
  host.Write("/etc/mine", "old");
  std::filesystem::create_symlink("/etc/mine", host.layout.root + "/etc/ssh/link");
  Transaction transaction(host.layout, host.files, {{"/etc/ssh/link", "old", std::nullopt}});
  ASSERT_TRUE(transaction.Apply());
  EXPECT_FALSE(host.Has("/etc/mine"));
  EXPECT_TRUE(*Recover(host.layout, host.files));
  EXPECT_EQ(host.Read("/etc/mine"), "old");
  EXPECT_TRUE(std::filesystem::is_symlink(host.layout.root + "/etc/ssh/link"));
}

TEST(Recovery, ADamagedJournalIsNamedAndNothingIsDone) {
  for (const char* text :
       {"", "{", "[]", "{\"version\":1}", "{\"version\":2,\"changes\":[]}",
        "{\"version\":1,\"changes\":[{\"path\":\"2\"}]}", "{\"version\":1,\"changes\":[7]}"}) {
    Host host;
    host.Write("/var/lib/ec2-instance-connect/journal.json", text);
    const Report report = host.EnableWith();
    EXPECT_EQ(report.status, ExitStatus::kFailed) << text;
    EXPECT_NE(report.errors.find("journal.json is corrupt"), std::string::npos) << report.errors;
    EXPECT_FALSE(host.Has(std::string(kDropIn)));
  }
}

TEST(RunLock, OneAtATime) {
  Host host;
  const Outcome<RunLock> first =
      RunLock::Take(host.layout, host.files, std::chrono::milliseconds(0));
  ASSERT_TRUE(first);
  const Outcome<RunLock> second =
      RunLock::Take(host.layout, host.files, std::chrono::milliseconds(100));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().slug, "busy");
}

TEST(RunLock, RunsAtTheSameTimeComeOutAsOne) {
  Host host;
  const auto run = [&] {
    ScriptedRunner runner;
    QuickFiles files;
    for (int i = 0; i < 3; ++i) {
      Enable({host.layout, runner, files}, {}, [](const std::string&) {});
      Disable({host.layout, runner, files}, {true}, [](const std::string&) {});
    }
  };
  const auto files = host.Files();
  std::thread one(run);
  std::thread other(run);
  one.join();
  other.join();
  EXPECT_EQ(host.Files(), files);
}

}  // namespace
}  // namespace eic::admin
