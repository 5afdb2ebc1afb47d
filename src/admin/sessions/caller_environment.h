// What `enable --caller-environment` writes: the agent's option, and sshd's leave to set the two
// variables. Text and its checks; plan_enable.cc puts it in its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "admin/failure.h"
#include "admin/layout.h"
#include "admin/slot/survey.h"

namespace eic::admin {

inline constexpr std::string_view kLabellingCommand =
    EIC_LIBEXECDIR "/eic-authorized-keys --caller-environment -- %u %f %t";
// A list of names is taken from OpenSSH 7.8 on; no other variable of a key's or user's gets in.
inline constexpr std::string_view kPermitLine = "PermitUserEnvironment EIC_CALLER,EIC_REQUEST";

// The block for sshd_config (admin/sshd/config_text.h) with that command, and that line at its end.
std::string LabellingBlock(std::string_view block);

// Whether our line, with which sshd takes the label, is in the configuration.
bool PermitsLabels(const Survey& survey, const Tree& tree);

// Fails with kRefused: what is `effective` is our agent, and not as `enable` writes it; sshd is
// older than 7.8 (where it does not say, `sshd -t` decides later); or a line that is not ours, or
// an option on sshd's command line, sets PermitUserEnvironment, whose owner wants what it says.
Outcome<Nothing> CheckCallerEnvironment(const Survey& survey, const Effective& effective,
                                        const Tree& tree);

}  // namespace eic::admin
