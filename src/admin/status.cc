#include "admin/status.h"

#include <nlohmann/json.hpp>

#include "admin/files/transaction.h"
#include "admin/slot/agent_command.h"
#include "admin/slot/chain_setting.h"

namespace eic::admin {
namespace {

using Json = nlohmann::ordered_json;

struct Findings {
  Survey survey;
  std::optional<chain::Outcome<chain::MemberFolder>> members;  // where sshd runs the chain
  std::vector<MatchAnswer> matches;
  bool is_marked_disabled;
  bool is_interrupted;
};

bool IsEnabled(const Layout& layout, const std::string& command) {
  if (IsChain(command)) return FindAgentMember(layout).has_value();
  const Owner owner = OwnerOf(command);
  // A hand-written line may name our agent by a path of the shell agent's.
  return owner == Owner::kOurs || (owner == Owner::kShellAgent && LeadsToAgent(layout, command));
}

Json OrNull(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json Value(const Survey& survey, Setting::Keyword keyword, const std::string& value) {
  return {{"value", OrNull(value)}, {"origin", OrNull(OriginOf(survey, keyword))}};
}

Json MatchValue(const MatchAnswer& match) {
  Json value = {{"criteria", match.block.criteria},
                {"origin", match.block.place.Text()},
                {"command", nullptr},
                {"user", nullptr},
                {"checked", match.effective.has_value() && match.is_from_sshd}};
  if (!match.effective) return value;
  value["command"] = OrNull(match.effective->command);
  value["user"] = OrNull(match.effective->user);
  value["owner"] = OwnerSlug(OwnerOf(match.effective->command));
  return value;
}

Json Members(const chain::Outcome<chain::MemberFolder>& folder) {
  Json members = {{"failure", folder ? Json(nullptr) : Json(folder.error().text)},
                  {"members", Json::array()},
                  {"refused", Json::array()}};
  if (!folder) return members;
  for (const chain::Member& member : folder->members) {
    members["members"].push_back({{"name", member.name},
                                  {"command", member.command},
                                  {"user", member.user},
                                  {"timeout", member.time_limit.count()},
                                  {"confined", member.is_confined}});
  }
  for (const chain::RefusedFile& file : folder->refused) {
    members["refused"].push_back({{"file", file.name}, {"why", file.why}});
  }
  return members;
}

std::string FormatMembers(const chain::Outcome<chain::MemberFolder>& folder) {
  if (!folder) return "no member runs: " + folder.error().text + "\n";
  std::string text;
  for (const chain::Member& member : folder->members) {
    text += "member " + member.name + ": " + member.command + "  (as " + member.user + ")\n";
  }
  for (const chain::RefusedFile& file : folder->refused) {
    text += "left out " + file.name + ": " + file.why + "\n";
  }
  return text;
}

std::string FormatJson(const Findings& findings) {
  const Survey& survey = findings.survey;
  const Effective& effective = survey.answer.effective;
  Json status = {{"version", EIC_VERSION},
                 {"enabled", IsEnabled(survey.tree.layout(), effective.command)},
                 {"owner", OwnerSlug(OwnerOf(effective.command))},
                 {"command", Value(survey, Setting::Keyword::kCommand, effective.command)},
                 {"user", Value(survey, Setting::Keyword::kUser, effective.user)},
                 {"checked", survey.answer.is_from_sshd},
                 {"disabled_marker", findings.is_marked_disabled},
                 {"interrupted", findings.is_interrupted},
                 {"difference", OrNull(survey.difference)},
                 {"running", survey.daemon.has_value()},
                 {"match", Json::array()}};
  if (findings.members) status["chain"] = Members(*findings.members);
  for (const MatchAnswer& match : findings.matches) status["match"].push_back(MatchValue(match));
  // Paths and values are bytes: what is not UTF-8 is replaced rather than refused.
  return status.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

// Programs get JSON in any case; the text for people goes to standard error as well.
std::string FormatJson(const Failure& failure) {
  const Json status = {{"version", EIC_VERSION},
                       {"failure", {{"slug", failure.slug}, {"text", failure.text}}}};
  return status.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string Line(const std::string& name, const std::string& value, const std::string& origin) {
  std::string line = name + ": " + (value.empty() ? "none" : value);
  if (!origin.empty()) line += "  (" + origin + ")";
  return line + "\n";
}

std::string FormatMatch(const MatchAnswer& match) {
  const std::string where = "Match " + match.block.criteria;
  if (!match.effective) return Line(where, "unknown", match.block.place.Text());
  const char* const source = match.is_from_sshd ? "" : ", read from the files";
  return Line(where, match.effective->command, match.block.place.Text() + source);
}

std::string FormatText(const Findings& findings) {
  const Survey& survey = findings.survey;
  const Effective& effective = survey.answer.effective;
  const bool is_enabled = IsEnabled(survey.tree.layout(), effective.command);
  std::string text = std::string("EC2 Instance Connect: ") + (is_enabled ? "enabled" : "disabled") +
                     ", version " EIC_VERSION "\n";
  text += Line("command", effective.command, OriginOf(survey, Setting::Keyword::kCommand));
  text += Line("user", effective.user, OriginOf(survey, Setting::Keyword::kUser));
  if (findings.members) text += FormatMembers(*findings.members);
  for (const MatchAnswer& match : findings.matches) text += FormatMatch(match);
  if (findings.is_marked_disabled) {
    text += "packages leave it disabled: " + std::string(kDisabledMarker) + "\n";
  }
  if (findings.is_interrupted) {
    text += "a run was interrupted: the next `enable` or `disable` first restores every file\n";
  }
  if (!survey.difference.empty()) {
    text += "sshd and this program read the files differently: " + survey.difference +
            ", and this program finds no line that sets it; sshd is right\n";
  }
  if (!survey.answer.is_from_sshd) text += "read from the files; " + survey.answer.why_not + "\n";
  return text;
}

}  // namespace

Report Status(const Outside& outside, const StatusOptions& options) {
  Sshd sshd(outside.layout, outside.runner, outside.files);
  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  if (!survey) {
    const Failure& failure = survey.error();
    return {failure.status, options.json ? FormatJson(failure) : "",
            "ec2-instance-connect: " + failure.text + "\n"};
  }
  const Tree& tree = survey->tree;
  std::optional<chain::Outcome<chain::MemberFolder>> members;
  if (IsChain(survey->answer.effective.command)) members = ReadMembers(outside.layout);
  const Findings findings{*survey, members, AskForMatchBlocks(*survey, sshd),
                          tree.Read(std::string(kDisabledMarker)).has_value(),
                          IsInterrupted(outside.layout)};
  return {ExitStatus::kDone, options.json ? FormatJson(findings) : FormatText(findings), ""};
}

}  // namespace eic::admin
