#include "client/ssh/config_install.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "aws/system/files.h"
#include "client/limits.h"
#include "client/ssh/config_text.h"
#include "client/ssh/config_words.h"
#include "client/ssh/ssh_settings.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

constexpr mode_t kPrivateMode = 0600;
constexpr mode_t kPrivateFolderMode = 0700;
constexpr mode_t kPermissionBits = 07777;
constexpr mode_t kWritableByOthers = 022;
// An id of nobody: AWS's own documents print it.
constexpr const char* kProbe = "i-0123456789abcdef0";

// ~/.ssh/config as it is found.
struct Original {
  std::string path;  // behind all links
  std::string text;
  bool exists = false;
  mode_t mode = kPrivateMode;
  Owner owner{};
};

aws::Failure BadFile(const std::string& what) { return {"BadFile", what, "correct that first"}; }

aws::Outcome<Original> ReadOriginal(const std::string& config_file) {
  Original original;
  struct stat found {};
  if (lstat(config_file.c_str(), &found) != 0) {
    if (errno != ENOENT) return BadFile(config_file + ": " + std::strerror(errno));
    original.path = config_file;
    return original;
  }
  char real[PATH_MAX];
  if (realpath(config_file.c_str(), real) == nullptr) {
    return BadFile(config_file + " is a link to nothing: " + std::strerror(errno));
  }
  original.path = real;
  if (stat(real, &found) != 0) return BadFile(original.path + ": " + std::strerror(errno));
  original.exists = true;
  original.mode = found.st_mode & kPermissionBits;
  original.owner = {found.st_uid, found.st_gid};
  // As ssh has it, which reads no such file.
  if ((found.st_mode & kWritableByOthers) != 0) {
    return aws::Failure{"BadFile", original.path + " can be written by others, so ssh refuses it",
                        "chmod 600 " + original.path};
  }
  if (found.st_uid != 0 && found.st_uid != geteuid()) {
    return aws::Failure{"BadFile", original.path + " belongs to another user, so ssh refuses it",
                        "chown it to your own user"};
  }
  aws::Outcome<std::string> text = LoadFile(original.path, kSshConfigBytesMax);
  if (!text) return text.error();
  original.text = *std::move(text);
  return original;
}

aws::Outcome<Nothing> Write(const Original& original, const std::string& text) {
  return StoreFile(original.path, text, original.mode, Durability::kLasts,
                   original.exists ? &original.owner : nullptr);
}

aws::Outcome<Nothing> PutBack(const Original& original) {
  if (original.exists) return Write(original, original.text);
  (void)unlink(original.path.c_str());
  return Nothing{};
}

aws::Outcome<Nothing> BackUp(const ConfigPlace& place, const Original& original) {
  if (!original.exists) return Nothing{};
  return StoreFile(place.config_file + ".before-eic", original.text, original.mode,
                   Durability::kLasts, &original.owner);
}

// Why a login would not work.
struct Problem {
  std::string what;
  std::vector<std::string> names;  // of settings that may be to blame
};

// Compares what ssh says with what was meant.
std::optional<Problem> FindProblem(const SshSettings& settings, const BlockSpec& spec) {
  const aws::Outcome<std::string> command = ConfigCommand(spec.proxy_command);
  if (!command || settings.Get("proxycommand") != *command) {
    return Problem{"its ProxyCommand is not eic's", {"proxycommand", "proxyjump"}};
  }
  // ssh prints the path with its tokens expanded, or before, by version.
  const std::string agent = settings.Get("identityagent");
  std::string doubled;
  for (const char c : spec.folder.AgentSocket()) doubled += c == '%' ? "%%" : std::string(1, c);
  if (agent != spec.folder.AgentSocket() && agent != doubled) {
    return Problem{"its IdentityAgent is not eic's", {"identityagent"}};
  }
  if (settings.Get("identitiesonly") == "yes") {
    return Problem{"IdentitiesOnly keeps it from using eic's key", {"identitiesonly"}};
  }
  return std::nullopt;
}

// What works another way than the block has it, and may be meant so.
void AddNotes(const SshSettings& settings, const BlockSpec& spec, ConfigReport* report) {
  const std::string user = settings.Get("user");
  if (user != "ec2-user") {
    report->notes.emplace_back("the user of an instance is " +
                               TerminalLine(user, kShownValueBytesMax) +
                               ", by a User above the block, unless ssh is told another");
  }
  if (settings.Get("userknownhostsfile").find(spec.folder.path) == std::string::npos) {
    report->notes.emplace_back(
        "an earlier UserKnownHostsFile sets where host keys are kept: `eic forget` "
        "does not find them");
  }
}

aws::Outcome<SshSettings> AskSettings(const AskSsh& ask) {
  const aws::Outcome<Ran> ran = ask(kProbe);
  if (!ran) return ran.error();
  if (ran->status != 0) {
    return aws::Failure{
        "BadConfiguration",
        "ssh cannot read its configuration: " + TerminalLines(ran->errors, kShownMessageBytesMax),
        "correct that first"};
  }
  return SshSettings::Parse(ran->output);
}

aws::Failure Blocked(const std::string& path, const Problem& problem,
                     const std::optional<EarlierSetting>& earlier) {
  std::string message =
      "ssh does not follow eic's block for " + std::string(kProbe) + ": " + problem.what;
  if (!earlier) {
    return {"BadConfiguration", message + ", by a file that " + path + " includes",
            "look for the line there, or use --first. Nothing was changed"};
  }
  message += ", because " + path + ":" + std::to_string(earlier->line) +
             " says: " + TerminalLine(earlier->text, kShownValueBytesMax);
  return {"BadConfiguration", message,
          "remove that line, or use --first to put the block before it. Nothing was changed"};
}

class Installation {
 public:
  Installation(const ConfigPlace& place, const BlockSpec& spec, const AskSsh& ask,
               Original original)
      : place_(place), spec_(spec), ask_(ask), original_(std::move(original)) {}

  aws::Outcome<ConfigReport> Run(bool goes_first) {
    const aws::Outcome<std::string> word =
        ConfigPath(PathSetting::kInclude, spec_.folder.SshConfig(), spec_.version);
    if (!word) return word.error();
    word_ = *word;
    aws::Outcome<WithoutBlockResult> bare = WithoutBlock(original_.text);
    if (!bare) return bare.error();
    bare_ = *std::move(bare);
    // A file that ssh cannot read is not ours to change.
    if (const auto before = AskSettings(ask_); !before) return before.error();
    return Try(goes_first ? Where::kTop : Where::kBeforeDefaults);
  }

 private:
  aws::Outcome<ConfigReport> Try(Where where) {
    const std::string text =
        WithBlock(bare_.text, word_, where, !original_.exists || bare_.was_new_file);
    // What we could not read again, we could not take back.
    if (text.size() > kSshConfigBytesMax) {
      return aws::Failure{"BadFile", original_.path + " would be larger than 1 MiB with the block",
                          "make it smaller, for example with Include"};
    }
    report_.has_changed = text != original_.text;
    if (const auto written = Change(text); !written) return written.error();
    const aws::Outcome<SshSettings> settings = AskSettings(ask_);
    if (!settings) return Undo(settings.error());
    const std::optional<Problem> problem = FindProblem(*settings, spec_);
    if (!problem) {
      AddNotes(*settings, spec_, &report_);
      return report_;
    }
    const std::optional<EarlierSetting> earlier = FindAboveBlock(text, problem->names);
    if (where == Where::kTop || !earlier || !earlier->is_for_every_host) {
      return Undo(Blocked(original_.path, *problem, earlier));
    }
    report_.notes.push_back("the block is at the top of " + original_.path + ", because line " +
                            std::to_string(earlier->line) + " (" +
                            TerminalLine(earlier->text, kShownValueBytesMax) +
                            ") would take precedence; put aliases of instances above it");
    return Try(Where::kTop);
  }

  aws::Outcome<Nothing> Change(const std::string& text) {
    if (text == original_.text) return Nothing{};
    if (!is_backed_up_) {
      if (const auto done = BackUp(place_, original_); !done) return done.error();
      is_backed_up_ = true;
    }
    return Write(original_, text);
  }

  aws::Failure Undo(aws::Failure failure) {
    if (const auto back = PutBack(original_); !back) {
      failure.message += "; and it could not be restored: " + back.error().message;
      failure.advice = "its previous contents are in " + place_.config_file + ".before-eic";
    }
    return failure;
  }

  const ConfigPlace& place_;
  const BlockSpec& spec_;
  const AskSsh& ask_;
  const Original original_;
  WithoutBlockResult bare_;
  std::string word_;
  bool is_backed_up_ = false;
  ConfigReport report_;
};

aws::Outcome<Nothing> MakeSshFolder(const std::string& path) {
  if (mkdir(path.c_str(), kPrivateFolderMode) == 0 || errno == EEXIST) return Nothing{};
  return BadFile("cannot make " + path + ": " + std::strerror(errno));
}

}  // namespace

aws::Outcome<ConfigReport> InstallConfig(const ConfigPlace& place, const BlockSpec& spec,
                                         bool goes_first, const AskSsh& ask) {
  const aws::Outcome<std::string> block = WriteBlock(spec);
  if (!block) return block.error();
  if (const auto made = MakeSshFolder(place.ssh_folder); !made) return made.error();
  aws::Outcome<Original> original = ReadOriginal(place.config_file);
  if (!original) return original.error();
  const std::string text =
      "# Written by `eic config --install`, which overwrites it: changes are lost.\n" + *block;
  const auto written = StoreFile(spec.folder.SshConfig(), text, kPrivateMode, Durability::kLasts);
  if (!written) return written.error();
  return Installation(place, spec, ask, *std::move(original)).Run(goes_first);
}

aws::Outcome<ConfigReport> RemoveConfig(const ConfigPlace& place, const Folder& folder) {
  const aws::Outcome<Original> original = ReadOriginal(place.config_file);
  if (!original) return original.error();
  const aws::Outcome<WithoutBlockResult> bare = WithoutBlock(original->text);
  if (!bare) return bare.error();
  ConfigReport report;
  report.has_changed = bare->had_block;
  if (bare->had_block) {
    if (const auto done = BackUp(place, *original); !done) return done.error();
    if (bare->was_new_file) {
      (void)unlink(original->path.c_str());
    } else if (const auto written = Write(*original, bare->text); !written) {
      return written.error();
    }
  }
  (void)unlink(folder.SshConfig().c_str());
  return report;
}

}  // namespace eic::client
