// What the wrappers of ssh, scp and sftp have in common.
#pragma once

#include <string>
#include <vector>

#include "client/outside.h"
#include "client/own_options.h"
#include "client/ssh/config_writer.h"
#include "client/ssh/ssh_settings.h"

namespace eic::client {

// Writes the -F file for `hosts`; gives its path. `config_file` is what -F said, or empty: the
// person's and the system's are included. `none`: nothing is.
aws::Outcome<std::string> WriteCommandFile(Outside& outside, const Folder& folder,
                                           const SshVersion& version, const OwnOptions& own,
                                           const std::vector<HostSection>& hosts,
                                           const std::string& config_file);

// Whether ssh takes `host` as a host's name when it is asked (-G). A Name tag may be anything.
bool IsAskable(const std::string& host);

// Asked about in the place of one that is not; and shows what counts for every host.
inline constexpr const char* kNobodysHost = "some-instance";

// A line that a POSIX shell runs as `words`.
std::string ShellLine(const std::vector<std::string>& words);

// Options that go before the person's: of several values of a setting ssh takes the first, and with
// IdentitiesOnly or another agent the key would not be offered.
std::vector<std::string> OverridingOptions(const Folder& folder, bool wants_only_identities,
                                           const std::string& identity_agent);

// Prints the line where --print-command is given, else becomes it. Gives the status.
int BecomeOrPrint(Outside& outside, const OwnOptions& own, const std::vector<std::string>& words);

// The warning of login.h, on a terminal or with -v.
void Warn(Outside& outside, bool is_verbose, const std::string& warning);

// Reports `failure`, and keeps it for `eic why --last`.
int ReportLogin(Outside& outside, const Folder& folder, const std::string& target,
                const aws::Failure& failure);

}  // namespace eic::client
