// The fuzz targets: one for each parser, and one for the decision as a whole. Each takes any bytes,
// and ends the process where a property is broken (Hold in properties.h). doc/fuzzing.md says what
// each of them holds.
#pragma once

#include <string_view>

namespace eic::fuzz {

void AgentProtocol(std::string_view input);
void Api(std::string_view input);  // where the emulator is built
void AwsAnswers(std::string_view input);
void AwsFiles(std::string_view input);
void Base64(std::string_view input);
void Blob(std::string_view input);
void Chain(std::string_view input);
void ConsolePage(std::string_view input);    // where the console is built
void ConsoleWorker(std::string_view input);  // the same
void ControlProtocol(std::string_view input);
void Decision(std::string_view input);
void KeyLine(std::string_view input);
void KnownHosts(std::string_view input);
void MemberFile(std::string_view input);
void MemberOutput(std::string_view input);
void SessionBind(std::string_view input);
void SshConfig(std::string_view input);
void Staple(std::string_view input);
void StapleList(std::string_view input);
void Values(std::string_view input);

struct Target {
  const char* name;  // of its program, its dictionary and its corpus
  void (*run)(std::string_view input);
};

inline constexpr Target kTargets[] = {
    {"aws_answers", AwsAnswers},
    {"aws_files", AwsFiles},
    {"base64", Base64},
    {"blob", Blob},
    {"chain", Chain},
    {"values", Values},
    {"key_line", KeyLine},
    {"staple", Staple},
    {"staple_list", StapleList},
    {"decision", Decision},
    {"agent_protocol", AgentProtocol},
    {"control_protocol", ControlProtocol},
    {"known_hosts", KnownHosts},
    {"member_file", MemberFile},
    {"member_output", MemberOutput},
    {"session_bind", SessionBind},
    {"ssh_config", SshConfig},
#ifdef EIC_FUZZ_EMULATOR
    {"api", Api},
#endif
#ifdef EIC_FUZZ_CONSOLE
    {"console_page", ConsolePage},
    {"console_worker", ConsoleWorker},
#endif
};

}  // namespace eic::fuzz
