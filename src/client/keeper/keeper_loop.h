// The keeper at work: one thread, one poll(2) loop over its two sockets, the processes that it
// watches and the connections that it serves. No peer can make another one wait but for the time
// that a key takes to be made.
#pragma once

#include <poll.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/system/descriptor.h"
#include "client/folder.h"
#include "client/keeper/forwarded_connection.h"
#include "client/keeper/key_book.h"
#include "client/keeper/limits.h"
#include "client/keeper/message_connection.h"
#include "client/signing/agent_session.h"

namespace eic::client {

class KeeperLoop {
 public:
  struct Parts {
    Folder folder;
    Descriptor control;  // listens at folder.ControlSocket()
    Descriptor agent;    // listens at folder.AgentSocket()
    int stop = -1;       // borrowed; readable when the keeper is to end
    std::string note;    // PrepareSecureMemory
  };
  explicit KeeperLoop(Parts parts);

  // Serves until there is nothing left to serve, or `stop`.
  void Run();

 private:
  struct ControlConnection {
    MessageConnection connection;
    TimePoint ends;
    bool is_over = false;
  };
  struct LoginConnection {
    MessageConnection connection;
    std::uint64_t login;  // its number
    AgentSession session;
    bool is_relayed = false;
    bool is_recorded = false;  // its refusal was
    bool is_over = false;
  };
  struct RelayedConnection {
    ForwardedConnection connection;
    bool is_over = false;
  };
  // What the loop waits for, and what it does then.
  struct Wait {
    pollfd descriptor;
    std::function<void()> act;
  };

  std::vector<Wait> Waits();
  void AddListeners(std::vector<Wait>& waits);
  void AddConnections(std::vector<Wait>& waits);
  int TimeToWait() const;
  bool IsIdle() const;
  std::size_t Connections() const;

  void AcceptControl();
  void AcceptAgent();
  Descriptor Accept(const Descriptor& listener, Peer& peer);
  void TakeAgentConnection(Descriptor socket, const Peer& peer);
  void StartRelay(Descriptor socket, const Login& login, std::string pending);
  void Serve(ControlConnection& control);
  void Serve(LoginConnection& login);
  void RecordRefusal(LoginConnection& served, const LoginTerms& terms) const;
  void EndLoginConnection(LoginConnection& ended);
  void Sweep();

  Folder folder_;
  Descriptor control_;
  Descriptor agent_;
  int stop_;
  std::string note_;
  KeyBook book_;
  std::vector<std::unique_ptr<ControlConnection>> controls_;
  std::vector<std::unique_ptr<LoginConnection>> logins_;
  std::vector<std::unique_ptr<RelayedConnection>> relays_;
  TimePoint now_;
  TimePoint idle_from_;    // not before, so that whoever started it can ask
  TimePoint accept_from_;  // not before: descriptors had run out
};

}  // namespace eic::client
