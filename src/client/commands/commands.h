// The commands that are eic's own, each with its options as values. They give the exit status.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "client/commands/jump_command.h"
#include "client/outside.h"
#include "client/own_options.h"

namespace eic::client {

struct PushOptions {
  OwnOptions own;
  std::string word;  // an instance id, or anything that means one
  std::string os_user;
  std::string public_key_file;  // `-`: standard input
};

struct ListOptions {
  OwnOptions own;
  bool is_json = false;
  std::vector<std::string> words;  // each must be found in what is shown of an instance
};

struct ForgetOptions {
  OwnOptions own;
  std::string word;
};

struct WhyOptions {};

struct ConfigOptions {
  enum class Action { kPrint, kInstall, kRemove };
  OwnOptions own;
  Action action = Action::kPrint;
  bool goes_first = false;
};

// What ssh gives its ProxyCommand.
struct ProxyCommandOptions {
  OwnOptions own;
  std::string folder;         // empty: as OpenFolder has it
  std::string fixed_address;  // of -t ID HOST
  std::string host;
  std::string port;
  std::string user;
};

struct JumpCommandOptions {
  ProxyCommandOptions proxy;
  JumpRoute route;
};

using Command = std::variant<PushOptions, ListOptions, ForgetOptions, WhyOptions, ConfigOptions,
                             ProxyCommandOptions, JumpCommandOptions>;

int RunPushCommand(Outside& outside, const PushOptions& options);
int RunListCommand(Outside& outside, const ListOptions& options);
int RunForgetCommand(Outside& outside, const ForgetOptions& options);
int RunWhyCommand(Outside& outside);
int RunConfigCommand(Outside& outside, const ConfigOptions& options);

}  // namespace eic::client
