#include "admin/change/enable_disable.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "admin/change/audit_line.h"
#include "admin/change/carry_out.h"
#include "admin/change/plan_disable.h"
#include "admin/change/plan_enable.h"
#include "admin/files/run_lock.h"
#include "admin/files/transaction.h"
#include "admin/limits.h"
#include "admin/sshd/config_text.h"

namespace eic::admin {
namespace {

constexpr const char* kProgram = "ec2-instance-connect: ";

// What a subcommand asks for.
struct Order {
  std::string subcommand;
  bool leaves_daemon = false;
  bool if_not_disabled = false;
  std::function<Outcome<Plan>(const Survey& survey, Sshd& sshd)> make_plan;
  // The plan if there is no sshd_config; empty: do nothing then.
  std::function<Outcome<Plan>()> make_plan_without_config = nullptr;
};

constexpr const char* kUntold = "a running sshd keeps its old configuration until it is reloaded";

// `is_untold`: files were restored, and a running sshd may still use their former contents.
Report ReportFailure(const Failure& failure, bool is_untold = false) {
  const std::string untold = is_untold ? std::string("; ") + kUntold : "";
  return {failure.status, "", kProgram + failure.text + untold + "\n"};
}

std::string WhatCounts(const Effective& effective) {
  if (effective.command.empty()) return "sshd runs no command for keys";
  return "sshd runs `" + effective.command + "` as " +
         (effective.user.empty() ? "nobody in particular" : effective.user);
}

constexpr const char* kStillOurs =
    "sshd still runs our agent, because of a line that this program does not find: `sshd -T -ddd "
    "2>&1 | grep -i AuthorizedKeysCommand` names it; remove it there";

Report ReportCarried(const std::string& what, const Carried& carried, const Plan& plan) {
  Report report{carried.status, "", ""};
  const Effective& counts = carried.other.value_or(plan.answer.effective);
  report.output = (carried.changed ? what : "already " + what) + ": " + WhatCounts(counts) + "\n";
  for (const std::string& note : carried.notes) report.errors += kProgram + note + "\n";
  const bool is_still_ours =
      carried.other ? OwnerOf(counts.command) == Owner::kOurs : plan.is_still_ours;
  if (plan.accepts_other && is_still_ours) {
    report.errors += std::string(kProgram) + kStillOurs + "\n";
    report.status = ExitStatus::kUnchecked;
  }
  if (!plan.answer.is_from_sshd || !plan.is_proven) report.status = ExitStatus::kUnchecked;
  return report;
}

Report RemoveWithoutConfig(const Outside& outside, const Order& order, const RecordLine& record) {
  const Outcome<Plan> plan = order.make_plan_without_config();
  if (!plan) return ReportFailure(plan.error());
  const Outcome<Carried> carried = CarryOutUnasked(outside, *plan);
  if (!carried) return ReportFailure(carried.error());
  Report report{carried->status, "", ""};
  report.errors = std::string(kProgram) + "there is no sshd_config, so sshd was not asked\n";
  if (carried->changed) {
    report.output = order.subcommand + "d: removed what was ours\n";
    const Effective ours{std::string(kWantedCommand), std::string(kWantedUser)};
    record(AuditLine(order.subcommand, ours, {}));
  }
  for (const std::string& note : carried->notes) report.errors += kProgram + note + "\n";
  return report;
}

Outcome<Carried> CarryOutPlan(const Outside& outside, const Order& order, Sshd& sshd,
                              const Survey& survey, Outcome<Plan>& plan, bool tell_daemon) {
  if (!plan) return plan.error();
  plan->leaves_daemon = order.leaves_daemon;
  return CarryOut(outside, sshd, survey, *plan, tell_daemon);
}

// Survey, plan, carry out, record. `recovered`: an interrupted run was undone first.
Report ChangeFromSurvey(const Outside& outside, const Order& order, const RecordLine& record,
                        bool recovered) {
  Sshd sshd(outside.layout, outside.runner, outside.files);
  Outcome<Survey> survey = TakeSurvey(outside, sshd);
  if (!survey && survey.error().slug == kNoSshdConfig && order.make_plan_without_config) {
    return RemoveWithoutConfig(outside, order, record);
  }
  if (!survey) return ReportFailure(survey.error(), recovered);
  // Now, because anything after this may end the process. Not earlier, before sshd accepted the
  // files: an sshd that systemd did not start would not survive a reload of files that it rejects.
  if (recovered && !order.leaves_daemon) {
    const Outcome<Nothing> told = TellOfRecovery(outside, *survey);
    if (!told) return ReportFailure(told.error());
  }
  const bool is_untold = recovered && order.leaves_daemon;
  Outcome<Plan> plan = order.make_plan(*survey, sshd);
  Outcome<Carried> carried = CarryOutPlan(outside, order, sshd, *survey, plan, is_untold);
  // Not if something could not be restored: the next run needs the journal.
  if (!carried && carried.error().slug == kNotEffective && !IsInterrupted(outside.layout)) {
    // This program and sshd read an Include differently. The top of sshd_config comes before
    // everything that it includes.
    survey->distrusts_includes = true;
    plan = order.make_plan(*survey, sshd);
    carried = CarryOutPlan(outside, order, sshd, *survey, plan, is_untold);
  }
  if (!carried) return ReportFailure(carried.error(), !plan && is_untold);
  if (carried->changed) {
    record(AuditLine(order.subcommand, survey->answer.effective, plan->answer.effective));
  }
  return ReportCarried(order.subcommand + "d", *carried, *plan);
}

// `recovered`: sshd may still use the files of the interrupted run.
Report LeaveDisabled(const Outside& outside, const Order& order, bool recovered) {
  const std::string why = "left disabled, because of " + std::string(kDisabledMarker);
  Report report{ExitStatus::kDone, why + "\n", ""};
  if (!recovered) return report;
  Sshd sshd(outside.layout, outside.runner, outside.files);
  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  if (!survey || order.leaves_daemon) {
    report.errors = std::string(kProgram) + kUntold + "\n";
    return report;
  }
  const Outcome<Nothing> told = TellOfRecovery(outside, *survey);
  return told ? report : ReportFailure(told.error());
}

Report ChangeSshd(const Outside& outside, const Order& order, const RecordLine& record) {
  const Outcome<RunLock> lock = RunLock::Take(outside.layout, outside.files, kLockTimeMax);
  if (!lock) return ReportFailure(lock.error());
  const Outcome<bool> recovered = Recover(outside.layout, outside.files);
  if (!recovered) return ReportFailure(recovered.error());
  Sshd::RemoveStaleStages(outside.layout);
  // Only under the lock: until then, another run may have been disabling, or been interrupted.
  const bool stays_disabled =
      order.if_not_disabled && Tree(outside.layout).Read(std::string(kDisabledMarker)).has_value();
  Report report = stays_disabled ? LeaveDisabled(outside, order, *recovered)
                                 : ChangeFromSurvey(outside, order, record, *recovered);
  if (*recovered) {
    report.errors += std::string(kProgram) + "first restored what an interrupted run had changed\n";
  }
  return report;
}

// The settings of a Match block that differ from ours; empty if it has none.
std::string OfItsOwn(const Layout& layout, const Setting& setting, bool has_command) {
  if (setting.keyword == Setting::Keyword::kUser) {
    const bool is_told = has_command || setting.value == kWantedUser;
    return is_told ? "" : "runs the command as " + setting.value;
  }
  if (OwnerOf(setting.value) == Owner::kNobody) return "runs no command for keys";
  if (OwnerOf(setting.value) == Owner::kOurs || LeadsToAgent(layout, setting.value)) return "";
  return "still runs " + Describe(setting.value);
}

// Users of such a block cannot log in with a pushed key, so the administrator should know of it.
void NoteMatchBlocks(const Survey& survey, Plan* plan) {
  const SshdConfig config = ReadSshdConfig(plan->tree, survey.main_file);
  std::set<std::size_t> with_command;
  for (const Setting& setting : config.settings) {
    const bool is_command = setting.keyword == Setting::Keyword::kCommand;
    if (is_command && setting.match_block) with_command.insert(*setting.match_block);
  }
  for (const Setting& setting : config.settings) {
    if (!setting.match_block) continue;
    const std::string has =
        OfItsOwn(plan->tree.layout(), setting, with_command.count(*setting.match_block) > 0);
    if (has.empty()) continue;
    const MatchBlock& block = config.match_blocks[*setting.match_block];
    plan->notes.push_back("for `Match " + block.criteria + "` sshd " + has + ", set in " +
                          setting.place.Text());
  }
}

}  // namespace

Report Enable(const Outside& outside, const EnableOptions& options, const RecordLine& record) {
  const auto make_plan = [&](const Survey& survey, Sshd& sshd) {
    Outcome<Plan> plan = PlanEnable(survey, sshd, options.intent, options.caller_environment);
    if (plan) NoteMatchBlocks(survey, &*plan);
    return plan;
  };
  const Order order{"enable", options.no_reload, options.if_not_disabled, make_plan};
  return ChangeSshd(outside, order, record);
}

Report Disable(const Outside& outside, const DisableOptions& options, const RecordLine& record) {
  const auto make_plan = [&](const Survey& survey, Sshd& sshd) {
    return PlanDisable(survey, sshd, !options.for_removal);
  };
  const auto without_config = [&] {
    return PlanDisableWithoutConfig(outside.layout, !options.for_removal);
  };
  return ChangeSshd(outside, {"disable", options.no_reload, false, make_plan, without_config},
                    record);
}

}  // namespace eic::admin
