// Small things that several parsers of src/aws need of text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::aws {

// Without white space (ASCII's) at both ends, and at the end.
std::string_view Trimmed(std::string_view text);
std::string_view TrimmedEnd(std::string_view text);

std::string LowerCase(std::string_view text);  // ASCII's letters
std::string UpperCase(std::string_view text);

// RFC 3629: no surrogates, no longer forms than needed.
bool IsUtf8(std::string_view text);

bool StartsWith(std::string_view text, std::string_view start);
bool EndsWith(std::string_view text, std::string_view end);

// At most `bytes_max` bytes; one that had to be cut ends in `...`.
std::string Capped(std::string_view text, std::size_t bytes_max);

// Everything but RFC 3986's unreserved characters as %HH.
std::string PercentEncode(std::string_view text);

// Words as Python's shlex.split has them: quotes of both kinds, backslashes, no comments, nothing
// expanded. Nothing where a quote is open at the end, or a backslash is the last character.
std::optional<std::vector<std::string>> SplitWords(std::string_view text);

// `true` in any case, as AWS's variables and keys have it.
bool IsTrue(std::string_view text);

}  // namespace eic::aws
