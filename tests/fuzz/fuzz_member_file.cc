// A member's file and its command: chain/member_file, chain/words, chain/tokens. The input is the
// text of a file; each of its lines is tried as a command as well.
#include <string>
#include <vector>

#include "chain/member_file.h"
#include "chain/tokens.h"
#include "chain/words.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

// A command that sshd would divide into just these words.
std::string Quoted(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) {
    command += " \"";
    for (const char c : word) {
      if (c == '"' || c == '\\' || c == '\'') command += '\\';
      command += c;
    }
    command += '"';
  }
  return command;
}

void HoldCommand(std::string_view command) {
  const auto words = chain::SplitCommand(command);
  if (!words) return;
  const auto again = chain::SplitCommand(Quoted(*words));
  Hold(again == words, "words that are quoted are the same words");
  const auto letters = chain::TokensOf(*words);
  if (!letters) return;
  chain::TokenValues values;
  for (const char letter : *letters) values[letter] = "%u \"\\";
  for (std::size_t i = 1; i < words->size(); ++i) {
    const auto expanded = chain::Expand((*words)[i], values);
    Hold(expanded.ok(), "a word whose tokens are given has a value");
    const bool is_plain = (*words)[i].find('%') == std::string::npos;
    Hold(!is_plain || *expanded == (*words)[i], "a word without tokens stays as it is");
  }
}

void HoldMember(const chain::Member& member) {
  Hold(!member.words.empty() && member.words.front().front() == '/', "a program is a path");
  Hold(member.words.size() <= chain::kWordsMax, "words have a limit");
  Hold(!member.user.empty(), "a member has a user");
  Hold(member.time_limit.count() >= 1 && member.time_limit <= chain::kMemberTimeMax,
       "a member has a time limit");
  Hold(chain::TokensOf(member.words).ok(), "a member has sshd's tokens alone");
  const auto again = chain::ParseMemberFile(
      "a.conf", chain::FormatMemberFile("# x\n", member.command, member.user, member.is_confined));
  Hold(again && again->words == member.words && again->user == member.user &&
           again->is_confined == member.is_confined,
       "what is written reads as what was meant");
}

}  // namespace

void MemberFile(std::string_view input) {
  const auto member = chain::ParseMemberFile("a.conf", input);
  if (member) HoldMember(*member);
  Hold(member || !member.error().text.empty(), "a file that is refused has a reason");
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    HoldCommand(input.substr(0, end));
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  }
}

}  // namespace eic::fuzz
