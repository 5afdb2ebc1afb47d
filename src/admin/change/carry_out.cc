#include "admin/change/carry_out.h"

#include <algorithm>

#include "admin/files/transaction.h"
#include "admin/slot/chain_setting.h"
#include "admin/slot/owner.h"

namespace eic::admin {
namespace {

// The daemon reads neither the marker nor the copies kept for the administrator, the only changes
// with `like`.
bool ConcernsDaemon(const Change& change) {
  return change.path != kDisabledMarker && change.like.empty();
}

// Checks in place: does sshd report what was planned?
Outcome<Nothing> CheckInPlace(Sshd& sshd, const Plan& plan, Carried* carried) {
  const Outcome<Effective> effective = sshd.AskAsIs(plan.options, OrdinaryConnection());
  if (!effective && effective.error().status == ExitStatus::kUnchecked) {
    carried->status = ExitStatus::kUnchecked;
    carried->notes.push_back(effective.error().text);
    return Nothing{};
  }
  if (!effective) return effective.error();
  const Effective& planned = plan.answer.effective;
  if (effective->command == planned.command && effective->user == planned.user) return Nothing{};
  const std::string difference = "sshd has `" + effective->command + "` as `" + effective->user +
                                 "` instead of `" + planned.command + "` as `" + planned.user + "`";
  if (!plan.accepts_other)
    return Failure{ExitStatus::kFailed, std::string(kNotEffective), difference};
  // sshd is right, and our lines have to go whatever it reports instead.
  carried->other = *effective;
  carried->notes.push_back("this program and sshd read the files differently: " + difference);
  return Nothing{};
}

// sshd knows nothing of members: a new chain must have both of its own.
Outcome<Nothing> CheckMembers(const Layout& layout, const Survey& survey, const Plan& plan) {
  const bool is_new =
      IsChain(plan.answer.effective.command) && !IsChain(survey.answer.effective.command);
  return is_new ? CheckMembersWouldRun(layout) : Nothing{};
}

Outcome<Nothing> TellDaemon(Daemon& daemon, const Survey& survey, const Plan& plan) {
  // Always before a restart: a package that deleted its drop-in may not have told systemd, which
  // would start sshd with the old options again.
  if (plan.changes_unit || plan.needs_restart) {
    Outcome<Nothing> reloaded = daemon.ReloadUnits();
    if (!reloaded) return reloaded;
  }
  if (!survey.daemon || plan.leaves_daemon) return Nothing{};
  return plan.needs_restart ? daemon.Restart(*survey.daemon) : daemon.Reload(*survey.daemon);
}

std::string NotTold(const Plan& plan) {
  return std::string("the running sshd keeps its old configuration until it is ") +
         (plan.needs_restart ? "restarted" : "reloaded");
}

constexpr const char* kNobodyToTell =
    "found no running sshd to reload: if one runs, it keeps its old configuration until it is "
    "reloaded or restarted";

constexpr const char* kMembersStay =
    "the chain's members stay, because the running sshd still runs them: after sshd has been "
    "reloaded, run `ec2-instance-connect disable` again";

Failure PutFilesBack(Transaction& transaction, Failure failure) {
  const Outcome<Nothing> restored = transaction.Restore();
  failure.text += restored ? "; every file was restored"
                           : "; " + restored.error().text + "; the next run restores it";
  failure.status = ExitStatus::kFailed;
  return failure;
}

Failure PutBack(Transaction& transaction, Daemon* told, const Survey& survey, const Plan& plan,
                const Failure& why) {
  Failure failure = PutFilesBack(transaction, why);
  if (told != nullptr) {
    const Outcome<Nothing> back = TellDaemon(*told, survey, plan);
    if (!back) failure.text += "; " + back.error().text;
  }
  return failure;
}

}  // namespace

Outcome<Carried> CarryOut(const Outside& outside, Sshd& sshd, const Survey& survey,
                          const Plan& plan, bool tell_daemon) {
  Carried carried;
  carried.notes = plan.notes;
  const std::vector<Change> changes = plan.tree.Changes();
  const bool concerns_daemon = std::any_of(changes.begin(), changes.end(), ConcernsDaemon) ||
                               plan.needs_restart || tell_daemon;
  carried.changed = !changes.empty() || plan.needs_restart;
  if (!carried.changed && !tell_daemon) return carried;

  Daemon daemon(outside.layout, outside.runner);
  Transaction transaction(outside.layout, outside.files, changes);
  const Outcome<Nothing> applied = transaction.Apply();
  if (!applied) return applied.error();

  Outcome<Nothing> checked = CheckMembers(outside.layout, survey, plan);
  if (checked) checked = CheckInPlace(sshd, plan, &carried);
  if (!checked) return PutBack(transaction, nullptr, survey, plan, checked.error());

  bool is_told = !survey.daemon || !plan.leaves_daemon;
  if (concerns_daemon) {
    if (!is_told) carried.notes.push_back(NotTold(plan));
    const bool has_nobody_to_tell = outside.layout.is_live && !survey.daemon && !plan.leaves_daemon;
    if (has_nobody_to_tell) carried.notes.emplace_back(kNobodyToTell);
    const Outcome<Nothing> told = TellDaemon(daemon, survey, plan);
    if (!told && told.error().status != ExitStatus::kUnchecked) {
      return PutBack(transaction, &daemon, survey, plan, told.error());
    }
    if (!told) {
      is_told = false;
      carried.status = ExitStatus::kUnchecked;
      carried.notes.push_back(told.error().text);
    }
  }
  if (is_told || plan.is_removal) {
    const Outcome<Nothing> removed = transaction.RemoveMembers();
    if (!removed) return PutBack(transaction, &daemon, survey, plan, removed.error());
  } else if (transaction.HasMembersToRemove()) {
    carried.notes.emplace_back(kMembersStay);
  }
  const Outcome<Nothing> committed = transaction.Commit();
  if (!committed) return PutBack(transaction, &daemon, survey, plan, committed.error());
  return carried;
}

Outcome<Carried> CarryOutUnasked(const Outside& outside, const Plan& plan) {
  Carried carried;
  carried.notes = plan.notes;
  carried.status = ExitStatus::kUnchecked;
  Transaction transaction(outside.layout, outside.files, plan.tree.Changes());
  carried.changed = !transaction.changes().empty();
  if (!carried.changed) return carried;
  const Outcome<Nothing> applied = transaction.Apply();
  if (!applied) return applied.error();
  const Outcome<Nothing> removed = transaction.RemoveMembers();
  if (!removed) return PutFilesBack(transaction, removed.error());
  const Outcome<Nothing> committed = transaction.Commit();
  if (!committed) return committed.error();
  if (!plan.changes_unit) return carried;
  const Outcome<Nothing> reloaded = Daemon(outside.layout, outside.runner).ReloadUnits();
  if (!reloaded) carried.notes.push_back(reloaded.error().text);
  return carried;
}

Outcome<Nothing> TellOfRecovery(const Outside& outside, const Survey& survey) {
  Daemon daemon(outside.layout, outside.runner);
  Outcome<Nothing> reloaded = daemon.ReloadUnits();
  if (!reloaded || !survey.daemon) return reloaded;
  return daemon.Reload(*survey.daemon);
}

}  // namespace eic::admin
