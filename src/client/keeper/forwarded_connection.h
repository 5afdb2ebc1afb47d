// A connection that ssh forwarded from a remote host, relayed byte for byte to the user's own
// agent.
#pragma once

#include <memory>
#include <string>

#include "aws/system/descriptor.h"
#include "client/system/one_way.h"

namespace eic::client {

class ForwardedConnection {
 public:
  // `pending` has arrived from ssh already.
  ForwardedConnection(Descriptor ssh, Descriptor agent, std::string pending)
      : ssh_(std::move(ssh)),
        agent_(std::move(agent)),
        to_agent_(ssh_.get(), agent_.get(), std::move(pending)),
        to_ssh_(agent_.get(), ssh_.get()) {}

  int ssh() const { return ssh_.get(); }
  int agent() const { return agent_.get(); }
  short SshEvents() const;
  short AgentEvents() const;

  // Moves what is possible now. False once one of the two has ended and its last bytes are
  // delivered.
  bool Serve();

 private:
  Descriptor ssh_;
  Descriptor agent_;
  OneWay to_agent_;
  OneWay to_ssh_;
};

}  // namespace eic::client
