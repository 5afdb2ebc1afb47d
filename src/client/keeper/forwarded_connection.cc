#include "client/keeper/forwarded_connection.h"

namespace eic::client {

short ForwardedConnection::SshEvents() const {
  return static_cast<short>(to_agent_.FromEvents() | to_ssh_.ToEvents());
}

short ForwardedConnection::AgentEvents() const {
  return static_cast<short>(to_ssh_.FromEvents() | to_agent_.ToEvents());
}

bool ForwardedConnection::Serve() {
  to_agent_.Move();
  to_ssh_.Move();
  // An agent answers while it is asked: once either side is gone nothing is left to say.
  return !to_agent_.IsDone() && !to_ssh_.IsDone();
}

}  // namespace eic::client
