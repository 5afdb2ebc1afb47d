#include "admin/sshd/sshd.h"

#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "admin/limits.h"
#include "admin/sshd/sshd_config.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

// Errors after which this program supplies what is missing and asks sshd again.
constexpr int kAttemptsMax = 4;

constexpr const char* kStagePrefix = "stage.";

constexpr std::string_view kSeparationComplaint = "Missing privilege separation directory: ";

// Errors of sshd that concern this host and not its configuration.
bool IsAboutTheHost(std::string_view complaint) {
  for (const std::string_view words :
       {"no hostkeys available", "rivilege separation", "must be owned by root and not group",
        "error while loading shared libraries", "Permission denied"}) {
    if (complaint.find(words) != std::string_view::npos) return true;
  }
  return false;
}

Failure CannotCheck(const std::string& why) {
  return {ExitStatus::kUnchecked, "sshd-cannot-check", "sshd cannot check here: " + why};
}

// The kernel releases the lock when the run ends in any way. Returns the descriptor, or -1 if
// another run has the lock or the folder is gone.
int TakeStageLock(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return -1;
  struct stat there {};
  struct stat held {};
  const bool is_taken = flock(file, LOCK_EX | LOCK_NB) == 0 && fstat(file, &held) == 0 &&
                        stat(folder.c_str(), &there) == 0 && held.st_ino == there.st_ino;
  if (is_taken) return file;
  close(file);
  return -1;
}

Effective EffectiveOf(const Settings& settings) {
  return {WithoutNone(ValueOf(settings, "authorizedkeyscommand")),
          WithoutNone(ValueOf(settings, "authorizedkeyscommanduser")),
          WithoutNone(ValueOf(settings, "pidfile"))};
}

}  // namespace

bool Effective::IsWanted() const { return command == kWantedCommand && user == kWantedUser; }

Connection OrdinaryConnection() {
  // Addresses of RFC 5737, a name of RFC 2606.
  return "user=eic-nobody-in-particular,host=host.invalid,addr=192.0.2.1,laddr=192.0.2.2,lport=22";
}

void Sshd::RemoveStaleStages(const Layout& layout) {
  glob_t matches{};
  if (glob((layout.Real(kStateFolder) + "/" + kStagePrefix + "*").c_str(), 0, nullptr, &matches) ==
      0) {
    for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
      const int lock = TakeStageLock(matches.gl_pathv[i]);
      if (lock < 0) continue;
      std::error_code ignored;
      std::filesystem::remove_all(matches.gl_pathv[i], ignored);
      close(lock);
    }
  }
  globfree(&matches);
}

Sshd::Sshd(Layout layout, ProgramRunner& runner, FileSystem& files)
    : layout_(std::move(layout)), runner_(runner), files_(files) {}

Sshd::~Sshd() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  if (folder_lock_ >= 0) close(folder_lock_);
  for (const std::string& folder : separation_folders_) (void)rmdir(folder.c_str());
}

SshdRelease Sshd::Release() {
  if (has_release_) return layout_.release;
  has_release_ = true;
  // An sshd that does not know -V prints the version with its usage.
  const ProgramResult said = runner_.Run({layout_.sshd, "-V"}, kCheckTimeMax);
  layout_.release = ParseSshdRelease(said.output + said.errors);
  return layout_.release;
}

Outcome<Effective> Sshd::Ask(const Tree& tree, const DaemonOptions& options,
                             const Connection& connection) {
  const Outcome<std::string> file = FileToAskAbout(tree, options);
  if (!file) return file.error();
  return AskAbout(*file, options, connection);
}

Outcome<std::string> Sshd::FileToAskAbout(const Tree& tree, const DaemonOptions& options) {
  // Without planned changes, sshd can read the files in place: nothing has to be written.
  if (layout_.root.empty() && tree.Changes().empty()) return options.MainFile();
  return Stage(tree, options.MainFile());
}

std::vector<Outcome<Effective>> Sshd::AskForEach(const Tree& tree, const DaemonOptions& options,
                                                 const std::vector<Connection>& connections) {
  Outcome<std::string> taken = FileToAskAbout(tree, options);
  const std::string file = taken ? *taken : "";
  if (taken) taken = RunSshd({"-t", "-f", file}, options);
  std::vector<Outcome<Effective>> answers;
  for (const Connection& connection : connections) {
    const Outcome<std::string> output =
        taken ? RunSshd({"-T", "-f", file, "-C", connection}, options) : taken;
    if (output) {
      answers.emplace_back(EffectiveOf(ParseSettings(*output)));
    } else {
      answers.emplace_back(output.error());
    }
  }
  return answers;
}

Outcome<Effective> Sshd::AskAsIs(const DaemonOptions& options, const Connection& connection) {
  // With --root, the Include lines must lead to the files below that root.
  if (!layout_.root.empty()) return Ask(Tree(layout_), options, connection);
  return AskAbout(options.MainFile(), options, connection);
}

Outcome<Settings> Sshd::AskForAll(const DaemonOptions& options, const Connection& connection) {
  if (!layout_.root.empty()) return CannotCheck("this program does not enter the tree");
  return AskForSettings(options.MainFile(), options, connection);
}

Outcome<Settings> Sshd::AskForSettings(const std::string& config_file, const DaemonOptions& options,
                                       const Connection& connection) {
  const Outcome<std::string> taken = RunSshd({"-t", "-f", config_file}, options);
  if (!taken) return taken.error();
  const Outcome<std::string> output = RunSshd({"-T", "-f", config_file, "-C", connection}, options);
  if (!output) return output.error();
  return ParseSettings(*output);
}

Outcome<Effective> Sshd::AskAbout(const std::string& config_file, const DaemonOptions& options,
                                  const Connection& connection) {
  const Outcome<Settings> settings = AskForSettings(config_file, options, connection);
  if (!settings) return settings.error();
  return EffectiveOf(*settings);
}

Outcome<std::string> Sshd::RunSshd(std::vector<std::string> arguments,
                                   const DaemonOptions& options) {
  arguments.insert(arguments.begin(), layout_.sshd);
  for (const std::string& setting : options.settings) {
    arguments.emplace_back("-o");
    arguments.push_back(setting);
  }
  for (const std::string& host_key : options.host_keys) {
    arguments.emplace_back("-h");
    arguments.push_back(host_key);
  }
  for (int attempt = 1;; ++attempt) {
    std::vector<std::string> argv = arguments;
    if (!host_key_.empty()) {
      argv.emplace_back("-h");
      argv.push_back(host_key_);
    }
    const ProgramResult result = runner_.Run(argv, kCheckTimeMax);
    if (result.Succeeded()) return result.output;
    if (result.end != ProgramResult::End::kExited) {
      return CannotCheck(result.errors.empty() ? "it did not answer"
                                               : PrintableLine(result.errors));
    }
    if (attempt < kAttemptsMax && SupplyWhatIsMissing(result.errors)) continue;
    if (IsAboutTheHost(result.errors)) return CannotCheck(PrintableLine(result.errors));
    return Failure{ExitStatus::kFailed, "sshd-refuses", PrintableLine(result.errors)};
  }
}

// An image that is being built, and an idle host with socket activation, have neither.
bool Sshd::SupplyWhatIsMissing(const std::string& complaint) {
  const std::size_t at = complaint.find(kSeparationComplaint);
  if (at != std::string::npos) {
    const std::size_t begin = at + kSeparationComplaint.size();
    return MakeSeparationFolder(
        complaint.substr(begin, complaint.find_first_of("\r\n", begin) - begin));
  }
  const bool wants_key = complaint.find("no hostkeys available") != std::string::npos;
  return wants_key && host_key_.empty() && MakeHostKey();
}

bool Sshd::MakeSeparationFolder(const std::string& path) {
  if (path.empty() || path[0] != '/') return false;
  // Another run may have made it in the meantime; then that run deletes it.
  if (mkdir(path.c_str(), 0755) == 0) {
    separation_folders_.push_back(path);
    return true;
  }
  return errno == EEXIST;
}

bool Sshd::MakeHostKey() {
  // ECDSA, which hosts in FIPS mode accept too.
  host_key_ = MakeKey("host_key", "ecdsa", 0).value_or("");
  return !host_key_.empty();
}

std::optional<std::string> Sshd::MakeKey(const std::string& name, const std::string& type,
                                         int bits) {
  if (MakeFolder()) return std::nullopt;
  const std::string path = folder_ + "/" + name;
  std::vector<std::string> argv = {layout_.ssh_keygen, "-q", "-t", type, "-N", "", "-C",
                                   "throw-away",       "-f", path};
  if (bits > 0) argv.insert(argv.end(), {"-b", std::to_string(bits)});
  if (!runner_.Run(argv, kCheckTimeMax).Succeeded()) return std::nullopt;
  return path;
}

std::optional<std::string> Sshd::ThrowAwayKeyOf(const std::string& type, int bits) {
  return MakeKey("key" + std::to_string(files_staged_++), type, bits);
}

std::optional<std::string> Sshd::ThrowAwayKey() {
  if (host_key_.empty() && !MakeHostKey()) return std::nullopt;
  return host_key_;
}

Outcome<std::string> Sshd::WriteThrowAwayFile(const std::string& name, std::string_view text) {
  if (const std::optional<Failure> failure = MakeFolder()) return *failure;
  const std::string path = folder_ + "/" + name;
  const Outcome<Nothing> written = WriteThrowAway(files_, path, text);
  if (!written) return written.error();
  return path;
}

std::optional<Failure> Sshd::MakeFolder() {
  if (!folder_.empty()) return std::nullopt;
  const std::string state = layout_.Real(kStateFolder);
  const Outcome<Nothing> made = MakeFolders(files_, state);
  if (!made) return made.error();
  // Another run may find and delete it before it is locked; then this one makes a new one.
  for (int attempt = 1;; ++attempt) {
    std::string pattern = state + "/" + kStagePrefix + "XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) return FileFailure("cannot make a folder in", state);
    folder_lock_ = TakeStageLock(pattern);
    if (folder_lock_ < 0 && attempt < kAttemptsMax) continue;
    folder_ = pattern;
    return std::nullopt;
  }
}

Outcome<std::string> Sshd::Stage(const Tree& tree, const std::string& main_file) {
  if (ReadSshdConfig(tree, main_file).is_too_deep) {
    return Failure{
        ExitStatus::kFailed, "sshd-refuses",
        main_file + ": its Include lines are circular, or nested deeper than sshd follows them"};
  }
  if (const std::optional<Failure> failure = MakeFolder()) return *failure;
  return StageFile(tree, main_file);
}

Outcome<std::string> Sshd::StageFile(const Tree& tree, const std::string& file) {
  std::string staged;
  const std::string text = tree.Read(file).value_or("");
  if (tree.failure()) return *tree.failure();
  for (const std::string_view line : SplitLines(text)) {
    const ConfigLine split = SplitConfigLine(line, tree.layout().release);
    if (split.keyword != "include") {
      staged += std::string(line) + "\n";
      continue;
    }
    std::string includes;
    for (const std::string& included : IncludedFiles(tree, split.rest)) {
      const Outcome<std::string> path = StageFile(tree, included);
      if (!path) return path.error();
      includes += " " + *path;
    }
    // An Include that finds nothing keeps its line, and thereby the numbers of the others; but sshd
    // of before 8.2 must still be able to complain about the word.
    staged += "Include" + (includes.empty() ? " " + folder_ + "/none" : includes) + "\n";
  }
  return WriteThrowAwayFile(std::to_string(files_staged_++), staged);
}

}  // namespace eic::admin
