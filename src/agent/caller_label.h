// The label of a session: who pushed its key, as options of the line for sshd
// (--caller-environment). A label and never evidence: the account's owner can overwrite it.
// sshd(8), AUTHORIZED_KEYS FILE FORMAT, environment; doc/design.md step 10.
#pragma once

#include <optional>
#include <string>

#include "core/signature.h"

namespace eic {

// `environment="EIC_CALLER=ARN",environment="EIC_REQUEST=ID" `, with the blank that parts options
// and key. Nothing where caller or request id is missing, is longer than kCallerLabelBytesMax, or
// has other characters than letters, digits and `+=,.@_:/-`: so nothing that sshd would take for
// the end of a value ever stands in a line.
std::optional<std::string> CallerLabel(const VerifiedKey& key);

}  // namespace eic
