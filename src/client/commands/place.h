// Where AWS is asked, and as whom: what command line, word and settings say together.
#pragma once

#include <string>
#include <vector>

#include "client/outside.h"
#include "client/own_options.h"
#include "client/target/settings.h"

namespace eic::client {

// ~/.config/eic/config, or below XDG_CONFIG_HOME. Fails with `BadConfiguration`.
aws::Outcome<SettingsFile> ReadSettings(const Outside& outside);

// Region and profile: of the command line, else of the word (`ID.REGION.PROFILE`), else of the
// settings, else AWS's own order.
aws::Settings PlaceOf(const OwnOptions& own, const Target& target, const Settings& settings);

// The words of `eic proxy` for hosts that are asked for at `place`, for a ProxyCommand. The proxy
// reads the settings itself, so only what the command line said need be in it. `fixed_address`: of
// -t ID HOST, or empty.
aws::Outcome<std::vector<std::string>> ProxyCommandWords(const Outside& outside,
                                                         const OwnOptions& own,
                                                         const aws::Settings& place,
                                                         const std::string& fixed_address);

}  // namespace eic::client
