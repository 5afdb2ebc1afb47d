// A login, step by step: address, connect, host-key, push, login. Runs in a thread of its own.
//
// Security depends on this order: the worker makes the key and returns the host's; the front
// accepts the host key before it pushes the public half; the worker logs in after that.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "aws/system/descriptor.h"
#include "client/folder.h"
#include "client/target/settings.h"
#include "console/front/aws_desk.h"
#include "console/front/page_messages.h"
#include "console/front/trouble.h"
#include "console/link/packet.h"

namespace eic::console {

struct LoginRequest {
  std::string instance_id;
  Place place;
  std::string user;  // empty: guessed
  client::AddressKind address = client::AddressKind::kAuto;
  std::uint16_t port = 22;
  bool wants_files = false;  // SFTP instead of a shell
};

// What a login learns, for page and audit. Has what is known at the step that the login reached.
struct LoginFacts {
  std::string name;  // the tag Name
  std::string user;
  std::string address;
  std::string principal;
  std::string key_fingerprint;
  HostKeyFacts host_key;
  std::string push_request_id;
};

// The outside.
struct LoginDoors {
  AwsDesk& desk;
  Questions& questions;
  client::Folder folder;
  std::string lang;  // of the shell
  std::function<aws::Outcome<client::SettingsFile>()> read_settings;
  std::function<aws::Outcome<Descriptor>(Descriptor instance)> start_worker;
};

// The callbacks of a login. Called from the login's thread.
struct LoginTalk {
  std::function<void(const Step&)> tell;
  ShowQuestion show;
  IsCancelled is_cancelled;
  std::function<Size()> size;  // of the terminal now
};

struct LoginResult {
  LoginFacts facts;
  // A link to a worker that has a shell, or the reason why there is none.
  std::variant<Descriptor, Trouble> outcome;
};

LoginResult RunLogin(const LoginRequest& request, const LoginDoors& doors, const LoginTalk& talk);

}  // namespace eic::console
