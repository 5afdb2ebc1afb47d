// Why an instance's port was not reached, and what to do about it.
#pragma once

#include <cstdint>
#include <string>

#include "aws/failure.h"
#include "console/front/trouble.h"

namespace eic::console {

// `failure` is that of client::Connector::Finish for `address`, the first that was tried. The slug
// is `connect-timeout`, `port-closed` or `no-route`.
Trouble NotConnected(const aws::Failure& failure, const std::string& address, std::uint16_t port,
                     const std::string& step);

}  // namespace eic::console
