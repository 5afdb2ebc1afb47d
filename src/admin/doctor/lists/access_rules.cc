#include "admin/doctor/lists/access_rules.h"

#include <strings.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

constexpr std::string_view kBlanks = " \t\r";

bool IsWord(const std::string& one, const char* other) {
  return strcasecmp(one.c_str(), other) == 0;
}

std::vector<std::string> SplitAt(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.size(), text.find_first_of(separators));
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// Lines with `\` at their end go on in the next.
std::vector<std::string> JoinedLines(std::string_view text) {
  std::vector<std::string> lines;
  bool goes_on = false;
  for (const std::string_view line : SplitLines(text)) {
    if (goes_on) {
      lines.back().append(line);
    } else {
      lines.emplace_back(line);
    }
    goes_on = !lines.back().empty() && lines.back().back() == '\\';
    if (goes_on) lines.back().pop_back();
  }
  return lines;
}

using FitsToken = std::function<Fit(const std::string& token)>;

// `a b EXCEPT c EXCEPT d`: those of a and b, without those of c that are not of d.
Fit FitsList(const std::vector<std::string>& tokens, std::size_t begin, const FitsToken& fits) {
  Fit fit = Fit::kNo;
  std::size_t at = begin;
  for (; at < tokens.size() && !IsWord(tokens[at], "EXCEPT"); ++at) {
    const Fit one = fits(tokens[at]);
    if (one == Fit::kYes || (one == Fit::kUnknown && fit == Fit::kNo)) fit = one;
  }
  if (at == tokens.size() || fit == Fit::kNo) return fit;
  const Fit excepted = FitsList(tokens, at + 1, fits);
  if (excepted == Fit::kYes) return Fit::kNo;
  return excepted == Fit::kUnknown ? Fit::kUnknown : fit;
}

Fit Both(Fit one, Fit other) {
  if (one == Fit::kNo || other == Fit::kNo) return Fit::kNo;
  return one == Fit::kYes && other == Fit::kYes ? Fit::kYes : Fit::kUnknown;
}

// `10.0.` is the beginning of an address; `10.0.0.0/8` a network. nullopt: neither.
std::optional<Fit> FitsNumbers(const std::string& token, const Client& client) {
  const bool is_beginning =
      token.back() == '.' && token.find_first_not_of("0123456789.") == std::string::npos;
  const std::optional<Network> network = ParseNetwork(token);
  if (!is_beginning && !network) return std::nullopt;
  if (!client.IsKnown()) return Fit::kUnknown;
  if (is_beginning) {
    return client.address.compare(0, token.size(), token) == 0 ? Fit::kYes : Fit::kNo;
  }
  const std::optional<AddressBytes> address = ParseAddress(client.address);
  return address && network->Has(*address) ? Fit::kYes : Fit::kNo;
}

Fit FitsPerson(const std::string& token, const AccessOptions& options, const Person& person) {
  if (IsWord(token, "ALL") || IsWord(token, person.name.c_str())) return Fit::kYes;
  if (token.find('@') != std::string::npos || token[0] == '#') return Fit::kUnknown;
  std::string group = token;
  const bool is_bare = token.front() != '(' || token.back() != ')';
  if (is_bare && options.groups_in_parentheses_only) return Fit::kNo;
  if (!is_bare) group = token.substr(1, token.size() - 2);
  const auto& groups = person.groups;
  return std::find(groups.begin(), groups.end(), group) != groups.end() ? Fit::kYes : Fit::kNo;
}

// A login by sshd has a place, and no terminal's name.
Fit FitsOrigin(const std::string& token, const Client& client) {
  if (IsWord(token, "ALL")) return Fit::kYes;
  if (const std::optional<Fit> fit = FitsNumbers(token, client)) return *fit;
  const bool is_terminal = token[0] == ':' || token.compare(0, 3, "tty") == 0 ||
                           token.compare(0, 4, "pts/") == 0 || IsWord(token, "cron") ||
                           IsWord(token, "crond");
  return is_terminal ? Fit::kNo : Fit::kUnknown;
}

Fit FitsDaemon(const std::string& token) {
  if (IsWord(token, "ALL") || MatchesPattern(token, "sshd")) return Fit::kYes;
  return token.compare(0, 5, "sshd@") == 0 ? Fit::kUnknown : Fit::kNo;
}

Fit FitsClient(const std::string& token, const Client& client) {
  if (IsWord(token, "ALL")) return Fit::kYes;
  if (const std::optional<Fit> fit = FitsNumbers(token, client)) return *fit;
  const bool is_pattern = token.find_first_of("*?") != std::string::npos;
  if (is_pattern && client.IsKnown() && MatchesPattern(token, client.address)) return Fit::kYes;
  return Fit::kUnknown;  // a name, LOCAL, KNOWN, a file, a netgroup
}

// Fields at `:`, but for those in brackets: `[2001:db8::]/32`.
std::vector<std::string> FieldsOf(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_bracketed = false;
  for (const char c : line) {
    if (c == '[') is_bracketed = true;
    if (c == ']') is_bracketed = false;
    if (c == ':' && !is_bracketed) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

// The first row that fits, of one of the two files. `kind`: what it then comes to, unless an option
// of the row says otherwise.
std::optional<Ruling> FirstOf(std::string_view text, Ruling::Kind kind, const Client& client) {
  for (const std::string& line : JoinedLines(text)) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string::npos || line[begin] == '#') continue;
    const std::vector<std::string> fields = FieldsOf(line);
    if (fields.size() < 2) continue;
    const Fit fit = Both(FitsList(SplitAt(fields[0], " \t,"), 0, &FitsDaemon),
                         FitsList(SplitAt(fields[1], " \t,"), 0, [&](const std::string& token) {
                           return FitsClient(token, client);
                         }));
    if (fit == Fit::kNo) continue;
    if (fit == Fit::kUnknown) return Ruling{Ruling::Kind::kDepends, line};
    for (std::size_t i = 2; i < fields.size(); ++i) {
      const std::vector<std::string> words = SplitAt(fields[i], kBlanks);
      if (words.size() == 1 && IsWord(words[0], "deny")) kind = Ruling::Kind::kDenies;
      if (words.size() == 1 && IsWord(words[0], "allow")) kind = Ruling::Kind::kAllows;
    }
    return Ruling{kind, line};
  }
  return std::nullopt;
}

}  // namespace

Ruling RuleByAccess(std::string_view text, const AccessOptions& options, const Person& person,
                    const Client& client) {
  for (const std::string_view whole : SplitLines(text)) {
    const std::string_view line = whole.substr(0, whole.find_last_not_of(kBlanks) + 1);
    if (line.empty() || line[0] == '#') continue;
    const std::size_t first = line.find(options.field_separator);
    const std::size_t second =
        first == std::string_view::npos ? first : line.find(options.field_separator, first + 1);
    if (second == std::string_view::npos) continue;
    const std::vector<std::string> permission = SplitAt(line.substr(0, first), kBlanks);
    if (permission.size() != 1 || (permission[0] != "+" && permission[0] != "-")) continue;
    const auto users = SplitAt(line.substr(first + 1, second - first - 1), options.list_separators);
    const auto origins = SplitAt(line.substr(second + 1), options.list_separators);
    const Fit fit = Both(
        FitsList(users, 0,
                 [&](const std::string& token) { return FitsPerson(token, options, person); }),
        FitsList(origins, 0, [&](const std::string& token) { return FitsOrigin(token, client); }));
    if (fit == Fit::kNo) continue;
    const auto decided = permission[0] == "+" ? Ruling::Kind::kAllows : Ruling::Kind::kDenies;
    // Releases of pam_access differ in whether they read a last row without a line feed.
    const bool has_end = whole.data() + whole.size() != text.data() + text.size();
    const bool is_certain = fit == Fit::kYes && has_end;
    return {is_certain ? decided : Ruling::Kind::kDepends, std::string(line)};
  }
  return {};
}

Ruling RuleByHosts(std::string_view allow, std::string_view deny, const Client& client) {
  if (const auto ruling = FirstOf(allow, Ruling::Kind::kAllows, client)) return *ruling;
  return FirstOf(deny, Ruling::Kind::kDenies, client).value_or(Ruling{});
}

}  // namespace eic::admin
