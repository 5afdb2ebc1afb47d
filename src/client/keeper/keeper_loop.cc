#include "client/keeper/keeper_loop.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "client/keeper/control_desk.h"
#include "client/last_failure.h"

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;

template <typename Connection>
void RemoveOver(std::vector<std::unique_ptr<Connection>>& connections) {
  connections.erase(
      std::remove_if(connections.begin(), connections.end(),
                     [](const std::unique_ptr<Connection>& kept) { return kept->is_over; }),
      connections.end());
}

}  // namespace

// cppcheck-suppress passedByValue ; what it owns is moved out of it
KeeperLoop::KeeperLoop(Parts parts)
    : folder_(std::move(parts.folder)),
      control_(std::move(parts.control)),
      agent_(std::move(parts.agent)),
      stop_(parts.stop),
      note_(std::move(parts.note)),
      now_(Clock::now()),
      idle_from_(now_ + kFirstRequestTimeMax),
      accept_from_(now_) {}

void KeeperLoop::Run() {
  while (!IsIdle()) {
    std::vector<Wait> waits = Waits();
    std::vector<pollfd> descriptors;
    descriptors.reserve(waits.size());
    for (const Wait& wait : waits) descriptors.push_back(wait.descriptor);
    const int ready = poll(descriptors.data(), descriptors.size(), TimeToWait());
    now_ = Clock::now();
    if (ready < 0 && errno != EINTR) return;
    for (std::size_t i = 0; ready > 0 && i < waits.size(); ++i) {
      if (descriptors[i].revents == 0) continue;
      if (descriptors[i].fd == stop_) return;
      waits[i].act();
    }
    Sweep();
  }
}

std::vector<KeeperLoop::Wait> KeeperLoop::Waits() {
  std::vector<Wait> waits;
  waits.push_back({{stop_, POLLIN, 0}, [] {}});
  AddConnections(waits);
  // The sweep behind every round looks at what has ended.
  for (const std::unique_ptr<Login>& login : book_.logins()) {
    for (const ProcessWatch& process : login->processes) {
      waits.push_back({{process.descriptor(), POLLIN, 0}, [] {}});
    }
  }
  AddListeners(waits);
  return waits;
}

// Last, so that what has ended makes room first.
void KeeperLoop::AddListeners(std::vector<Wait>& waits) {
  if (now_ < accept_from_ || Connections() >= kConnectionsMax) return;
  waits.push_back({{control_.get(), POLLIN, 0}, [this] { AcceptControl(); }});
  waits.push_back({{agent_.get(), POLLIN, 0}, [this] { AcceptAgent(); }});
}

void KeeperLoop::AddConnections(std::vector<Wait>& waits) {
  for (const auto& owned : controls_) {
    ControlConnection* control = owned.get();
    waits.push_back({{control->connection.descriptor(), control->connection.Events(), 0},
                     [this, control] { Serve(*control); }});
  }
  for (const auto& owned : logins_) {
    LoginConnection* login = owned.get();
    waits.push_back({{login->connection.descriptor(), login->connection.Events(), 0},
                     [this, login] { Serve(*login); }});
  }
  for (const auto& owned : relays_) {
    RelayedConnection* relay = owned.get();
    const auto serve = [relay] {
      if (!relay->is_over) relay->is_over = !relay->connection.Serve();
    };
    waits.push_back({{relay->connection.ssh(), relay->connection.SshEvents(), 0}, serve});
    waits.push_back({{relay->connection.agent(), relay->connection.AgentEvents(), 0}, serve});
  }
}

// In milliseconds, to the next thing that is due; -1 for ever.
int KeeperLoop::TimeToWait() const {
  std::optional<TimePoint> next = book_.NextEnd();
  const auto consider = [&next](TimePoint due) {
    if (!next || due < *next) next = due;
  };
  for (const auto& control : controls_) consider(control->ends);
  if (now_ < accept_from_) consider(accept_from_);
  if (book_.IsEmpty() && Connections() == 0) consider(idle_from_);
  for (const std::unique_ptr<Login>& login : book_.logins()) {
    for (const ProcessWatch& process : login->processes) {
      if (process.descriptor() < 0) consider(now_ + kLookPeriod);
    }
  }
  if (!next) return -1;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*next - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count() + 1, 0));
}

bool KeeperLoop::IsIdle() const {
  return book_.IsEmpty() && Connections() == 0 && now_ >= idle_from_;
}

std::size_t KeeperLoop::Connections() const {
  return controls_.size() + logins_.size() + relays_.size();
}

// No descriptor where nobody is there any more, or another user is: root may connect, and is
// refused.
Descriptor KeeperLoop::Accept(const Descriptor& listener, Peer& peer) {
  Descriptor socket = AcceptFrom(listener.get());
  if (!socket) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      accept_from_ = now_ + kAcceptPause;
    }
    return {};
  }
  const std::optional<Peer> found = PeerOf(socket.get());
  if (!found || found->uid != geteuid()) return {};
  peer = *found;
  return socket;
}

void KeeperLoop::AcceptControl() {
  Peer peer;
  Descriptor socket = Accept(control_, peer);
  if (!socket) return;
  controls_.push_back(std::make_unique<ControlConnection>(
      ControlConnection{MessageConnection(std::move(socket), peer, kControlMessageBytesMax),
                        now_ + kControlTimeMax}));
}

void KeeperLoop::AcceptAgent() {
  Peer peer;
  Descriptor socket = Accept(agent_, peer);
  if (socket) TakeAgentConnection(std::move(socket), peer);
}

void KeeperLoop::TakeAgentConnection(Descriptor socket, const Peer& peer) {
  Login* login = book_.FindOrAdopt(peer.pid);
  if (login == nullptr) return;
  if (login->was_connected) {
    StartRelay(std::move(socket), *login, {});
    return;
  }
  login->was_connected = true;
  const KnownHostsDoor known_hosts = [this](const std::vector<std::string>& names) {
    return ReadKnownKeys(folder_.KnownHosts(), names);
  };
  logins_.push_back(std::make_unique<LoginConnection>(
      LoginConnection{MessageConnection(std::move(socket), peer, kAgentMessageBytesMax),
                      login->number, AgentSession(known_hosts)}));
}

// To the user's own agent, where there is one and it is not this keeper.
void KeeperLoop::StartRelay(Descriptor socket, const Login& login, std::string pending) {
  const std::string& path = login.request.user_agent_socket;
  if (path.empty() || FileIdOf(path) == FileIdOf(folder_.AgentSocket())) return;
  Descriptor agent = ConnectTo(path);
  if (!agent) return;
  relays_.push_back(std::make_unique<RelayedConnection>(RelayedConnection{
      ForwardedConnection(std::move(socket), std::move(agent), std::move(pending))}));
}

void KeeperLoop::Serve(ControlConnection& control) {
  const auto answer = [&](std::string_view message) -> std::optional<std::string> {
    idle_from_ = now_;
    return AnswerControl(message, control.connection.peer(), note_, Clock::now(), book_);
  };
  control.is_over = !control.connection.Serve(answer);
}

void KeeperLoop::Serve(LoginConnection& served) {
  const auto answer = [&](std::string_view message) -> std::optional<std::string> {
    Login* login = book_.FindNumber(served.login);
    if (login != nullptr) KeyBook::NoteSession(*login);
    const LoginTerms terms = login == nullptr ? LoginTerms{} : KeyBook::TermsOf(*login);
    const AgentSession::Step step = served.session.Take(message, terms);
    RecordRefusal(served, terms);
    if (step.kind == AgentSession::Step::Kind::kAnswer) return step.answer;
    served.is_relayed = true;
    return std::nullopt;
  };
  if (!served.connection.Serve(answer)) EndLoginConnection(served);
}

// Before ssh has the answer: the person may ask `eic why` right behind ssh's words.
void KeeperLoop::RecordRefusal(LoginConnection& served, const LoginTerms& terms) const {
  if (served.session.refusal().empty() || std::exchange(served.is_recorded, true)) return;
  RecordLastFailure(
      folder_, terms.comment,
      {"NotSigned", "the one-time key signed nothing: " + served.session.refusal(), ""});
}

void KeeperLoop::EndLoginConnection(LoginConnection& ended) {
  ended.is_over = true;
  Login* login = book_.FindNumber(ended.login);
  if (login == nullptr) return;
  if (ended.is_relayed) {
    StartRelay(ended.connection.ReleaseSocket(), *login, ended.connection.ReleaseInput());
  }
  book_.DropKey(*login);
}

void KeeperLoop::Sweep() {
  for (const auto& control : controls_) {
    if (now_ >= control->ends) control->is_over = true;
  }
  RemoveOver(controls_);
  RemoveOver(logins_);
  RemoveOver(relays_);
  book_.Sweep(now_);
}

}  // namespace eic::client
