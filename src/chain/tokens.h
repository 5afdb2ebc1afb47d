// sshd's tokens for AuthorizedKeysCommand: which there are in which version, and their values for
// one login. sshd hands the values to eic-chain, which hands them to its members.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/wrong.h"

namespace eic::chain {

// From which version of OpenSSH on sshd knows a token, as 100 * major + minor.
struct Token {
  char letter;
  int since;
  std::string_view meaning;
};

// sshd_config(5), TOKENS. A token that sshd does not know passes `sshd -t`, and then ends every
// login: `enable --chain` proves those that it uses by a run (admin/sshd/prove_tokens.h).
const std::vector<Token>& KnownTokens();
bool IsKnownToken(char letter);

// The tokens of a login that asks for no others: `%u %f %t`.
inline constexpr std::string_view kDefaultTokens = "uft";

// Letter -> what sshd gave for it.
using TokenValues = std::map<char, std::string>;

// The letters that the words behind the first use, each once, in the order of their first use; `%%`
// has none. The first word is the program, in which sshd replaces nothing. Fails with a letter that
// no sshd knows, and a `%` at a word's end.
Outcome<std::string> TokensOf(const std::vector<std::string>& words);

// A word with its tokens replaced; `%%` becomes `%`. Values are bytes: nothing in them is looked
// at. Fails with a token that `values` does not have, and a `%` at the word's end.
Outcome<std::string> Expand(const std::string& word, const TokenValues& values);

}  // namespace eic::chain
