#include "admin/doctor/lists/package_origin.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <vector>

#include "admin/limits.h"
#include "admin/sshd/settings.h"

namespace eic::admin {
namespace {

constexpr const char* kPackage = "ec2-instance-connect";
constexpr const char* kAptCache = "/usr/bin/apt-cache";
constexpr const char* kDnf = "/usr/bin/dnf";

// `     1.1-1 500` and `        500 http://archive.example stable/main amd64 Packages`: version
// table of apt-cache policy; `***` stands before the installed one.
std::map<std::string, std::vector<std::string>> VersionTable(std::string_view policy) {
  constexpr std::size_t kSourceIndent = 8;
  std::map<std::string, std::vector<std::string>> table;
  const std::size_t begin = policy.find("Version table:");
  if (begin == std::string_view::npos) return table;
  std::string version;
  for (const std::string& line : SplitWords(policy.substr(policy.find('\n', begin)), '\n')) {
    const std::vector<std::string> words = SplitWords(line, ' ');
    if (words.size() < 2) continue;
    if (line.find_first_not_of(' ') < kSourceIndent) {
      version = words[0] == "***" ? words[1] : words[0];
    } else if (words[1] != "/var/lib/dpkg/status") {
      table[version].push_back(words[1]);
    }
  }
  return table;
}

std::string FieldOf(std::string_view policy, std::string_view name) {
  const std::size_t at = policy.find(name);
  if (at == std::string_view::npos) return "";
  const std::size_t begin = at + name.size();
  return std::string(policy.substr(begin, policy.find('\n', begin) - begin));
}

// Of its cache alone. dnf keeps a log even of questions; in /run it is out of the way of the real
// one, and can be written to where doctor's unit runs.
ProgramResult AskDnf(ProgramRunner& runner, const std::string& which, const std::string& form) {
  return runner.Run({kDnf, "--quiet", "--cacheonly", "--setopt=logdir=/run/ec2-instance-connect",
                     "repoquery", which, "--queryformat", form + "\\n", kPackage},
                    kCheckTimeMax);
}

std::string Blame(const std::string& program, const ProgramResult& result) {
  return program + ": " + (result.errors.empty() ? "it failed" : result.errors);
}

}  // namespace

std::optional<Offer> OfferInPolicy(std::string_view policy) {
  const std::string installed = FieldOf(policy, "  Installed: ");
  const std::string candidate = FieldOf(policy, "  Candidate: ");
  if (installed.empty() || installed == "(none)" || candidate == installed) return std::nullopt;
  auto table = VersionTable(policy);
  const std::vector<std::string>& ours = table[installed];
  for (const std::string& origin : table[candidate]) {
    if (std::find(ours.begin(), ours.end(), origin) == ours.end()) return Offer{candidate, origin};
  }
  return std::nullopt;
}

std::optional<Offer> OfferInUpgrades(std::string_view installed, std::string_view upgrades) {
  const std::vector<std::string> ours = SplitWords(installed, '\n');
  for (const std::string& line : SplitWords(upgrades, '\n')) {
    const std::vector<std::string> words = SplitWords(line, ' ');
    if (words.size() != 2) continue;
    if (std::find(ours.begin(), ours.end(), words[1]) == ours.end()) {
      return Offer{words[0], words[1]};
    }
  }
  return std::nullopt;
}

PackageOrigin AskForOrigin(ProgramRunner& runner) {
  if (access(kAptCache, X_OK) == 0) {
    const ProgramResult policy = runner.Run({kAptCache, "policy", kPackage}, kCheckTimeMax);
    if (!policy.Succeeded()) return {std::nullopt, Blame("apt-cache", policy)};
    return {OfferInPolicy(policy.output), ""};
  }
  if (access(kDnf, X_OK) != 0) return {std::nullopt, "this host has neither apt nor dnf"};
  const ProgramResult installed = AskDnf(runner, "--installed", "%{from_repo}");
  if (!installed.Succeeded()) return {std::nullopt, Blame("dnf", installed)};
  const ProgramResult upgrades = AskDnf(runner, "--upgrades", "%{evr} %{repoid}");
  if (!upgrades.Succeeded()) return {std::nullopt, Blame("dnf", upgrades)};
  return {OfferInUpgrades(installed.output, upgrades.output), ""};
}

}  // namespace eic::admin
