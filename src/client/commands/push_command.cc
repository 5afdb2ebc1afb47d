// `eic push`: pushes a person's own public key for 60 seconds.
#include <algorithm>
#include <optional>
#include <ostream>
#include <sstream>

#include "aws/system/files.h"
#include "client/commands/commands.h"
#include "client/commands/login.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/commands/wrapper.h"
#include "client/limits.h"
#include "client/terminal_text.h"
#include "core/base64.h"

namespace eic::client {
namespace {

using aws::Failure;
using aws::Outcome;

// `TYPE BASE64 [COMMENT]`, whose bytes begin with the type as well (RFC 4253 section 6.6). Which
// types are taken AWS says.
bool IsPublicKey(const std::string& line) {
  std::istringstream words(line);
  std::string type;
  std::string base64;
  words >> type >> base64;
  const std::optional<std::string> blob = DecodeBase64(base64);
  if (type.empty() || !blob || line.find('\n') != std::string::npos) return false;
  const std::string length = {0, 0, 0, static_cast<char>(type.size())};
  return blob->compare(0, 4 + type.size(), length + type) == 0 && blob->size() > 4 + type.size();
}

// The key without what is around it. A private key never leaves this machine.
Outcome<std::string> CheckKey(const std::string& text, const std::string& source) {
  if (text.size() > kPublicKeyBytesMax) return Usage(source + " is too large for a public key");
  if (text.find("PRIVATE KEY") != std::string::npos) {
    return Failure{"Usage", source + " is a private key: nothing was sent",
                   "give the public key, usually the same name with .pub"};
  }
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return Usage(source + " is empty");
  std::string key = text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
  if (!IsPublicKey(key)) {
    return Failure{"Usage", source + " has no public key: nothing was sent",
                   "it is one line, `ssh-ed25519 AAAA...` or `ssh-rsa AAAA...`"};
  }
  return key;
}

Outcome<std::string> ReadKey(Outside& outside, const std::string& file) {
  if (file == "-") return CheckKey(outside.StandardInput(), "standard input");
  const Outcome<std::string> text = LoadFile(file, kPublicKeyBytesMax);
  if (!text) return text.error();
  return CheckKey(*text, file);
}

Outcome<LoginHost> Push(Outside& outside, const PushOptions& options) {
  const Outcome<std::string> key = ReadKey(outside, options.public_key_file);
  if (!key) return key.error();
  const Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return folder.error();
  const Outcome<SettingsFile> settings = ReadSettings(outside);
  if (!settings) return settings.error();
  Logins logins(outside, *folder, options.own, *settings);
  Outcome<LoginHost> host = logins.Resolve(options.word, options.os_user, "");
  if (!host) return host.error();
  std::string user;
  while (user != host->user) {
    user = host->user;
    const Outcome<Nothing> pushed = logins.Push(*key, &*host);
    if (!pushed) return pushed.error();
  }
  return host;
}

std::string Shown(const std::string& text) { return TerminalLine(text, kShownValueBytesMax); }

}  // namespace

int RunPushCommand(Outside& outside, const PushOptions& options) {
  const Outcome<LoginHost> host = Push(outside, options);
  if (!host) return Report(outside.Errors(), host.error());
  outside.Output() << "The key is valid for " << Shown(host->user) << " on "
                   << Shown(host->instance_id) << " for 60 seconds.\n";
  const Outcome<std::vector<std::string>> addresses =
      host->instance
          ? AddressesOf(*host->instance, options.own.address.value_or(AddressKind::kAuto))
          : Outcome<std::vector<std::string>>(std::vector<std::string>{});
  if (addresses && !addresses->empty()) {
    outside.Output() << "ssh -i PRIVATE_KEY " << Shown(host->user) << "@"
                     << Shown(addresses->front()) << "\n";
  }
  outside.Output() << std::flush;
  Warn(outside, options.own.is_verbose, UserWarning(*host));
  return outside.Output() ? 0 : kStatusFailed;
}

}  // namespace eic::client
