#include "client/commands/ssh_command.h"

#include <algorithm>
#include <ostream>

#include "client/commands/help.h"
#include "client/commands/login.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/commands/wrapper.h"
#include "client/ssh/ssh_answers.h"
#include "client/ssh/ssh_arguments.h"
#include "client/ssh/ssh_settings.h"
#include "client/ssh/ssh_version.h"

namespace eic::client {
namespace {

using aws::Outcome;
using Mode = SshLine::Mode;
using Words = std::vector<std::string>;

constexpr SshVersion kNewest{10, 0};
constexpr int kKeysMax = 3;

void Append(const Words& more, Words* words) {
  words->insert(words->end(), more.begin(), more.end());
}

// ssh's line with `destination` in the place of the one typed.
Words LineWith(const SshLine& line, const Words& leading, const std::string& destination) {
  Words words = {"ssh"};
  Append(leading, &words);
  Append(line.before, &words);
  if (!destination.empty()) words.push_back(destination);
  Append(line.after, &words);
  Append(line.command, &words);
  return words;
}

Words WithConfigFile(const SshLine& line) {
  if (line.config_file.empty()) return {};
  return {"-F", line.config_file};
}

// What the person's own configuration makes of the line, with `destination` in the place of the one
// typed. The command stays: ssh wants one for -f and -s even when it only answers.
Words Question(const SshLine& line, const std::string& destination) {
  Words leading = WithConfigFile(line);
  leading.insert(leading.begin(), "-G");
  return LineWith(line, leading, destination);
}

// A name that ssh refuses as a host (`my web`) is no host of the person's configuration either.
std::string AskableWord(const SshLine& line) {
  return IsAskable(line.destination.host) ? line.destination_word : kNobodysHost;
}

// Whether ssh reaches the instance by way of another host: then its HostName is an address there.
bool IsBehindJump(const SshLine& line, const SshSettings& own_settings) {
  return line.proxy_command.empty() && (line.has_jump || own_settings.Has("proxyjump"));
}

class SshCommand {
 public:
  SshCommand(Outside& outside, SshLine line) : outside_(outside), line_(std::move(line)) {}

  int Run() {
    if (line_.own.wants_help) return PrintHelp(outside_, HelpTopic::kSsh);
    if (line_.own.wants_version) return PrintVersion(outside_);
    if (line_.mode == Mode::kTell) return Pass();
    if (line_.destination_word.empty()) {
      return Report(outside_.Errors(), Usage("give an instance: mssh [user@]ID|NAME|ADDRESS"));
    }
    Outcome<Folder> folder = outside_.OpenFolder();
    if (!folder) return Report(outside_.Errors(), folder.error());
    folder_ = *std::move(folder);
    const Outcome<int> status = LogIn();
    if (status) return *status;
    return ReportLogin(outside_, folder_, line_.destination.host, status.error());
  }

 private:
  // As it was typed: ssh answers by itself.
  int Pass() {
    return BecomeOrPrint(outside_, line_.own,
                         LineWith(line_, WithConfigFile(line_), line_.destination_word));
  }

  Outcome<int> LogIn() {
    if (const auto asked = AskSsh(); !asked) return asked.error();
    // ssh's own words for what it does not take.
    if (refused_.status != 0) {
      outside_.Errors() << refused_.errors << std::endl;
      return refused_.status;
    }
    const Outcome<SettingsFile> settings = ReadSettings(outside_);
    if (!settings) return settings.error();
    LimitTime();
    Logins logins(outside_, folder_, line_.own, *settings);
    const std::string host_name =
        IsAskable(line_.destination.host) ? own_settings_.Get("hostname") : "";
    const std::string user = line_.user.empty() ? ConfiguredUser() : line_.user;
    Outcome<LoginHost> host = logins.Resolve(line_.destination.host, user, host_name);
    if (!host) return host.error();
    if (IsPushWanted()) {
      const Outcome<bool> has_master = HasMaster(logins, *host);
      if (!has_master) return has_master.error();
      if (!*has_master) return PushAndBecome(logins, &*host);
    }
    return Become(logins, &*host);
  }

  // Version and settings at once; once more where the line reads otherwise for that version.
  Outcome<Nothing> AskSsh() {
    std::vector<Outcome<Ran>> answers =
        outside_.RunAll({{"ssh", "-V"}, Question(line_, AskableWord(line_))});
    for (const Outcome<Ran>& answer : answers) {
      if (!answer) return answer.error();
    }
    const Outcome<SshVersion> version = CheckSshVersion(answers[0]->errors + answers[0]->output);
    if (!version) return version.error();
    version_ = *version;
    if (answers[1]->status != 0) {
      refused_ = *answers[1];
      return Nothing{};
    }
    refused_.status = 0;
    own_settings_ = SshSettings::Parse(answers[1]->output);
    ssh_answers_ = ParseSshAnswers(answers[1]->output);
    return Nothing{};
  }

  // The user whom the person's configuration names for this host, and not for every host; empty:
  // none. What our own block says does not count: it knows no more than we do.
  std::string ConfiguredUser() {
    const std::string user = own_settings_.Get("user");
    if (user.empty() || user == kDefaultUser || user == outside_.Environment("USER")) return "";
    const Target target = ParseTarget(own_settings_.Get("hostname"));
    const auto known = Recall(folder_.Remembered(), target.name);
    if (known && known->os_user == user) return "";
    const Outcome<Ran> ran = outside_.Run(Question(line_, kNobodysHost));
    if (!ran || ran->status != 0 || SshSettings::Parse(ran->output).Get("user") == user) return "";
    return IsPlainUser(user) ? user : "";
  }

  // ConnectTimeout counts what comes before ssh as well.
  void LimitTime() {
    const auto timeout = ssh_answers_.connect_timeout;
    if (timeout && IsPushWanted()) outside_.EndAfter(static_cast<int>(timeout->count()));
  }

  bool IsPushWanted() const { return line_.mode == Mode::kConnect && !line_.own.prints_command; }

  // A master that is alive takes the session along: no key is needed.
  Outcome<bool> HasMaster(Logins& logins, const LoginHost& host) {
    if (!own_settings_.Has("controlpath")) return false;
    if (IsBehindJump(line_, own_settings_) && !host.instance) return false;
    const Outcome<std::string> file = WriteFile(logins, host);
    if (!file) return file.error();
    const Outcome<Ran> ran =
        outside_.Run(LineWith(line_, {"-F", *file, "-O", "check"}, DestinationFor(host)));
    if (!ran) return ran.error();
    return ran->status == 0;
  }

  KeyRequest KeyFor(const LoginHost& host) const {
    KeyRequest request;
    request.ssh_pid = outside_.Pid();
    request.type = line_.own.key_type.value_or(host.settings.key_type.value_or(KeyType::kEd25519));
    request.instance_id = host.instance_id;
    request.os_user = host.user;
    // HostKeyAlias is the id; the person's own, on the command line, counts before ours.
    request.host_names = {host.instance_id};
    if (own_settings_.Has("hostkeyalias")) {
      request.host_names.push_back(own_settings_.Get("hostkeyalias"));
    }
    if (own_settings_.Get("forwardagent") != "no") request.user_agent_socket = UserAgent();
    return request;
  }

  // The agent that the person would have without us.
  std::string UserAgent() const {
    std::string agent = own_settings_.Get("identityagent");
    if (agent == "none") return "";
    if (agent == folder_.AgentSocket() || agent == "SSH_AUTH_SOCK") agent.clear();
    if (!agent.empty() && agent[0] == '$') agent = outside_.Environment(agent.substr(1));
    if (agent.empty()) agent = outside_.Environment("SSH_AUTH_SOCK");
    return agent == folder_.AgentSocket() ? "" : agent;
  }

  Outcome<int> PushAndBecome(Logins& logins, LoginHost* host) {
    Outcome<Nothing> pushed = MakeAndPush(logins, host);
    // A keeper that was killed took the key along.
    for (int keys = 1; !pushed && pushed.error().code == "KeyGone" && keys < kKeysMax; ++keys) {
      pushed = MakeAndPush(logins, host);
    }
    Outcome<int> status = pushed ? Become(logins, host) : Outcome<int>(pushed.error());
    // ssh is not there to use it.
    outside_.DropKey(folder_, outside_.Pid());
    return status;
  }

  Outcome<Nothing> MakeAndPush(Logins& logins, LoginHost* host) {
    std::string user;
    // A second time where the instance's tag named another user than the one known so far: the
    // keeper signs for the user that it was told.
    while (user != host->user) {
      user = host->user;
      const Outcome<KeptKey> key = outside_.MakeKey(folder_, KeyFor(*host));
      if (!key) return key.error();
      if (line_.is_verbose && !key->note.empty()) {
        outside_.Errors() << "eic: " << key->note << '\n' << std::flush;
      }
      const Outcome<Nothing> pushed = logins.Push(key->public_key, host);
      if (!pushed) return pushed.error();
    }
    return outside_.MarkPushed(folder_, outside_.Pid());
  }

  // Said before ssh starts, so that it has a status of its own.
  Outcome<Nothing> CheckAddress(const Logins& logins, const LoginHost& host) const {
    const bool others_connect = !line_.proxy_command.empty() && line_.proxy_command != "none";
    if (others_connect) return Nothing{};
    const Outcome<std::string> address =
        logins.AddressFor(host, IsBehindJump(line_, own_settings_));
    if (!address) return address.error();
    return Nothing{};
  }

  Outcome<int> Become(Logins& logins, LoginHost* host) {
    if (const auto done = CheckAddress(logins, *host); !done) return done.error();
    const bool needs_address = IsBehindJump(line_, own_settings_) || line_.proxy_command == "none";
    if (needs_address) {
      if (const auto done = logins.Describe(host); !done) return done.error();
    }
    const Outcome<std::string> file = WriteFile(logins, *host);
    if (!file) return file.error();
    logins.Keep(*host);
    Warn(outside_, line_.is_verbose, UserWarning(*host));
    Words leading = {"-F", *file};
    Append(OverridingOptions(folder_, line_.wants_only_identities, line_.identity_agent), &leading);
    return BecomeOrPrint(outside_, line_.own, LineWith(line_, leading, DestinationFor(*host)));
  }

  Outcome<std::string> WriteFile(Logins& logins, const LoginHost& host) {
    const bool is_behind_jump = IsBehindJump(line_, own_settings_);
    const bool connects_itself =
        !host.fixed_address.empty() || line_.proxy_command == "none" || is_behind_jump;
    std::string host_name = host.instance_id;
    if (connects_itself) {
      const Outcome<std::string> address = logins.AddressFor(host, is_behind_jump);
      if (!address) return address.error();
      host_name = *address;
    }
    Outcome<HostSection> section = logins.SectionFor(host, host_name);
    if (!section) return section.error();
    section->connects_itself = connects_itself && !is_behind_jump;
    if (!connects_itself) {
      // Where ssh is given another word, other sections of the person's files may count.
      const bool is_answered = host.ssh_word == line_.destination.host;
      Outcome<Words> words = ProxyCommandWords(outside_, line_.own, host.place, "",
                                               is_answered ? PrintSshAnswers(ssh_answers_) : "");
      if (!words) return words.error();
      section->proxy_command = *std::move(words);
    }
    return WriteCommandFile(outside_, folder_, version_, line_.own, {*section}, line_.config_file);
  }

  // As typed, where ssh is given the same host.
  std::string DestinationFor(const LoginHost& host) const {
    const Destination& typed = line_.destination;
    if (host.ssh_word == typed.host) return line_.destination_word;
    const std::string user = typed.user.empty() ? "" : typed.user + "@";
    if (!typed.is_uri) return user + host.ssh_word;
    return "ssh://" + user + host.ssh_word + (typed.port.empty() ? "" : ":" + typed.port);
  }

  Outside& outside_;
  const SshLine line_;
  Folder folder_;
  SshVersion version_;
  SshSettings own_settings_;
  SshAnswers ssh_answers_;
  Ran refused_;
};

}  // namespace

int RunSshCommand(Outside& outside, const std::vector<std::string>& words) {
  Outcome<SshLine> line = ParseSshLine(words, kNewest);
  if (line && line->depends_on_version) {
    const Outcome<Ran> ran = outside.Run({"ssh", "-V"});
    if (!ran) return Report(outside.Errors(), ran.error());
    const Outcome<SshVersion> version = CheckSshVersion(ran->errors + ran->output);
    if (!version) return Report(outside.Errors(), version.error());
    line = ParseSshLine(words, *version);
  }
  if (!line) return Report(outside.Errors(), line.error());
  return SshCommand(outside, *std::move(line)).Run();
}

}  // namespace eic::client
