// Two files that name users, services and places, the first row that fits deciding: access.conf of
// pam_access, and hosts.allow with hosts.deny of libwrap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/doctor/lists/client.h"

namespace eic::admin {

// Who logs in, for access.conf.
struct Person {
  std::string name;
  std::vector<std::string> groups;
};

// What the rows come to for a login.
struct Ruling {
  enum class Kind { kAllows, kDenies, kDepends } kind = Kind::kAllows;
  std::string row;  // that decides, or on which it depends; empty: none fits
};

// access.conf(5):
//   row := ('+' | '-') ':' users ':' origins
// Lists are divided by blanks, and may have one EXCEPT after the other. A row with a netgroup or a
// name of the network depends on what is not looked up here, and so does a last row without a line
// feed, which not all releases read.
struct AccessOptions {
  char field_separator = ':';
  std::string list_separators = " \t,";
  bool groups_in_parentheses_only = false;  // nodefgroup
};
Ruling RuleByAccess(std::string_view text, const AccessOptions& options, const Person& person,
                    const Client& client);

// hosts_access(5) and hosts_options(5), for the daemon `sshd`:
//   row := daemons ':' clients (':' option)*
// hosts.allow comes first; what no row fits is allowed. A last row without a line
// feed counts, as Debian's libwrap has it.
Ruling RuleByHosts(std::string_view allow, std::string_view deny, const Client& client);

}  // namespace eic::admin
