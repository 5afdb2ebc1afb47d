// Our reading of sshd_config held against the real sshd's, on configurations that are generated:
// every seed gives the same one on every machine. sshd is asked for more than the winner: at its
// finest level it names each line that it takes, with file and number.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/admin/support.h"
#include "tests/fakes/needs.h"

namespace eic::admin {
namespace {

constexpr int kConfigurations = 300;
// The rest is what sshd refuses: an unclosed quote, a word too many.
constexpr int kTakenMin = 120;
// Of those, the ones for which -T gives values.
constexpr int kComparedMin = 100;
constexpr int kChanged = 25;

// Numbers that are the same everywhere: std::uniform_int_distribution's are not. Numerical Recipes'
// generator.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2862933555777941757ULL + 3037000493ULL) {}

  std::size_t Below(std::size_t end) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % end;
  }
  bool OneIn(std::size_t times) { return Below(times) == 0; }
  template <std::size_t N>
  std::string Of(const std::array<const char*, N>& choices) {
    return choices[Below(N)];
  }

 private:
  std::uint64_t state_;
};

// Between a keyword and its value.
constexpr std::array kSeparators = {" ", " ",   " ",   "  ", "\t",   " \t ",
                                    "=", " = ", "\t=", "= ", "  =\t"};
// Behind a value.
constexpr std::array kEnds = {"",   "",    "",       "",       " ",  "\t",      "  \t",
                              "\r", " \r", " # why", "\t#why", " #", " \"# x\""};
constexpr std::array kCommands = {"/usr/bin/a %u",
                                  "/usr/bin/a \"x y\" %u",
                                  "/usr/bin/a 'x y'",
                                  "/usr/bin/a x\\ y",
                                  "/usr/bin/a \\\\ \\\" \\'",
                                  "/usr/bin/a x#y",
                                  "/usr/bin/a '#' z",
                                  "/usr/bin/a = b=c",
                                  "/usr/bin/b",
                                  "/usr/bin/b --options=\"a b\"",
                                  "/usr/bin/b it's",
                                  "none",
                                  "None",
                                  "\"/usr/bin/quoted\" %u"};
constexpr std::array kUsers = {
    "nobody",      "\"nobody\"", "'nobody'",     "no\"bo\"dy",    "no'bo'dy",    "\"no body\"",
    "'no body'",   "no\\ body",  "no\\\\body",   "a=b",           "\"a=b\"",     "nobody#x",
    "\"#nobody\"", "'#nobody'",  "root",         "no\\body",      "\"no'body\"", "'no\"body'",
    "\"nobody",    "'nobody",    "nobody extra", "\"nobody\" ''", "%u"};
// Nobody of these is the ordinary login, but for the `all`s.
constexpr std::array kMatches = {"User alice",
                                 "User alice",
                                 "user=alice",
                                 "User = alice",
                                 "User \"alice\"",
                                 "User 'alice'",
                                 "User alice,bob,!carol",
                                 "User al* Address 10.0.0.0/8",
                                 "Address 10.0.0.0/8,192.168.*",
                                 "Host *.example.com",
                                 "LocalPort 2222",
                                 "LocalAddress 10.1.1.1",
                                 "Group eic-no-such-group",
                                 "User \"alice\" Host \"*.example.com\"",
                                 "all",
                                 "ALL",
                                 "\"all\"",
                                 "all # whoever",
                                 "User alice # her",
                                 "User alice #her",
                                 "User a\\ lice",
                                 "User \"a lice\""};
constexpr std::array kOthers = {"UsePAM no",
                                "X11Forwarding = \"no\"",
                                "# AuthorizedKeysCommand /usr/bin/comment",
                                "#AuthorizedKeysCommandUser comment",
                                "  \t# blanks before a comment",
                                "",
                                "   ",
                                "\r",
                                "PasswordAuthentication no",
                                "Banner \"/etc/issue # net\"",
                                "AllowTcpForwarding\tno\f",
                                "MaxSessions 5 # five"};

// `AUTHORIZEDkeysCommand`, and rarely in quotes, which sshd takes off.
std::string Keyword(Dice* dice, std::string name) {
  if (dice->OneIn(3)) {
    for (char& c : name) {
      if (dice->OneIn(2)) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  if (dice->OneIn(16)) return "\"" + name + "\"";
  if (dice->OneIn(24)) return name.substr(0, 4) + "\"" + name.substr(4) + "\"";
  return name;
}

// A tree of files below a folder: file 0 includes those of higher numbers alone, so that none is a
// circle.
class Generator {
 public:
  Generator(std::uint64_t seed, std::string folder) : dice_(seed), folder_(std::move(folder)) {
    files_ = 1 + dice_.Below(5);
  }

  std::size_t files() const { return files_; }
  std::string PathOf(std::size_t file) const {
    return folder_ + "/d/" + std::to_string(file) + ".conf";
  }

  std::string Text(std::size_t file) {
    std::string text;
    const std::size_t lines = 1 + dice_.Below(7);
    const bool is_dos = dice_.OneIn(8);
    for (std::size_t i = 0; i < lines; ++i) text += Line(file) + (is_dos ? "\r\n" : "\n");
    if (dice_.OneIn(5)) text.pop_back();
    return text;
  }

 private:
  std::string Line(std::size_t file) {
    const std::string before =
        dice_.OneIn(4) ? dice_.Of(std::array{" ", "\t", "  ", "= ", "\r"}) : "";
    switch (dice_.Below(9)) {
      case 0:
      case 1:
        return before + Keyword(&dice_, "AuthorizedKeysCommand") + dice_.Of(kSeparators) +
               dice_.Of(kCommands) + dice_.Of(kEnds);
      case 2:
      case 3:
        return before + Keyword(&dice_, "AuthorizedKeysCommandUser") + dice_.Of(kSeparators) +
               dice_.Of(kUsers) + dice_.Of(kEnds);
      case 4:
      case 5:
        return before + Keyword(&dice_, "Include") + dice_.Of(kSeparators) + Included(file) +
               dice_.Of(kEnds);
      case 6:
        return before + Keyword(&dice_, "Match") + dice_.Of(std::array{" ", "\t", "=", " = "}) +
               dice_.Of(kMatches) + dice_.Of(kEnds);
      default:
        return dice_.Of(kOthers);
    }
  }

  // One to three patterns, in each way to write them.
  std::string Included(std::size_t file) {
    std::string patterns;
    const std::size_t count = 1 + (dice_.OneIn(3) ? dice_.Below(3) : 0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t target = file + 1 + dice_.Below(files_);
      std::string pattern = PathOf(target);
      if (dice_.OneIn(4)) {
        // As many digits as there are files: `[34].conf`.
        std::string digits;
        for (std::size_t later = file + 1; later < std::max(files_, file + 2); ++later)
          digits += std::to_string(later);
        pattern = folder_ + "/d/[" + digits + "]*.conf";
      }
      if (dice_.OneIn(10)) pattern = folder_ + "/d/a b/*.conf";
      patterns += (i == 0 ? "" : " ") + Quoted(pattern);
    }
    return patterns;
  }

  std::string Quoted(const std::string& pattern) {
    switch (dice_.Below(6)) {
      case 0:
        return "\"" + pattern + "\"";
      case 1:
        return "'" + pattern + "'";
      case 2:
        return pattern.substr(0, 5) + "\"" + pattern.substr(5) + "\"";
      case 3: {
        std::string escaped;
        for (const char c : pattern) escaped += c == ' ' ? std::string("\\ ") : std::string(1, c);
        return escaped;
      }
      default:
        return pattern;
    }
  }

  Dice dice_;
  std::string folder_;
  std::size_t files_;
};

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Of `debug3: FILE:LINE setting KEYWORD VALUE`.
std::vector<std::string> TakenBySshd(const std::string& said) {
  constexpr std::string_view kSetting = " setting ";
  std::vector<std::string> taken;
  for (const std::string_view line : SplitLines(said)) {
    const std::size_t setting = line.find(kSetting);
    const std::size_t file = line.find(": ");
    if (setting == std::string_view::npos || file == std::string_view::npos || file > setting)
      continue;
    const std::string place(line.substr(file + 2, setting - file - 2));
    const std::string_view rest = line.substr(setting + kSetting.size());
    const std::string keyword = LowerCase(std::string(rest.substr(0, rest.find(' '))));
    if (keyword == "authorizedkeyscommand" || keyword == "authorizedkeyscommanduser") {
      taken.push_back(place + " " + keyword);
    }
  }
  return taken;
}

// Outside of Match blocks, and in those that apply to all.
std::vector<std::string> TakenByUs(const SshdConfig& config) {
  std::vector<std::string> taken;
  for (const Setting& setting : config.settings) {
    if (setting.match_block && !AppliesToAll(config.match_blocks[*setting.match_block])) continue;
    taken.push_back(setting.place.Text() + " " +
                    (setting.keyword == Setting::Keyword::kCommand ? "authorizedkeyscommand"
                                                                   : "authorizedkeyscommanduser"));
  }
  return taken;
}

class Reading : public testing::Test {
 protected:
  void SetUp() override {
    EIC_NEEDS(access("/usr/sbin/sshd", X_OK) == 0, "/usr/sbin/sshd");
    layout.sshd = RealSshd();
    sshd = std::make_unique<Sshd>(layout, *runner, files);
    layout.release = sshd->Release();
    // What this machine lacks for a check is there as long as `sshd` is.
    DaemonOptions options;
    options.config_file = folder.Write("empty", "");
    const Outcome<Effective> asked = sshd->Ask(Tree(layout), options, OrdinaryConnection());
    ASSERT_TRUE(asked) << asked.error().text;
    ASSERT_GT(layout.release.major, 0);
    ASSERT_EQ(
        runner
            ->Run({layout.ssh_keygen, "-q", "-t", "ecdsa", "-N", "", "-f", folder.Of("key")}, kTime)
            .status,
        0);
  }

  ProgramResult AskSshd(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), layout.sshd);
    arguments.insert(arguments.end(), {"-h", folder.Of("key")});
    return runner->Run(arguments, kTime);
  }

  // All files of it, for whoever has to look into a failure.
  std::string Told(const Generator& made) const {
    std::string text = "OpenSSH " + std::to_string(layout.release.major) + "." +
                       std::to_string(layout.release.minor);
    for (std::size_t i = 0; i < made.files(); ++i) {
      text += "\n--- " + made.PathOf(i) + "\n" + ReadWhole(made.PathOf(i))->value_or("");
    }
    return text;
  }

  Generator Make(std::uint64_t seed) {
    Generator made(seed, folder.path().string());
    std::filesystem::remove_all(folder.path() / "d");
    for (std::size_t i = 0; i < made.files(); ++i) {
      folder.Write(made.PathOf(i).substr(folder.path().string().size() + 1), made.Text(i));
    }
    folder.Write("d/a b/x.conf", "AuthorizedKeysCommandUser blank\n");
    return made;
  }

  static constexpr std::chrono::seconds kTime{30};
  fakes::TempFolder folder;
  Layout layout;
  std::unique_ptr<ProgramRunner> runner = MakeProgramRunner();
  FileSystem files;
  std::unique_ptr<Sshd> sshd;
};

TEST_F(Reading, GeneratedConfigurationsAreReadAsThisSshdReadsThem) {
  int taken = 0;
  int compared = 0;
  int with_command = 0;
  int with_block = 0;
  for (std::uint64_t seed = 1; seed <= kConfigurations; ++seed) {
    const Generator made = Make(seed);
    const ProgramResult checked = AskSshd({"-t", "-ddd", "-f", made.PathOf(0)});
    if (!checked.Succeeded() &&
        checked.errors.find("without AuthorizedKeysCommandUser") == std::string::npos)
      continue;
    ++taken;
    const SshdConfig config = ReadSshdConfig(Tree(layout), made.PathOf(0));
    ASSERT_EQ(TakenByUs(config), TakenBySshd(checked.errors))
        << "seed " << seed << ", " << Told(made);
    if (!config.match_blocks.empty()) ++with_block;

    // The second line gives what has none its user, and changes nothing else.
    const ProgramResult counted = AskSshd({"-T", "-f", made.PathOf(0), "-C", OrdinaryConnection()});
    if (!counted.Succeeded()) continue;
    ++compared;
    const Settings told_all = ParseSettings(counted.output);
    const Effective told{WithoutNone(ValueOf(told_all, "authorizedkeyscommand")),
                         WithoutNone(ValueOf(told_all, "authorizedkeyscommanduser"))};
    const std::optional<Setting> command = WinningSetting(config, Setting::Keyword::kCommand);
    const std::optional<Setting> user = WinningSetting(config, Setting::Keyword::kUser);
    ASSERT_EQ(command ? WithoutNone(command->value) : "", told.command)
        << "seed " << seed << ", " << Told(made);
    ASSERT_EQ(user ? WithoutNone(user->value) : "", told.user)
        << "seed " << seed << ", " << Told(made);
    if (!told.command.empty()) ++with_command;
  }
  std::cout << "OpenSSH " << layout.release.major << "." << layout.release.minor << ": of "
            << kConfigurations << " configurations, sshd took " << taken
            << ", each compared line by line; and the values in effect of " << compared << "\n";
  EXPECT_GE(taken, kTakenMin);
  EXPECT_GE(compared, kComparedMin);
  EXPECT_GE(with_command, 30);
  EXPECT_GE(with_block, 40);
}

// With the Include lines led to copies, as in a tree that is not entered.
TEST_F(Reading, GeneratedConfigurationsComeBackByteForByte) {
  int enabled = 0;
  for (std::uint64_t seed = 1001; seed <= 1000 + 3 * kChanged && enabled < kChanged; ++seed) {
    const Generator made = Make(seed);
    Host host;
    host.UseRealSshd();
    for (std::size_t i = 0; i < made.files(); ++i) {
      std::string text = ReadWhole(made.PathOf(i))->value_or("");
      // Where the files of the tree are, as its sshd sees them.
      for (std::size_t at = 0; (at = text.find(folder.path().string(), at)) != std::string::npos;) {
        text.replace(at, folder.path().string().size(), "/etc/ssh");
      }
      host.Write(i == 0 ? "/etc/ssh/sshd_config" : "/etc/ssh/d/" + std::to_string(i) + ".conf",
                 text);
    }
    host.Write("/etc/ssh/d/a b/x.conf", "AuthorizedKeysCommandUser blank\n");
    const auto before = host.Files();
    const Report report = host.EnableWith({Intent::kReplace});
    if (report.status != ExitStatus::kDone) {
      // What sshd itself refuses, and nothing else.
      ASSERT_NE(report.errors.find("sshd rejects its current configuration"), std::string::npos)
          << "seed " << seed << ": " << report.errors << Told(made);
      ASSERT_EQ(host.Files(), before);
      continue;
    }
    ++enabled;
    ASSERT_TRUE(host.Counts().IsWanted()) << "seed " << seed << ", " << Told(made);
    const Report back = host.DisableWith({true});
    ASSERT_EQ(back.status, ExitStatus::kDone)
        << "seed " << seed << ": " << back.errors << Told(made);
    ASSERT_EQ(host.Files(), before) << "seed " << seed << ", " << Told(made);
  }
  EXPECT_EQ(enabled, kChanged);
}

}  // namespace
}  // namespace eic::admin
