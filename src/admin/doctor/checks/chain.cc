#include "admin/doctor/checks/chain.h"

#include <pwd.h>
#include <sys/prctl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <sstream>
#include <system_error>

#include "admin/doctor/command_words.h"
#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "admin/process/as_user.h"
#include "admin/process/program_runner.h"
#include "admin/slot/agent_command.h"
#include "admin/slot/chain_setting.h"
#include "chain/options.h"
#include "chain/words.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

// The chain's own words with values in the place of tokens, and the option for times.
std::vector<std::string> WordsForTimes(const std::string& command, const passwd& user) {
  std::vector<std::string> argv =
      WordsFor(command, {user.pw_name, user.pw_dir, std::to_string(user.pw_uid)}, OfferedKey());
  if (!argv.empty()) argv.insert(argv.begin() + 1, {"--times", "--log-to", "stderr"});
  return argv;
}

// `NAME MILLISECONDS VERDICT LINES`, a line each.
std::vector<MemberRun> ReadTimes(const std::string& output) {
  std::vector<MemberRun> runs;
  std::istringstream lines(output);
  MemberRun run;
  std::string count;
  while (lines >> run.name >> run.took_ms >> run.verdict >> count) {
    run.verdict = Printable(run.verdict, run.verdict.size());
    runs.push_back(run);
  }
  return runs;
}

// The longest time limit of a member, or that of the run where it is shorter. The words are those
// for a login; none of them may be there.
long LongestRun(const std::string& command, const std::vector<chain::Member>& members) {
  std::chrono::seconds longest{0};
  for (const chain::Member& member : members) longest = std::max(longest, member.time_limit);
  std::vector<std::string> words =
      chain::SplitCommand(command).value_or(std::vector<std::string>());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto options = chain::ParseOptions(static_cast<int>(words.size()), argv.data());
  const chain::Options known = options ? *options : chain::Options();
  return std::min<long>(longest.count(),
                        std::chrono::duration_cast<std::chrono::seconds>(known.run_limit).count());
}

// As whom sshd runs it: root, or the one user of all members.
void RunOnce(const Outside& outside, const Slot& slot, const std::string& login, Chain* chain) {
  const std::optional<Account> account = FindAccount(slot.in_force_user);
  if (!account) {
    chain->why_not_run = "there is no user " + slot.in_force_user;
    return;
  }
  // cppcheck-suppress getpwnamCalled ; one thread
  const passwd* user = getpwnam(login.empty() ? "root" : login.c_str());
  const std::vector<std::string> argv =
      user == nullptr ? std::vector<std::string>() : WordsForTimes(slot.in_force, *user);
  if (argv.empty()) {
    chain->why_not_run =
        user == nullptr ? "there is no user " + login : "its words cannot be parsed";
    return;
  }
  if (account->uid == 0) {
    const ProgramResult result = outside.runner.Run(argv, kAsUserTimeMax);
    if (!result.Succeeded()) chain->why_not_run = "it failed: " + PrintableLine(result.errors);
    chain->runs = ReadTimes(result.output);
    return;
  }
  // `+` or, where the run failed, `-`, and behind it what it printed.
  const auto run = [&] {
    const ProgramResult result = MakeProgramRunner()->Run(argv, kProgramOfUserTimeMax);
    return result.Succeeded() ? "+" + result.output : "-" + result.errors;
  };
  const Outcome<std::string> output = RunAsUser(*account, run, kAsUserTimeMax);
  if (!output) {
    chain->why_not_run = output.error().text;
  } else if (output->substr(0, 1) != "+") {
    chain->why_not_run =
        "it failed: " + PrintableLine(output->substr(std::min<std::size_t>(1, output->size())));
  } else {
    chain->runs = ReadTimes(output->substr(1));
  }
}

// From here on a person notices: sshd asks twice for each login, and for each key before the right
// one.
constexpr long kSlowMs = 1000;

Seen LookAtFolder(const World& world) {
  if (!world.chain || world.chain->failure.empty()) return std::nullopt;
  return world.chain->failure;
}

Seen LookForAgent(const World& world) {
  if (!world.chain || !world.chain->failure.empty() || world.slot.runs_agent) return std::nullopt;
  return "no member of " + std::string(kChainFolder) + " runs our agent";
}

Seen LookForRefused(const World& world) {
  if (!world.chain || world.chain->refused.empty()) return std::nullopt;
  std::string seen;
  for (const std::string& refused : world.chain->refused) {
    seen += (seen.empty() ? "" : "; ") + refused;
  }
  return seen;
}

Seen LookForVoid(const World& world) {
  if (!world.chain) return std::nullopt;
  const auto& runs = world.chain->runs;
  const bool has_void = std::any_of(runs.begin(), runs.end(),
                                    [](const MemberRun& run) { return run.verdict != "ok"; });
  if (!has_void) return std::nullopt;
  return world.chain->Times();
}

Seen LookForSlow(const World& world) {
  if (!world.chain) return std::nullopt;
  const auto& runs = world.chain->runs;
  const bool has_slow = std::any_of(runs.begin(), runs.end(),
                                    [](const MemberRun& run) { return run.took_ms >= kSlowMs; });
  if (!has_slow) return std::nullopt;
  return world.chain->Times();
}

// Five keys before the right one, which is asked about twice.
constexpr long kRunsOfALogin = 7;

Seen LookAtGraceTime(const World& world) {
  if (!world.chain) return std::nullopt;
  const std::string text = ValueOf(world.settings, "logingracetime");
  long grace_s = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), grace_s);
  const long needed_s = world.chain->longest_s * kRunsOfALogin;
  // 0: no limit.
  if (error != std::errc() || grace_s <= 0 || needed_s < grace_s) return std::nullopt;
  return "a run may take " + std::to_string(world.chain->longest_s) + " s, a login has " +
         std::to_string(kRunsOfALogin) + " runs if five other keys are offered first, and " +
         "LoginGraceTime is " + std::to_string(grace_s) + " s";
}

Seen LookWhetherRun(const World& world) {
  if (!world.chain || world.chain->why_not_run.empty()) return std::nullopt;
  return world.chain->why_not_run;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  if (!world.chain || world.chain->why_unlooked.empty()) return;
  sentences->push_back("members of the chain, run once: " + world.chain->why_unlooked);
}

}  // namespace

std::string Chain::Times() const {
  std::string text;
  for (const MemberRun& run : runs) {
    text += (text.empty() ? "" : ", ") + run.name + " " + std::to_string(run.took_ms) + " ms";
    if (run.verdict != "ok") text += " (" + run.verdict + ")";
  }
  return text;
}

std::optional<Chain> LookAtChain(const Outside& outside, const Slot& slot,
                                 const std::string& login) {
  if (slot.in_force.empty()) return std::nullopt;
  Chain chain;
  const chain::Outcome<chain::MemberFolder> folder = ReadMembers(outside.layout);
  if (!folder) {
    chain.failure = folder.error().text;
    return chain;
  }
  chain.longest_s = LongestRun(slot.in_force, folder->members);
  for (const chain::RefusedFile& file : folder->refused) {
    chain.refused.push_back(file.name + ": " + file.why);
  }
  // Within its own unit doctor has less than sshd gives to a member, which might fail by that
  // alone.
  if (!outside.layout.is_live) {
    chain.why_unlooked = "the system below --root is not running";
  } else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
    chain.why_unlooked = "doctor is confined here; run it by hand";
  } else {
    RunOnce(outside, slot, login, &chain);
  }
  return chain;
}

const Family& ChainFamily() {
  static const Family kFamily = {
      {
          {"chain-folder", Level::kBroken, "the chain runs no member, so nobody gets a key from it",
           "owner and mode of `/etc/ec2-instance-connect/chain.d` and the folders above it",
           "make root the owner of the named path, and let nobody else write to it: chown root, "
           "chmod go-w",
           &LookAtFolder},
          {"chain-without-agent", Level::kBroken,
           "sshd runs the chain, but our agent is not a member of it",
           "the members of `/etc/ec2-instance-connect/chain.d`",
           "run ec2-instance-connect disable, then ec2-instance-connect enable --chain",
           &LookForAgent},
          {"chain-member-refused", Level::kWarning, "the chain leaves a member out",
           "owner, mode and text of each file of `/etc/ec2-instance-connect/chain.d`",
           "correct the named file; the other members still run", &LookForRefused},
          {"chain-does-not-run", Level::kBroken, "the chain could not be run",
           "`eic-chain --times`, run in the way sshd runs its command", "read its error message",
           &LookWhetherRun},
          {"chain-member-void", Level::kWarning, "the chain drops a member's output",
           "`eic-chain --times`, for the login's user or root",
           "run that member's command by hand as its user; eic-chain(8) explains the reason words",
           &LookForVoid},
          {"chain-member-slow", Level::kWarning, "a member delays every login",
           "`eic-chain --times`, for the login's user or root",
           "find out why it is slow; `timeout` in its file limits it", &LookForSlow},
          {"chain-grace-time", Level::kWarning,
           "if a member hangs, a login may time out before sshd checks its key",
           "7 times the longest `timeout` (or the chain's `--timeout`, if that is shorter), "
           "compared with `LoginGraceTime` in `sshd -T`",
           "set a shorter `timeout` for members, or a `--timeout` for the chain", &LookAtGraceTime},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
