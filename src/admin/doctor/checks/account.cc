#include "admin/doctor/checks/account.h"

#include <sys/stat.h>

#include <algorithm>

#include "admin/doctor/world.h"
#include "admin/files/tree.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

constexpr const char* kEtcNologin = "/etc/nologin";
constexpr const char* kRunNologin = "/run/nologin";
constexpr const char* kAccessConf = "/etc/security/access.conf";
constexpr const char* kAccessConfOfVendor = "/usr/etc/security/access.conf";
constexpr const char* kAccessFolder = "/etc/security/access.d/*.conf";
constexpr mode_t kWritableByOthers = 022;

bool IsThere(const Layout& layout, const std::string& path) {
  struct stat status {};
  return stat(layout.Real(path).c_str(), &status) == 0;
}

// The value of `NAME=VALUE`; empty where no argument has it.
std::string ArgumentOf(const PamModule& module, const std::string& name) {
  for (const std::string& argument : module.arguments) {
    if (argument.compare(0, name.size() + 1, name + "=") == 0) {
      return argument.substr(name.size() + 1);
    }
  }
  return "";
}

bool HasArgument(const PamModule& module, const std::string& word) {
  const auto& arguments = module.arguments;
  return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
}

// Without PAM sshd looks for /etc/nologin itself.
std::string FindNologin(const Layout& layout, const AccountFacts& facts) {
  std::vector<std::string> files;
  if (facts.service.empty()) files = {kEtcNologin};
  for (const PamModule* module : facts.Certain("pam_nologin.so")) {
    const std::string file = ArgumentOf(*module, "file");
    if (file.empty()) {
      files.insert(files.end(), {kRunNologin, kEtcNologin});
    } else {
      files.push_back(file);
    }
  }
  for (const std::string& file : files) {
    if (IsThere(layout, file)) return file;
  }
  return "";
}

// The file that pam_access is given, or those that it reads otherwise, as one.
std::string AccessRows(const Tree& tree, const PamModule& module) {
  const std::string file = ArgumentOf(module, "accessfile");
  if (!file.empty()) return tree.Read(file).value_or("");
  std::string rows;
  if (const Contents text = tree.Read(kAccessConf)) {
    rows = *text;
  } else {
    rows = tree.Read(kAccessConfOfVendor).value_or("");
  }
  for (const std::string& more : tree.Glob(kAccessFolder)) {
    rows += "\n" + tree.Read(more).value_or("");
  }
  return rows;
}

Ruling ReadAccess(const Layout& layout, const PamModule& module, const Login& login,
                  const Client& client) {
  AccessOptions options;
  const std::string field = ArgumentOf(module, "fieldsep");
  if (!field.empty()) options.field_separator = field[0];
  const std::string list = ArgumentOf(module, "listsep");
  if (!list.empty()) options.list_separators = list;
  options.groups_in_parentheses_only = HasArgument(module, "nodefgroup");
  return RuleByAccess(AccessRows(Tree(layout), module), options, {login.name, login.groups},
                      client);
}

// What all that PAM asks come to: one that denies is enough.
Ruling ReadAllAccess(const Layout& layout, const AccountFacts& facts, const Login& login,
                     const Client& client) {
  Ruling worst;
  for (const PamModule* module : facts.Certain("pam_access.so")) {
    Ruling one = ReadAccess(layout, *module, login, client);
    if (one.kind == Ruling::Kind::kDenies) return one;
    if (one.kind == Ruling::Kind::kDepends) worst = one;
  }
  return worst;
}

// sshd_config(5), ChrootDirectory.
std::string ReplaceTokens(const std::string& path, const Login& login) {
  std::string replaced;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%' || at + 1 == path.size()) {
      replaced += path[at];
      continue;
    }
    switch (path[++at]) {
      case 'h':
        replaced += login.home;
        break;
      case 'u':
        replaced += login.name;
        break;
      case 'U':
        replaced += std::to_string(login.uid);
        break;
      default:
        replaced += path[at];
    }
  }
  return replaced;
}

// Each folder must be root's, and nobody else may write to it. A shell has to be inside, unless
// sshd serves sftp itself.
std::string FaultOfChroot(const Layout& layout, const Settings& settings, const Login& login) {
  const std::string given = ValueOf(settings, "chrootdirectory");
  if (given.empty() || given == "none") return "";
  const std::string path = ReplaceTokens(given, login);
  for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
    const std::size_t end = std::min(path.size(), path.find('/', at + 1));
    const std::string folder = path.substr(0, std::max<std::size_t>(end, 1));
    struct stat status {};
    if (stat(layout.Real(folder).c_str(), &status) != 0) return folder + " does not exist";
    if (status.st_uid != 0) return folder + " belongs to uid " + std::to_string(status.st_uid);
    if ((status.st_mode & kWritableByOthers) != 0) return "others may write to " + folder;
  }
  const bool is_sftp = ValueOf(settings, "forcecommand").compare(0, 13, "internal-sftp") == 0;
  if (is_sftp || IsThere(layout, path + login.shell)) return "";
  return "there is no " + login.shell + " in " + path;
}

// Checks of the account are for one that is known.
bool IsKnown(const World& world) { return world.login && world.login->IsKnown(); }

Seen LookForNologin(const World& world) {
  if (!IsKnown(world) || world.login->uid == 0 || world.account.nologin.empty()) {
    return std::nullopt;
  }
  return world.account.nologin + " exists";
}

Seen LookAtAge(const World& world) {
  if (!IsKnown(world) || world.login->password_due.empty()) return std::nullopt;
  // pam_unix(8): it leaves the password's age to logins by password.
  const auto modules = world.account.Certain("pam_unix.so");
  const bool asks = std::any_of(modules.begin(), modules.end(), [](const PamModule* module) {
    return !HasArgument(*module, "no_pass_expiry");
  });
  if (!asks) return std::nullopt;
  return world.login->password_due + ", and PAM's " + world.account.service + " runs pam_unix";
}

Seen LookAtAccess(const World& world) {
  if (!IsKnown(world) || world.account.access.kind != Ruling::Kind::kDenies) return std::nullopt;
  return "the row `" + world.account.access.row + "` matches " + world.login->name +
         ", and PAM's " + world.account.service + " runs pam_access";
}

Seen LookAtForcedCommand(const World& world) {
  if (!IsKnown(world)) return std::nullopt;
  const std::string command = ValueOf(world.settings, "forcecommand");
  const std::string program = command.substr(0, command.find(' '));
  const std::string name = program.substr(program.rfind('/') + 1);
  if (name != "nologin" && name != "false" && name != "true") return std::nullopt;
  return "sshd -T has ForceCommand " + command + " for " + world.login->name;
}

Seen LookAtSessions(const World& world) {
  if (!IsKnown(world) || ValueOf(world.settings, "maxsessions") != "0") return std::nullopt;
  return "sshd -T has MaxSessions 0 for " + world.login->name;
}

Seen LookAtChroot(const World& world) {
  if (!IsKnown(world) || world.account.chroot_fault.empty()) return std::nullopt;
  return "sshd -T has ChrootDirectory " + ValueOf(world.settings, "chrootdirectory") + ": " +
         world.account.chroot_fault;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  const bool pam_answered = world.pam_account && world.pam_account->why_not.empty();
  if (IsKnown(world) && !world.account.service.empty() && !pam_answered) {
    sentences->push_back(
        "PAM's account modules for " + world.account.service +
        ": doctor reads only the files of pam_unix, pam_nologin and pam_access; --account asks "
        "PAM" +
        (world.account.modules ? "" : ", and could not read PAM's own files here"));
    for (const PamModule& module : world.account.modules.value_or(std::vector<PamModule>())) {
      if (module.is_certain) continue;
      sentences->push_back("PAM's " + PrintableLine(module.name) + " for " + world.account.service +
                           ": whether it runs depends on the modules before it");
    }
    if (world.account.access.kind == Ruling::Kind::kDepends) {
      sentences->push_back("access.conf: `" + PrintableLine(world.account.access.row) +
                           "` depends on the client's address or name");
    }
  }
  if (world.real_login && world.real_login->why_not.empty()) return;
  sentences->emplace_back(
      "the session: PAM's session modules, the home folder and the shell's start-up files; only a "
      "login shows whether they work (--login)");
}

}  // namespace

std::vector<const PamModule*> AccountFacts::Certain(const std::string& name) const {
  std::vector<const PamModule*> found;
  if (!modules) return found;
  for (const PamModule& module : *modules) {
    if (module.name == name && module.is_certain) found.push_back(&module);
  }
  return found;
}

AccountFacts LookAtAccount(const Layout& layout, const Settings& settings, const Login& login,
                           const Client& client) {
  AccountFacts facts;
  if (ValueOf(settings, "usepam") == "yes") {
    // PAMServiceName is of OpenSSH 9.9; before, it is the name of the program.
    const std::string named = ValueOf(settings, "pamservicename");
    facts.service = named.empty() ? "sshd" : named;
    facts.modules = AccountModules(Tree(layout), facts.service);
  }
  facts.nologin = FindNologin(layout, facts);
  if (!login.IsKnown()) return facts;
  facts.access = ReadAllAccess(layout, facts, login, client);
  facts.chroot_fault = FaultOfChroot(layout, settings, login);
  return facts;
}

const Family& AccountFamily() {
  static const Family kFamily = {
      {
          {"nologin", Level::kBroken, "only root may log in now",
           "`/run/nologin` and `/etc/nologin`, if pam_nologin or sshd itself checks them",
           "remove the file; /run/nologin exists while the system starts and before it shuts down",
           &LookForNologin},
          {"password-aged", Level::kBroken,
           "the account's password must be changed first, and a login with a key cannot change it",
           "`/etc/shadow`, and the account modules of PAM's service",
           "chage --lastday $(date +%F) --maxdays -1 USER", &LookAtAge},
          {"access-denied", Level::kBroken, "access.conf does not let this user in",
           "`/etc/security/access.conf`, if pam_access reads it",
           "add a row for the user before the named row: `+:USER:ALL`", &LookAtAccess},
          {"forced-command", Level::kWarning, "a forced command ends the session at once",
           "ForceCommand in `sshd -T -C user=USER`",
           "if that is not intended, change the line that sets ForceCommand", &LookAtForcedCommand},
          {"no-sessions", Level::kWarning, "sshd gives this user no shell, only forwarding",
           "MaxSessions in `sshd -T -C user=USER`",
           "if that is not intended, change the line that sets MaxSessions", &LookAtSessions},
          {"chroot-unusable", Level::kWarning,
           "the session ends, because sshd does not enter ChrootDirectory or finds no shell in it",
           "owner, mode and shell of ChrootDirectory",
           "make root the owner of each folder of the path, with mode 755; or use sftp only, with "
           "`ForceCommand internal-sftp`",
           &LookAtChroot},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
