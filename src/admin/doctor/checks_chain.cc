// The chain of commands, where sshd runs it.
#include <algorithm>
#include <charconv>
#include <system_error>

#include "admin/doctor/check.h"
#include "admin/sshd/settings.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

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
         std::to_string(kRunsOfALogin) + " runs where five other keys are offered first, and " +
         "LoginGraceTime is " + std::to_string(grace_s) + " s";
}

Seen LookWhetherRun(const World& world) {
  if (!world.chain || world.chain->why_not_run.empty()) return std::nullopt;
  return world.chain->why_not_run;
}

}  // namespace

const std::vector<Check>& ChainChecks() {
  static const std::vector<Check> kChecks = {
      {"chain-folder", Level::kBroken, "the chain runs no member, so nobody gets a key from it",
       "owner and mode of `/etc/ec2-instance-connect/chain.d` and the folders above it",
       "give what is named to root alone: chown root, chmod go-w", &LookAtFolder},
      {"chain-without-agent", Level::kBroken,
       "sshd runs the chain, and our agent is no member of it",
       "the members of `/etc/ec2-instance-connect/chain.d`",
       "ec2-instance-connect disable, then enable --chain", &LookForAgent},
      {"chain-member-refused", Level::kWarning, "the chain leaves a member out",
       "owner, mode and text of each file of `/etc/ec2-instance-connect/chain.d`",
       "correct the file that is named; the others go on", &LookForRefused},
      {"chain-does-not-run", Level::kBroken, "the chain could not be run",
       "`eic-chain --times` as sshd's command runs", "see what it says", &LookWhetherRun},
      {"chain-member-void", Level::kWarning, "nothing that a member prints counts",
       "`eic-chain --times`, for the login's user or root",
       "run that member's command by hand as its user; eic-chain(8) has the words", &LookForVoid},
      {"chain-member-slow", Level::kWarning, "a member delays every login",
       "`eic-chain --times`, for the login's user or root",
       "see what makes it slow; its `timeout` bounds it", &LookForSlow},
      {"chain-grace-time", Level::kWarning,
       "while a member hangs, logins may end before their key is looked at",
       "7 times the longest `timeout`, or the chain's `--timeout` where it is shorter, against "
       "`LoginGraceTime` of `sshd -T`",
       "give members a shorter `timeout`, or the chain a `--timeout`", &LookAtGraceTime},
  };
  return kChecks;
}

}  // namespace eic::admin
