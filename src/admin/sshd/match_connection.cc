#include "admin/sshd/match_connection.h"

#include <grp.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// The first pattern of a list that is not negated, with its wildcards filled in.
std::optional<std::string> ExampleOf(const std::string& list) {
  std::size_t at = 0;
  while (at <= list.size()) {
    const std::size_t end = std::min(list.size(), list.find(',', at));
    std::string pattern = list.substr(at, end - at);
    at = end + 1;
    if (pattern.empty() || pattern[0] == '!') continue;
    for (char& c : pattern) {
      if (c == '*' || c == '?') c = 'x';
    }
    return pattern;
  }
  return std::nullopt;
}

// An address of `10.0.0.0/8`: the first.
std::optional<std::string> ExampleAddress(const std::string& list) {
  std::optional<std::string> example = ExampleOf(list);
  if (!example) return example;
  std::string address = example->substr(0, example->find('/'));
  // `192.0.2.*`, filled in as if it were a name.
  for (char& c : address) {
    if (c == 'x') c = '1';
  }
  return address;
}

std::optional<std::string> MemberOf(const std::string& list) {
  const std::optional<std::string> name = ExampleOf(list);
  if (!name) return std::nullopt;
  // cppcheck-suppress getgrnamCalled ; one thread
  const group* entry = getgrnam(name->c_str());
  if (entry == nullptr || entry->gr_mem[0] == nullptr) return std::nullopt;
  return std::string(entry->gr_mem[0]);
}

std::optional<std::string> Example(const std::string& criterion, const std::string& list) {
  if (criterion == "group") return MemberOf(list);
  if (criterion == "address" || criterion == "localaddress") return ExampleAddress(list);
  return ExampleOf(list);
}

const std::map<std::string, std::string>& ConnectionNames() {
  static const std::map<std::string, std::string> kNames = {
      {"user", "user"},    {"group", "user"},         {"host", "host"},
      {"address", "addr"}, {"localaddress", "laddr"}, {"localport", "lport"}};
  return kNames;
}

// `user` -> `alice`, in their order; `all` has no list.
std::vector<std::pair<std::string, std::string>> CriteriaOf(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> criteria;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string criterion = words[i];
    for (char& c : criterion) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    // `User=alice` is another spelling.
    const std::size_t equals = criterion.find('=');
    std::string list;
    if (equals != std::string::npos) {
      list = words[i].substr(equals + 1);
      criterion.resize(equals);
    } else if (criterion != "all" && i + 1 < words.size()) {
      list = words[++i];
    }
    criteria.emplace_back(std::move(criterion), std::move(list));
  }
  return criteria;
}

}  // namespace

bool MayMeanOthers(const std::vector<std::string>& words) {
  for (const auto& [criterion, list] : CriteriaOf(words)) {
    const bool has_names = criterion == "user" || criterion == "group";
    if (has_names && list.find_first_of("*?") == std::string::npos) return false;
  }
  return true;
}

std::optional<Connection> ConnectionFor(const std::vector<std::string>& words) {
  std::map<std::string, std::string> parts = {{"user", "eic-nobody-in-particular"},
                                              {"host", "host.invalid"},
                                              {"addr", "192.0.2.1"},
                                              {"laddr", "192.0.2.2"},
                                              {"lport", "22"}};
  for (const auto& [criterion, list] : CriteriaOf(words)) {
    if (criterion == "all") continue;
    const auto name = ConnectionNames().find(criterion);
    if (name == ConnectionNames().end()) return std::nullopt;
    const std::optional<std::string> example = Example(criterion, list);
    if (!example) return std::nullopt;
    parts[name->second] = *example;
  }
  Connection connection;
  for (const auto& [name, value] : parts) {
    if (!connection.empty()) connection += ",";
    connection.append(name).append("=").append(value);
  }
  return connection;
}

}  // namespace eic::admin
