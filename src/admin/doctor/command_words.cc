#include "admin/doctor/command_words.h"

#include <cstddef>

#include "chain/words.h"

namespace eic::admin {
namespace {

// sshd_config(5), TOKENS.
std::string ValueOf(char letter, const LoginOf& login, const OfferedKey& key) {
  switch (letter) {
    case 'u':
      return login.name;
    case 'f':
      return key.fingerprint;
    case 't':
      return key.type;
    case 'k':
      return key.base64;
    case 'h':
      return login.home;
    case 'U':
      return login.uid;
    case 'C':
      return "192.0.2.1 65535 192.0.2.2 22";
    case '%':
      return "%";
    default:
      return "";
  }
}

}  // namespace

std::vector<std::string> WordsFor(const std::string& command, const LoginOf& login,
                                  const OfferedKey& key) {
  std::vector<std::string> words =
      chain::SplitCommand(command).value_or(std::vector<std::string>());
  for (std::string& word : words) {
    std::string replaced;
    for (std::size_t at = 0; at < word.size(); ++at) {
      const bool is_token = word[at] == '%' && at + 1 < word.size();
      replaced += is_token ? ValueOf(word[++at], login, key) : std::string(1, word[at]);
    }
    word = std::move(replaced);
  }
  return words;
}

}  // namespace eic::admin
