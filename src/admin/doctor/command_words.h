// A command for keys as sshd would run it for one login: its words, with values in the place of
// tokens.
#pragma once

#include <string>
#include <vector>

namespace eic::admin {

// What a client offers; by itself a key that nobody has.
struct OfferedKey {
  std::string fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  std::string type = "ssh-ed25519";
  std::string base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
};

// Whose login it is.
struct LoginOf {
  std::string name;
  std::string home;
  std::string uid;
};

// None where a quote is not closed, or there is no word.
std::vector<std::string> WordsFor(const std::string& command, const LoginOf& login,
                                  const OfferedKey& key);

}  // namespace eic::admin
