// The words of a command in a unit file, and the variables in them: the part of
// systemd.service(5), "Command lines", and of systemd.exec(5), EnvironmentFile=, that sshd's units
// use.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

using Variables = std::map<std::string, std::string>;

// `/usr/sbin/sshd -D $SSHD_OPTS -o "A %%u"`, split: quotes and backslashes are resolved, `%%` is
// one percent sign. The prefixes of the program (`-`, `@`, ...) are taken away.
std::vector<std::string> SplitUnitWords(std::string_view command);

// `$NAME` as a word of its own becomes as many words as its value has; `${NAME}` is replaced inside
// its word; a variable that is not set is empty.
std::vector<std::string> ExpandVariables(const std::vector<std::string>& words,
                                         const Variables& variables);

// As systemd reads an EnvironmentFile=:
//   file       := (blank | comment | assignment)*
//   comment    := ('#' | ';') byte* LF
//   assignment := name '=' value LF
//   value      := ('"' byte* '"' | "'" byte* "'")* bare?
// Quoted pieces may have several lines. A backslash takes the next byte's meaning, between double
// quotes only that of `"`, `\`, `` ` `` and `$`; with a line feed it vanishes, and the value goes
// on. Quotes in a bare piece are for whoever splits the value.
Variables ParseEnvironmentFile(std::string_view text);

}  // namespace eic::admin
