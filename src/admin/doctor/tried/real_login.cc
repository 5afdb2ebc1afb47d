#include "admin/doctor/tried/real_login.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "admin/doctor/lists/client.h"
#include "admin/doctor/tried/own_network.h"
#include "admin/limits.h"
#include "admin/sshd/sshd.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// Of RFC 5737: no list of anybody's means it.
constexpr int kUsualPort = 22;
constexpr int kRsaBitsLeast = 3072;
// systemd-run knows --pipe and --collect from then on.
constexpr int kSystemdLeast = 236;

// What is there to be cleaned up is, before the process ends.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, number);
    sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_{};
};

int NumberOf(const std::string& text, int otherwise) {
  int number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The first of these that is there.
std::string FirstOf(const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

bool TakesEd25519(const Settings& settings) {
  for (const char* keyword : {"pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes"}) {
    const std::string accepted = ValueOf(settings, keyword);
    if (accepted.empty()) continue;
    for (const std::string& type : SplitWords(accepted, ',')) {
      if (type == "ssh-ed25519") return true;
    }
    return false;
  }
  return true;
}

// Of a kind that can be pushed and that sshd takes.
std::optional<std::string> MakeOneTimeKey(Sshd& sshd, const Settings& settings) {
  if (TakesEd25519(settings)) return sshd.ThrowAwayKeyOf("ed25519", 0);
  const int required = NumberOf(ValueOf(settings, "requiredrsasize"), 0);
  return sshd.ThrowAwayKeyOf("rsa", std::max(kRsaBitsLeast, required));
}

// `ssh-ed25519 AAAA...`
std::string KeyLine(const std::string& key) {
  const Outcome<std::optional<std::string>> text = ReadWhole(key + ".pub");
  if (!text || !*text) return "";
  const std::size_t type = (*text)->find(' ');
  return type == std::string::npos ? "" : (*text)->substr(0, (*text)->find(' ', type + 1));
}

// The files that sshd reads, but for the command for keys: one that prints this key.
Outcome<std::string> StageWithKey(Sshd& sshd, const Layout& layout, const DaemonOptions& options,
                                  const std::string& key_line) {
  const std::string echo = FirstOf({"/usr/bin/echo", "/bin/echo"});
  Layout of_release = layout;
  of_release.release = sshd.Release();
  Tree tree(of_release);
  const std::string main_file = options.MainFile();
  for (const std::string& file : ReadSshdConfig(tree, main_file).files) {
    std::string text = WithoutKeyCommand(tree.Read(file).value_or(""), of_release.release);
    if (file == main_file) {
      std::string first = "AuthorizedKeysCommand " + echo + " ";
      first.append(key_line).append("\nAuthorizedKeysCommandUser root\nLogLevel VERBOSE\n");
      text.insert(0, first);
    }
    tree.Plan(file, text);
  }
  if (tree.failure()) return *tree.failure();
  return sshd.Stage(tree, main_file);
}

std::vector<std::string> SshdWords(const Layout& layout, const DaemonOptions& options,
                                   const std::string& config) {
  // The first value of an option counts.
  std::vector<std::string> words = {layout.sshd,        "-i", "-e",  "-o",
                                    "LogLevel=VERBOSE", "-f", config};
  for (const std::string& setting : options.WithoutCommand().settings) {
    words.insert(words.end(), {"-o", setting});
  }
  for (const std::string& host_key : options.host_keys) {
    words.insert(words.end(), {"-h", host_key});
  }
  return words;
}

// A transient unit for sshd, as systemd has one for each: then PAM's modules make a session of it,
// and not a part of whoever runs doctor.
struct Unit {
  std::string name;  // empty: there is none
  std::string why_not;
};

Unit FindUnit(const Outside& outside) {
  if (access("/run/systemd/system", F_OK) != 0) return {"", "systemd does not run here"};
  const std::string systemctl = FirstOf({"/usr/bin/systemctl", "/bin/systemctl"});
  if (systemctl.empty() || FirstOf({"/usr/bin/systemd-run", "/bin/systemd-run"}).empty()) {
    return {"", "systemd-run is not there"};
  }
  const ProgramResult said = outside.runner.Run({systemctl, "--version"}, kCheckTimeMax);
  const std::size_t at = said.output.find(' ');
  const int version = at == std::string::npos ? 0 : NumberOf(said.output.substr(at + 1, 8), 0);
  if (version < kSystemdLeast) {
    return {"", "systemd " + std::to_string(version) + " cannot start it with a socket"};
  }
  return {"ec2-instance-connect-login-" + std::to_string(getpid()), ""};
}

// systemd replaces variables in a command line.
std::string WithoutVariables(const std::string& word) {
  std::string escaped;
  for (const char character : word) escaped += character == '$' ? "$$" : std::string(1, character);
  return escaped;
}

std::vector<std::string> InUnit(const Unit& unit, const std::vector<std::string>& words) {
  if (unit.name.empty()) return words;
  std::vector<std::string> in_unit = {
      FirstOf({"/usr/bin/systemd-run", "/bin/systemd-run"}),
      "--quiet",
      "--pipe",
      "--wait",
      "--collect",
      "--unit=" + unit.name,
      "--description=A login that doctor tries",
      "--property=RuntimeMaxSec=" + std::to_string(kLoginTimeMax.count()),
      "--"};
  for (const std::string& word : words) in_unit.push_back(WithoutVariables(word));
  return in_unit;
}

// The first line of the log, ours: a client came. An sshd with libwrap may end without one of its
// own.
constexpr std::string_view kConnected = "a client came\n";

// In the child: waits for the client, and becomes its sshd.
void ServeOne(int listener, const std::vector<std::string>& words, int log) {
  pollfd polled{listener, POLLIN, 0};
  const std::chrono::milliseconds limit = kLoginEdgeTimeMax;
  if (poll(&polled, 1, static_cast<int>(limit.count())) != 1) return;
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0 || write(log, kConnected.data(), kConnected.size()) < 0) return;
  BecomeProgram(words, {client, client, log});
}

std::vector<std::string> ClientWords(const Layout& layout, const OwnNetwork& network, int port,
                                     const RealLogin& login, const std::string& key,
                                     bool permits_tty) {
  // A shell with a terminal, as a person has it, unless sshd permits none (`-tt` would end there).
  std::vector<std::string> words = {layout.ssh, "-F", "none", permits_tty ? "-tt" : "-T"};
  for (const char* option : {"BatchMode=yes", "IdentitiesOnly=yes", "IdentityAgent=none",
                             "PreferredAuthentications=publickey", "StrictHostKeyChecking=no",
                             "UserKnownHostsFile=/dev/null", "GlobalKnownHostsFile=/dev/null",
                             "EscapeChar=none", "LogLevel=ERROR"}) {
    words.insert(words.end(), {"-o", option});
  }
  words.insert(words.end(), {"-b", login.from, "-p", std::to_string(port), "-i", key, "-l",
                             login.name, network.server});
  return words;
}

// The last letters and digits of the key: a word that nothing else prints.
std::string WordOf(const std::string& key_line) {
  constexpr std::size_t kLength = 16;
  std::string word;
  for (const char character : key_line) {
    const bool is_plain = (character >= '0' && character <= '9') ||
                          (character >= 'a' && character <= 'z') ||
                          (character >= 'A' && character <= 'Z');
    if (is_plain) word += character;
  }
  return word.substr(word.size() - std::min(word.size(), kLength));
}

// What one login needs, and what came of it.
class Attempt {
 public:
  Attempt(const Outside& outside, const DaemonOptions& options, const Settings& settings)
      : outside_(outside),
        options_(options),
        settings_(settings),
        sshd_(outside.layout, outside.runner, outside.files) {}

  void Run(RealLogin* login) {
    const Outcome<Nothing> prepared = Prepare(*login);
    if (!prepared) {
      login->why_not = prepared.error().text;
      return;
    }
    if (unit_.name.empty()) login->unlike = "sshd ran in no unit of its own: " + unit_.why_not;
    const ChildResult client = Connect(*login);
    const Outcome<std::optional<std::string>> log = ReadWhole(log_file_);
    std::string_view lines = log && *log ? std::string_view(**log) : "";
    if (lines.substr(0, kConnected.size()) != kConnected) {
      login->why_not = "ssh: " + client.errors;
      return;
    }
    lines.remove_prefix(kConnected.size());
    login->end = ReadLoginEnd(lines, client, "eic-" + word_);
  }

 private:
  Outcome<Nothing> Prepare(const RealLogin& login) {
    const Layout& layout = outside_.layout;
    const auto cannot = [](const std::string& why) {
      return Failure{ExitStatus::kUnchecked, "login-untried", why};
    };
    if (!layout.is_live || !layout.root.empty()) {
      return cannot("the tree below --root does not run");
    }
    if (access(layout.ssh.c_str(), X_OK) != 0) return cannot(layout.ssh + " is not there");
    const std::optional<std::string> key = MakeOneTimeKey(sshd_, settings_);
    if (!key) return cannot("ssh-keygen made no key");
    key_ = *key;
    const std::string key_line = KeyLine(key_);
    word_ = WordOf(key_line);
    const Outcome<std::string> config = StageWithKey(sshd_, layout, options_, key_line);
    if (!config) return config.error();
    config_ = *config;
    // No shell sees the word in what is typed to it, and none prints it but by doing that.
    const Outcome<std::string> input =
        sshd_.WriteThrowAwayFile("typed", "echo eic-''" + word_ + "\nexit\n");
    const Outcome<std::string> log = sshd_.WriteThrowAwayFile("log", "");
    if (!input || !log) return input ? log.error() : input.error();
    input_file_ = *input;
    log_file_ = *log;
    port_ = NumberOf(ValueOf(settings_, "port"), kUsualPort);
    Outcome<OwnNetwork> network = MakeOwnNetwork(login.from, port_);
    if (!network) return network.error();
    network_ = *std::move(network);
    unit_ = FindUnit(outside_);
    return Nothing{};
  }

  ChildResult Connect(const RealLogin& login) {
    const Descriptor log(open(log_file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    const Descriptor input(open(input_file_.c_str(), O_RDONLY | O_CLOEXEC));
    const std::vector<std::string> server =
        InUnit(unit_, SshdWords(outside_.layout, options_, config_));
    const std::vector<std::string> client = ClientWords(
        outside_.layout, network_, port_, login, key_, ValueOf(settings_, "permittty") != "no");
    ChildBeside sshd([&] { ServeOne(network_.listener.Get(), server, log.Get()); });
    ChildResult result = RunChild(
        [&](int output, int errors) {
          // The other end goes with the client.
          prctl(PR_SET_PDEATHSIG, SIGKILL);
          if (setns(network_.name_space.Get(), CLONE_NEWNET) != 0) return;
          BecomeProgram(client, {input.Get(), output, errors});
        },
        kLoginTimeMax, Excess::kIsDropped);
    if (!sshd.EndsWithin(kLoginEdgeTimeMax) && !unit_.name.empty()) {
      outside_.runner.Run({FirstOf({"/usr/bin/systemctl", "/bin/systemctl"}), "stop", unit_.name},
                          kServiceTimeMax);
    }
    return result;
  }

  const Outside& outside_;
  const DaemonOptions& options_;
  const Settings& settings_;
  Sshd sshd_;
  std::string key_;
  std::string word_;
  std::string config_;
  std::string input_file_;
  std::string log_file_;
  int port_ = kUsualPort;
  OwnNetwork network_;
  Unit unit_;
};

}  // namespace

std::string WithoutKeyCommand(std::string_view text, const SshdRelease& release) {
  std::string rest;
  for (const std::string_view line : SplitLines(text)) {
    const std::string keyword = SplitConfigLine(line, release).keyword;
    const bool goes = keyword == "authorizedkeyscommand" ||
                      keyword == "authorizedkeyscommanduser" || keyword == "loglevel";
    if (!goes) rest += line;
    rest += '\n';
  }
  return rest;
}

RealLogin TryLogin(const Outside& outside, const DaemonOptions& options, const Settings& settings,
                   const std::string& name, const std::string& from) {
  const HeldSignals held;
  RealLogin login;
  login.name = name;
  login.from = from.empty() ? kNobodysAddress : from;
  Attempt(outside, options, settings).Run(&login);
  return login;
}

}  // namespace eic::admin
