// enable and disable: lock, recover, survey, plan, carry out, record.
#include <functional>

#include "admin/audit_line.h"
#include "admin/carry_out.h"
#include "admin/commands.h"
#include "admin/config_text.h"
#include "admin/limits.h"
#include "admin/plan.h"
#include "admin/run_lock.h"
#include "admin/transaction.h"

namespace eic::admin {
namespace {

constexpr const char* kProgram = "ec2-instance-connect: ";

using MakePlan = std::function<Outcome<Plan>(const Survey& survey, Sshd& sshd)>;

Report ReportFailure(const Failure& failure) {
  return {failure.status, "", kProgram + failure.text + "\n"};
}

std::string WhatCounts(const Effective& effective) {
  if (effective.command.empty()) return "sshd runs no command for keys";
  return "sshd runs `" + effective.command + "` as " +
         (effective.user.empty() ? "nobody in particular" : effective.user);
}

Report ReportCarried(const std::string& what, const Carried& carried, const Plan& plan) {
  Report report{carried.status, "", ""};
  report.output = (carried.changed ? what : "already " + what) + ": " +
                  WhatCounts(plan.answer.effective) + "\n";
  for (const std::string& note : carried.notes) report.errors += kProgram + note + "\n";
  if (!plan.answer.is_from_sshd) report.status = ExitStatus::kUnchecked;
  return report;
}

Report ChangeSshd(const Outside& outside, const std::string& subcommand, const MakePlan& make_plan,
                  const RecordLine& record) {
  const Outcome<RunLock> lock = RunLock::Take(outside.layout, outside.files, kLockTimeMax);
  if (!lock) return ReportFailure(lock.error());
  const Outcome<bool> recovered = Recover(outside.layout, outside.files);
  if (!recovered) return ReportFailure(recovered.error());
  Sshd::RemoveStaleStages(outside.layout);

  Sshd sshd(outside.layout, outside.runner, outside.files);
  const Outcome<Survey> survey = TakeSurvey(outside, sshd);
  if (!survey) return ReportFailure(survey.error());
  Outcome<Plan> plan = make_plan(*survey, sshd);
  if (!plan) return ReportFailure(plan.error());
  if (*recovered) plan->notes.emplace_back("an interrupted run was put back first");

  const Outcome<Carried> carried = CarryOut(outside, sshd, *survey, *plan, *recovered);
  if (!carried) return ReportFailure(carried.error());
  if (carried->changed) {
    record(AuditLine(subcommand, survey->answer.effective, plan->answer.effective));
  }
  return ReportCarried(subcommand + "d", *carried, *plan);
}

// Users of such a block cannot log in with a pushed key, and would wonder why.
void NoteMatchBlocks(const Survey& survey, Plan* plan) {
  for (const Setting& setting : survey.config.settings) {
    if (setting.keyword != Setting::Keyword::kCommand || !setting.match_block) continue;
    if (OwnerOf(setting.value) != Owner::kSomebodyElse) continue;
    const MatchBlock& block = survey.config.match_blocks[*setting.match_block];
    plan->notes.push_back("for `Match " + block.criteria + "` sshd goes on with " +
                          Describe(setting.value) + ", set in " + setting.place.Text());
  }
}

}  // namespace

Report Enable(const Outside& outside, const EnableOptions& options, const RecordLine& record) {
  const Tree tree(outside.layout);
  if (options.if_not_disabled && tree.Read(std::string(kDisabledMarker))) {
    return {ExitStatus::kDone, "left disabled, because of " + std::string(kDisabledMarker) + "\n",
            ""};
  }
  return ChangeSshd(
      outside, "enable",
      [&](const Survey& survey, Sshd& sshd) {
        Outcome<Plan> plan = PlanEnable(survey, sshd, options.replace);
        if (!plan) return plan;
        NoteMatchBlocks(survey, &*plan);
        plan->leaves_daemon = options.no_reload;
        return plan;
      },
      record);
}

Report Disable(const Outside& outside, const DisableOptions& options, const RecordLine& record) {
  return ChangeSshd(
      outside, "disable",
      [&](const Survey& survey, Sshd& sshd) {
        Outcome<Plan> plan = PlanDisable(survey, sshd, !options.for_removal);
        if (plan) plan->leaves_daemon = options.no_reload;
        return plan;
      },
      record);
}

}  // namespace eic::admin
