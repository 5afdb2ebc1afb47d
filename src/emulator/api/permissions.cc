#include "emulator/api/permissions.h"

#include <algorithm>

#include "emulator/api/arn.h"
#include "emulator/api/filters.h"

namespace eic::emulator {
namespace {

constexpr const char* kActions[] = {"ec2:DescribeInstances", "ec2:DescribeImages",
                                    "ec2-instance-connect:SendSSHPublicKey", "sts:AssumeRole"};

}  // namespace

bool MayDo(const Credential& caller, const std::string& action) {
  if (!caller.actions) return true;
  return std::any_of(caller.actions->begin(), caller.actions->end(),
                     [&](const std::string& allowed) { return MatchesWildcards(allowed, action); });
}

bool MayPushTo(const Credential& caller, const std::string& instance_id) {
  if (!caller.instances) return true;
  const auto& allowed = *caller.instances;
  return std::find(allowed.begin(), allowed.end(), instance_id) != allowed.end();
}

bool Trusts(const Role& role, const Credential& caller) {
  if (!role.trusts) return true;
  const std::string account = AccountOf(caller.principal);
  return std::any_of(role.trusts->begin(), role.trusts->end(), [&](const std::string& trusted) {
    const bool is_account =
        trusted == account || (AccountOf(trusted) == account && trusted.size() > 5 &&
                               trusted.substr(trusted.size() - 5) == ":root");
    return trusted == "*" || trusted == caller.principal || is_account ||
           (!caller.role_arn.empty() && trusted == caller.role_arn);
  });
}

bool AllowsAnything(std::string_view pattern) {
  return std::any_of(std::begin(kActions), std::end(kActions),
                     [&](const char* action) { return MatchesWildcards(pattern, action); });
}

std::string KnownActions() {
  std::string names;
  for (const char* action : kActions) names.append(" ").append(action);
  return names;
}

}  // namespace eic::emulator
