#include "admin/doctor/tried/tried.h"

#include <algorithm>

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

// What PAM's modules refuse for, and has a check of its own.
bool HasCauseInPam(const World& world) {
  constexpr std::string_view kCauses[] = {"user-expired", "nologin", "password-aged",
                                          "access-denied"};
  for (const Family* family : {&LoginFamily(), &AccountFamily()}) {
    for (const Check& check : family->checks) {
      const bool may_be =
          std::find(std::begin(kCauses), std::end(kCauses), check.id) != std::end(kCauses);
      if (may_be && check.look(world)) return true;
    }
  }
  return false;
}

bool PamRefuses(const World& world) {
  const auto& account = world.pam_account;
  return account && account->why_not.empty() && !account->lets_in;
}

Seen LookAtPam(const World& world) {
  if (!PamRefuses(world) || HasCauseInPam(world)) return std::nullopt;
  return AccountText(world);
}

Seen LookWhetherTried(const World& world) {
  const auto& login = world.real_login;
  if (!login || login->why_not.empty()) return std::nullopt;
  return login->why_not;
}

Seen LookAtLogin(const World& world) {
  const auto& login = world.real_login;
  if (!login || !login->why_not.empty() || !login->end.IsFailure() || HasCause(world) ||
      PamRefuses(world)) {
    return std::nullopt;
  }
  return LoginText(world);
}

void TellUnlooked(const World& world, Sentences* sentences) {
  const auto& account = world.pam_account;
  if (account && !account->why_not.empty()) {
    sentences->push_back("PAM itself, for --account: " + PrintableLine(account->why_not));
  } else if (account && !world.client.IsKnown()) {
    sentences->push_back(
        "PAM's answer for the client's own address: no --from ADDRESS was given, and "
        "PAM was asked for " +
        account->from);
  }
  const auto& login = world.real_login;
  if (login && login->why_not.empty() && !login->unlike.empty()) {
    sentences->push_back("of the login: " + login->unlike);
  }
}

}  // namespace

std::string AccountText(const World& world) {
  const auto& account = world.pam_account;
  if (!account || !account->why_not.empty()) return "";
  return "PAM's " + account->service + (account->lets_in ? " lets " : " refuses ") +
         world.login->name + (account->lets_in ? " in" : "") + " from " + account->from + ": " +
         PrintableLine(account->text);
}

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
          {"pam-account", Level::kBroken, "PAM does not let this user in",
           "pam_acct_mgmt of the host's libpam, with `--account`",
           "read what the account modules of PAM's service logged (journalctl, /var/log/auth.log, "
           "/var/log/secure), and correct what refuses the user",
           &LookAtPam},
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
