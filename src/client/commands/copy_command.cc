#include "client/commands/copy_command.h"

#include <algorithm>
#include <ostream>

#include "client/commands/help.h"
#include "client/commands/jump_command.h"
#include "client/commands/login.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/commands/wrapper.h"
#include "client/limits.h"
#include "client/ssh/ssh_settings.h"
#include "client/ssh/ssh_version.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using aws::Failure;
using aws::Outcome;
using Words = std::vector<std::string>;
using Operand = CopyLine::Operand;

class CopyCommand {
 public:
  CopyCommand(Outside& outside, CopyLine line) : outside_(outside), line_(std::move(line)) {}

  int Run() {
    const bool is_sftp = line_.program == CopyProgram::kSftp;
    if (line_.own.wants_help) {
      return PrintHelp(outside_, is_sftp ? HelpTopic::kSftp : HelpTopic::kScp);
    }
    if (line_.own.wants_version) return PrintVersion(outside_);
    const bool has_host = std::any_of(line_.operands.begin(), line_.operands.end(),
                                      [](const Operand& one) { return one.remote.has_value(); });
    // scp would say so as well, with a status of its own.
    if (!is_sftp && !line_.reaches_no_host && line_.operands.size() < 2) {
      return Report(outside_.Errors(),
                    Usage("give a source and a destination: eic scp SOURCE... DESTINATION"));
    }
    if (line_.reaches_no_host || !has_host) {
      if (is_sftp && line_.operands.empty()) {
        return Report(outside_.Errors(), Usage("give an instance: msftp [user@]ID|NAME[:PATH]"));
      }
      return BecomeOrPrint(outside_, line_.own, LineWith({}, TypedOperands()));
    }
    Outcome<Folder> folder = outside_.OpenFolder();
    if (!folder) return Report(outside_.Errors(), folder.error());
    folder_ = *std::move(folder);
    const Outcome<int> status = Copy();
    return status ? *status : ReportLogin(outside_, folder_, FirstHost(), status.error());
  }

 private:
  std::string FirstHost() const {
    for (const Operand& operand : line_.operands) {
      if (operand.remote) return operand.remote->host;
    }
    return "";
  }

  Words TypedOperands() const {
    Words words;
    for (const Operand& operand : line_.operands) words.push_back(operand.word);
    return words;
  }

  Words LineWith(const Words& leading, const Words& operands) const {
    Words words = {line_.program == CopyProgram::kSftp ? "sftp" : "scp"};
    words.insert(words.end(), leading.begin(), leading.end());
    words.insert(words.end(), line_.options.begin(), line_.options.end());
    words.insert(words.end(), operands.begin(), operands.end());
    return words;
  }

  Outcome<int> Copy() {
    const Outcome<SettingsFile> settings = ReadSettings(outside_);
    if (!settings) return settings.error();
    if (const auto asked = AskSsh(); !asked) return asked.error();
    Logins logins(outside_, folder_, line_.own, *settings);
    Words operands;
    std::vector<HostSection> sections;
    for (std::size_t at = 0; at < line_.operands.size(); ++at) {
      const Operand& operand = line_.operands[at];
      if (!operand.remote) {
        operands.push_back(operand.word);
        continue;
      }
      Outcome<LoginHost> host = ResolveOperand(logins, *operand.remote, own_settings_[at]);
      if (!host) return host.error();
      const Outcome<HostSection> section = SectionFor(logins, &*host, own_settings_[at]);
      if (!section) return section.error();
      logins.Keep(*host);
      Warn(outside_, line_.is_verbose, UserWarning(*host));
      operands.push_back(OperandWithHost(operand, section->word));
      Add(*section, &sections);
    }
    const Outcome<std::string> file =
        WriteCommandFile(outside_, folder_, version_, line_.own, sections, line_.config_file);
    if (!file) return file.error();
    Words leading = {"-F", *file};
    const Words overriding =
        OverridingOptions(folder_, line_.wants_only_identities, line_.identity_agent);
    leading.insert(leading.end(), overriding.begin(), overriding.end());
    return BecomeOrPrint(outside_, line_.own, LineWith(leading, operands));
  }

  // Two operands of one host share its section.
  static void Add(const HostSection& section, std::vector<HostSection>* sections) {
    const bool is_there =
        std::any_of(sections->begin(), sections->end(),
                    [&](const HostSection& one) { return one.word == section.word; });
    if (!is_there) sections->push_back(section);
  }

  // The version, and for each host what the person's own configuration makes of it.
  Outcome<Nothing> AskSsh() {
    std::vector<Words> questions = {{"ssh", "-V"}};
    for (const Operand& operand : line_.operands) {
      if (!operand.remote) continue;
      Words question = {"ssh", "-G"};
      if (!line_.config_file.empty()) {
        question.emplace_back("-F");
        question.push_back(line_.config_file);
      }
      question.emplace_back("--");
      question.push_back(IsAskable(operand.remote->host) ? operand.remote->host : kNobodysHost);
      questions.push_back(std::move(question));
    }
    const std::vector<Outcome<Ran>> answers = outside_.RunAll(questions);
    for (const Outcome<Ran>& answer : answers) {
      if (!answer) return answer.error();
    }
    const Outcome<SshVersion> version = CheckSshVersion(answers[0]->errors + answers[0]->output);
    if (!version) return version.error();
    version_ = *version;
    std::size_t next = 1;
    for (const Operand& operand : line_.operands) {
      own_settings_.emplace_back();
      if (!operand.remote) continue;
      const Ran& ran = *answers[next++];
      if (ran.status != 0) {
        return Failure{"BadConfiguration",
                       "ssh refuses " + TerminalLine(operand.remote->host, kShownValueBytesMax) +
                           ": " + ran.errors};
      }
      own_settings_.back() = SshSettings::Parse(ran.output);
    }
    return Nothing{};
  }

  Outcome<LoginHost> ResolveOperand(Logins& logins, const Destination& remote,
                                    const SshSettings& own_settings) {
    const std::string& user = line_.user.empty() ? remote.user : line_.user;
    const std::string host_name = IsAskable(remote.host) ? own_settings.Get("hostname") : "";
    return logins.Resolve(remote.host, user, host_name);
  }

  // Which jump hosts lead to the instance; empty: none.
  std::string JumpTo(const SshSettings& own_settings) const {
    if (!line_.proxy_command.empty()) return "";
    if (!line_.jump.empty()) return line_.has_jump ? line_.jump : "";
    return own_settings.Has("proxyjump") ? own_settings.Get("proxyjump") : "";
  }

  Outcome<HostSection> SectionFor(Logins& logins, LoginHost* host,
                                  const SshSettings& own_settings) {
    const std::string jump = JumpTo(own_settings);
    Outcome<HostSection> section = logins.SectionFor(*host, host->instance_id);
    if (!section) return section.error();
    if (jump.empty()) {
      Outcome<Words> words =
          ProxyCommandWords(outside_, line_.own, host->place, host->fixed_address);
      if (!words) return words.error();
      section->proxy_command = *std::move(words);
      return section;
    }
    if (const auto done = logins.Describe(host); !done) return done.error();
    const Outcome<std::string> address = logins.AddressFor(*host, /*is_behind_jump=*/true);
    if (!address) return address.error();
    const Outcome<std::string> file =
        WriteCommandFile(outside_, folder_, version_, line_.own, {}, line_.config_file);
    if (!file) return file.error();
    Outcome<Words> words =
        JumpCommandWords(outside_, line_.own, host->place, {*address, jump, *file});
    if (!words) return words.error();
    section->proxy_command = *std::move(words);
    section->passes_socket = false;  // ssh of the jump host relays
    return section;
  }

  Outside& outside_;
  const CopyLine line_;
  Folder folder_;
  SshVersion version_;
  std::vector<SshSettings> own_settings_;  // one for each operand
};

}  // namespace

int RunCopyCommand(Outside& outside, CopyProgram program, const std::vector<std::string>& words) {
  Outcome<CopyLine> line = ParseCopyLine(program, words);
  if (!line) return Report(outside.Errors(), line.error());
  return CopyCommand(outside, *std::move(line)).Run();
}

}  // namespace eic::client
