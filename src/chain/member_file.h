// A member's file: what one command of the chain is. Pure.
//
//   file    := line*
//   line    := blank* (key blank* '=' blank* value)? blank* LF | blank* '#' ... LF
//   key     := "command" | "user" | "timeout" | "confine"      each at most once
//   command := as AuthorizedKeysCommand of sshd_config(5): a path, and words with tokens
//   user    := a name                                           the user that it runs as
//   timeout := 1 ... 60                                         seconds; default 10
//   confine := "yes" | "no"                                     default no
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "chain/limits.h"
#include "chain/wrong.h"

namespace eic::chain {

struct Member {
  std::string name;                // of its file, without `.conf`
  std::string command;             // as the file has it
  std::vector<std::string> words;  // the program, and its arguments with their tokens
  std::string user;
  std::chrono::seconds time_limit = kMemberTimeDefault;
  bool is_confined = false;
};

// Whether a file of this name is a member's: letters, digits, `.`, `_` and `-` before `.conf`,
// with no `.` or `-` in front; at most kMemberNameBytesMax bytes.
bool IsMemberFileName(std::string_view file_name);

// What is said of a file of more than kMemberFileBytesMax bytes.
Wrong TooLarge();

// Reads the text of the file `file_name`. `command` and `user` are required; an unknown key, or
// a key that occurs twice, is an error: nothing is guessed about who may log in. A command without
// arguments gets `%u`, as from sshd.
Outcome<Member> ParseMemberFile(std::string_view file_name, std::string_view text);

// The file that reads back as this command, user and confinement. `command` as sshd has it;
// `comment` lines, each with its `#`, come first.
std::string FormatMemberFile(std::string_view comment, std::string_view command,
                             std::string_view user, bool is_confined);

}  // namespace eic::chain
