// How sshd divides a line of sshd_config into a keyword and words. Releases differ, so each
// function takes the one that reads:
//
//   line    := blank* keyword ( blank+ | blank* '=' blank* ) rest
//   keyword := up to a blank, one `=`, or the end of a pair of double quotes
//   rest    := from 8.7 on, words of single and double quotes and escapes; `#` where a word begins
//              ends them. Before, `#` ends the line anywhere, and a word is read as the
//              keyword is.
//   Match   := as rest of its release, but until 9.8 words are taken as the keyword is
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

// Of OpenSSH. An sshd that could not be asked counts as the newest.
struct SshdRelease {
  int major = 10;
  int minor = 0;

  bool IsAtLeast(int other_major, int other_minor) const {
    return major > other_major || (major == other_major && minor >= other_minor);
  }
};

// From the output of `sshd -V`, also of an older sshd that does not know that option:
// `OpenSSH_8.4p1 Debian-5, ...`.
SshdRelease ParseSshdRelease(std::string_view said);

struct ConfigLine {
  std::string keyword;    // lower case; empty for blank lines and comments
  std::string_view rest;  // borrowed from the line
};

// A line of a file; also what follows `-o`, to which the newest rules apply.
ConfigLine SplitConfigLine(std::string_view line, const SshdRelease& release = {});

// The words of `rest` up to a comment. If a quote is not closed, there are none from 8.7 on, which
// rejects the line; before 8.7, the words before the quote.
std::vector<std::string> SplitConfigWords(std::string_view rest, const SshdRelease& release = {});

// The same for a Match line.
std::vector<std::string> SplitMatchWords(std::string_view rest, const SshdRelease& release = {});

}  // namespace eic::admin
