#include "admin/doctor/tried/tried.h"

#include "admin/doctor/world.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

// Whether a check has a cause for which such a login fails.
bool HasCause(const World& world) {
  for (const Family* family :
       {&WayInFamily(), &AcceptedFamily(), &LoginFamily(), &AccountFamily()}) {
    for (const Check& check : family->checks) {
      const bool may_end_it = check.level == Level::kBroken || family == &AccountFamily();
      if (may_end_it && check.look(world)) return true;
    }
  }
  return false;
}

Seen LookWhetherTried(const World& world) {
  const auto& login = world.real_login;
  if (!login || login->why_not.empty()) return std::nullopt;
  return login->why_not;
}

Seen LookAtLogin(const World& world) {
  const auto& login = world.real_login;
  if (!login || !login->why_not.empty() || !login->end.IsFailure() || HasCause(world)) {
    return std::nullopt;
  }
  return LoginText(world);
}

void TellUnlooked(const World& world, Sentences* sentences) {
  const auto& login = world.real_login;
  if (login && login->why_not.empty() && !login->unlike.empty()) {
    sentences->push_back("of the login: " + login->unlike);
  }
}

}  // namespace

std::string LoginText(const World& world) {
  const auto& login = world.real_login;
  if (!login || !login->why_not.empty()) return "";
  std::string text =
      login->name + " from " + login->from + ": " + std::string(StageText(login->end.stage));
  if (!login->end.seen.empty()) text += ": " + PrintableLine(login->end.seen);
  return text;
}

const Family& TriedFamily() {
  static const Family kFamily = {
      {
          {"login-untried", Level::kWarning, "doctor could not try the login",
           "a real login, with `--login`", "correct what is named and run doctor again",
           &LookWhetherTried},
          {"login-failed", Level::kBroken, "a real login did not reach a shell",
           "a real login with its own key, with `--login`",
           "read what sshd and PAM modules logged about it (journalctl, /var/log/auth.log, "
           "/var/log/secure)",
           &LookAtLogin},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
