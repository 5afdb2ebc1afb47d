#include "admin/doctor/render.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "admin/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRed = "\033[1;31m";
constexpr const char* kYellow = "\033[1;33m";
constexpr const char* kPlain = "\033[0m";

std::size_t CountOf(const std::vector<Finding>& findings, Level level) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [level](const Finding& finding) { return finding.check->level == level; }));
}

std::string StatusWord(const std::vector<Finding>& findings) {
  switch (StatusOf(findings)) {
    case ExitStatus::kBroken:
      return "broken";
    case ExitStatus::kWarnings:
      return "warnings";
    default:
      return "fine";
  }
}

std::string Heading(const Finding& finding, bool has_colour) {
  const std::string level(LevelSlug(finding.check->level));
  const char* colour = finding.check->level == Level::kBroken ? kRed : kYellow;
  const std::string word = has_colour ? colour + level + kPlain : level;
  return word + " " + std::string(finding.check->id) + ": " + std::string(finding.check->fault);
}

std::string Summary(const std::vector<Finding>& findings) {
  const std::string checks = std::to_string(AllChecks().size()) + " checks: ";
  if (findings.empty()) return checks + "nothing found\n";
  return checks + std::to_string(CountOf(findings, Level::kBroken)) + " broken, " +
         std::to_string(CountOf(findings, Level::kWarning)) + " warnings\n";
}

}  // namespace

ExitStatus StatusOf(const std::vector<Finding>& findings) {
  if (CountOf(findings, Level::kBroken) > 0) return ExitStatus::kBroken;
  return findings.empty() ? ExitStatus::kFine : ExitStatus::kWarnings;
}

std::string RenderText(const World& world, const std::vector<Finding>& findings, bool has_colour) {
  std::string text;
  for (const Finding& finding : findings) {
    text += Heading(finding, has_colour) + "\n";
    text += "    seen: " + PrintableLine(finding.seen) + "\n";
    text += "    do:   " + std::string(finding.check->remedy) + "\n";
  }
  for (const std::string& sentence : Unlooked(world)) text += "not checked: " + sentence + "\n";
  const std::string account = AccountText(world);
  if (!account.empty()) text += account + "\n";
  const std::string login = LoginText(world);
  if (!login.empty()) text += "login of " + login + "\n";
  if (world.chain && !world.chain->runs.empty()) {
    text += "time of each member: " + world.chain->Times() + "\n";
  }
  return text + Summary(findings);
}

std::string RenderQuiet(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += Heading(finding, false) + ": " + PrintableLine(finding.seen) + "\n";
  }
  return text;
}

std::string RenderJson(const World& world, const std::vector<Finding>& findings) {
  Json report = {{"version", EIC_VERSION},
                 {"status", StatusWord(findings)},
                 {"user", world.login ? Json(world.login->asked) : Json(nullptr)},
                 {"checks", AllChecks().size()},
                 {"not_looked_at", Unlooked(world)},
                 {"findings", Json::array()}};
  for (const Finding& finding : findings) {
    report["findings"].push_back({{"check", finding.check->id},
                                  {"level", LevelSlug(finding.check->level)},
                                  {"what", finding.check->fault},
                                  {"seen", finding.seen},
                                  {"do", finding.check->remedy}});
  }
  if (world.pam_account && world.pam_account->why_not.empty()) {
    const PamAccount& account = *world.pam_account;
    report["account"] = {{"service", account.service},
                         {"from", account.from},
                         {"lets_in", account.lets_in},
                         {"seen", account.text}};
  }
  if (world.real_login && world.real_login->why_not.empty()) {
    const RealLogin& login = *world.real_login;
    report["login"] = {
        {"from", login.from}, {"ended", StageSlug(login.end.stage)}, {"seen", login.end.seen}};
  }
  if (world.chain) {
    report["members"] = Json::array();
    for (const MemberRun& run : world.chain->runs) {
      report["members"].push_back(
          {{"name", run.name}, {"ms", run.took_ms}, {"verdict", run.verdict}});
    }
  }
  return report.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string RenderChecks() {
  std::string text =
      "| check | level | what is wrong | what doctor looks at | what to do |\n"
      "|---|---|---|---|---|\n";
  for (const Check* check : AllChecks()) {
    text += "| `" + std::string(check->id) + "` | " + std::string(LevelSlug(check->level)) + " | " +
            std::string(check->fault) + " | " + std::string(check->sight) + " | " +
            std::string(check->remedy) + " |\n";
  }
  return text;
}

}  // namespace eic::admin
