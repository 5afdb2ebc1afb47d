// Configurations of the shape of real systems' come back byte for byte, and in between sshd runs
// ours: each file of tests/admin/configurations is one, and says what kind of system it is.
//
//   file    := header "\n"* section+
//   header  := ( "system: " TEXT | "enable: " plain|replace|chain | "since: " RELEASE ) "\n" ...
//   section := "===== " path ( " -> " target | " without line feed at its end" | " with DOS line
//   ends" )? "\n" bytes
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "admin/slot/owner.h"
#include "tests/admin/support.h"
#include "tests/fakes/needs.h"

namespace eic::admin {
namespace {

constexpr std::string_view kSection = "===== ";
constexpr std::string_view kWithoutEnd = " without line feed at its end";
constexpr std::string_view kDos = " with DOS line ends";
constexpr std::string_view kLink = " -> ";

struct Configuration {
  std::string name;
  std::string system;
  Intent intent = Intent::kEnable;
  SshdRelease since{0, 0};
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;
};

// Takes `words` off the end of `text`, where it has them.
bool TakeEnd(std::string_view words, std::string* text) {
  const bool has = text->size() > words.size() &&
                   text->compare(text->size() - words.size(), words.size(), words) == 0;
  if (has) text->resize(text->size() - words.size());
  return has;
}

void ReadHeader(const std::string& line, Configuration* configuration) {
  const std::size_t colon = line.find(": ");
  const std::string key = line.substr(0, colon);
  const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
  const std::map<std::string, Intent> kIntents = {
      {"plain", Intent::kEnable}, {"replace", Intent::kReplace}, {"chain", Intent::kChain}};
  if (key == "system") {
    configuration->system = value;
  } else if (key == "since") {
    configuration->since = ParseSshdRelease("OpenSSH_" + value);
  } else if (key == "enable" && kIntents.count(value) > 0) {
    configuration->intent = kIntents.at(value);
  } else if (!line.empty()) {
    ADD_FAILURE() << configuration->name << ": " << line;
  }
}

// A section's bytes, as its head says that they are.
void FinishSection(std::string head, std::string bytes, Configuration* configuration) {
  if (head.empty()) return;
  const std::size_t link = head.find(kLink);
  if (link != std::string::npos) {
    configuration->links[head.substr(0, link)] = head.substr(link + kLink.size());
    EXPECT_EQ(bytes, "") << configuration->name;
    return;
  }
  if (TakeEnd(kWithoutEnd, &head)) bytes.pop_back();
  if (TakeEnd(kDos, &head)) {
    for (std::size_t at = 0; (at = bytes.find('\n', at)) != std::string::npos; at += 2)
      bytes.insert(at, "\r");
  }
  configuration->files[head] = bytes;
}

Configuration ReadConfiguration(const std::filesystem::path& path) {
  Configuration configuration;
  configuration.name = path.stem().string();
  std::string head;
  std::string bytes;
  const std::string text = ReadWhole(path.string())->value_or("");
  for (const std::string_view line : SplitLines(text)) {
    if (line.substr(0, kSection.size()) == kSection) {
      FinishSection(head, bytes, &configuration);
      head = line.substr(kSection.size());
      bytes.clear();
    } else if (head.empty()) {
      ReadHeader(std::string(line), &configuration);
    } else {
      bytes += std::string(line) + "\n";
    }
  }
  FinishSection(head, bytes, &configuration);
  EXPECT_FALSE(configuration.system.empty()) << configuration.name;
  return configuration;
}

std::vector<Configuration> Configurations() {
  std::vector<Configuration> all;
  const std::filesystem::path folder = EIC_SOURCE_DIR "/tests/admin/configurations";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    all.push_back(ReadConfiguration(entry.path()));
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.name < other.name; });
  return all;
}

void PutInto(const Configuration& configuration, Host* host) {
  std::filesystem::remove_all(host->layout.root + "/etc/ssh");
  for (const auto& [path, bytes] : configuration.files) {
    host->Write(path, bytes);
    if (bytes.substr(0, 2) == "#!")
      std::filesystem::permissions(host->layout.root + path, std::filesystem::perms(0755));
  }
  for (const auto& [path, target] : configuration.links) host->Link(path, target);
  std::filesystem::create_directories(host->layout.Real("/etc/ssh/sshd_config.d"));
}

// What is not below /etc: packages'.
std::map<std::string, std::string> OfPackages(std::map<std::string, std::string> files) {
  for (auto at = files.begin(); at != files.end();)
    at = at->first.rfind("/etc/", 0) == 0 ? files.erase(at) : ++at;
  return files;
}

class ConfigurationsTest : public testing::TestWithParam<Configuration> {
 protected:
  void SetUp() override { EIC_NEEDS(access("/usr/sbin/sshd", X_OK) == 0, "/usr/sbin/sshd"); }
};

// The chain's tokens are tried on a system that runs alone.
bool IsDone(const Report& report, Intent intent) {
  return report.status == ExitStatus::kDone ||
         (intent == Intent::kChain && report.status == ExitStatus::kUnchecked);
}

TEST_P(ConfigurationsTest, ComesBackByteForByteAndTheSlotIsOursInBetween) {
  const Configuration& configuration = GetParam();
  Host host;
  host.UseRealSshd();
  if (!host.layout.release.IsAtLeast(configuration.since.major, configuration.since.minor)) {
    // That sshd refuses it, and so do we.
    PutInto(configuration, &host);
    const auto before = host.Files();
    EXPECT_NE(host.EnableWith({configuration.intent}).status, ExitStatus::kDone);
    EXPECT_EQ(host.Files(), before);
    return;
  }
  PutInto(configuration, &host);
  const auto before = host.Files();
  const std::string former = host.Counts().command;
  ASSERT_NE(former, "?") << host.Counts().user;
  if (configuration.intent != Intent::kEnable) {
    EXPECT_EQ(host.EnableWith().status, ExitStatus::kRefused);
    EXPECT_EQ(host.Files(), before);
  }

  const Report enabled = host.EnableWith({configuration.intent});
  ASSERT_TRUE(IsDone(enabled, configuration.intent)) << enabled.errors;
  if (configuration.intent == Intent::kChain) {
    EXPECT_TRUE(IsChain(host.Counts().command)) << host.Counts().command;
  } else {
    EXPECT_TRUE(host.Counts().IsWanted()) << host.Counts().command;
  }
  EXPECT_EQ(OfPackages(host.Files()), OfPackages(before));

  const Report disabled = host.DisableWith({true});
  EXPECT_EQ(disabled.status, ExitStatus::kDone) << disabled.errors;
  EXPECT_EQ(host.Files(), before);
  EXPECT_EQ(host.Counts().command, former);
}

INSTANTIATE_TEST_SUITE_P(Configurations, ConfigurationsTest, testing::ValuesIn(Configurations()),
                         [](const testing::TestParamInfo<Configuration>& row) {
                           std::string name = row.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Configurations, AreThirtyOrMore) { EXPECT_GE(Configurations().size(), 30U); }

}  // namespace
}  // namespace eic::admin
