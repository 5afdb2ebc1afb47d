#include "client/keeper/keeper_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include "client/keeper/control_protocol.h"
#include "client/keeper/limits.h"
#include "client/keeper/start_keeper.h"
#include "client/signing/wire.h"
#include "client/system/linux_socket.h"

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;

aws::Failure Failed(const std::string& message) {
  return aws::Failure{"KeeperFailed", message,
                      "Try again. If it still fails, end your user's process eic-keeper."};
}

void Pause(std::chrono::milliseconds span) {
  const timespec time{0, static_cast<long>(span.count()) * 1000 * 1000};
  (void)nanosleep(&time, nullptr);
}

bool WaitFor(int socket, short events, Clock::time_point ends) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now());
    pollfd waited{socket, events, 0};
    const int ready = poll(&waited, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool SendAll(int socket, std::string_view bytes, Clock::time_point ends) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !WaitFor(socket, POLLOUT, ends)) {
      return false;
    }
  }
  return true;
}

// The message of one frame; nothing where the keeper ended before, or took too long.
std::optional<std::string> ReadFrame(int socket, Clock::time_point ends) {
  std::string in;
  std::array<char, 4096> part{};
  while (true) {
    const Frame frame = PeekFrame(in, kControlMessageBytesMax);
    if (frame.state == Frame::State::kTooLong) return std::nullopt;
    if (frame.state == Frame::State::kWhole) return std::string(frame.message);
    const ssize_t got = recv(socket, part.data(), part.size(), 0);
    if (got > 0) {
      in.append(part.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR) || !WaitFor(socket, POLLIN, ends)) {
      return std::nullopt;
    }
  }
}

struct Attempt {
  enum class State { kAnswered, kNobody, kEnded, kAnotherUser } state;
  pid_t keeper = 0;  // once it is known who answers
  std::optional<ControlAnswer> answer = std::nullopt;
};

Attempt AskOnce(const Folder& folder, const std::string& message, Clock::time_point ends) {
  const Descriptor socket = ConnectTo(folder.ControlSocket());
  if (!socket) {
    const bool is_nobody = errno == ENOENT || errno == ECONNREFUSED;
    return {is_nobody ? Attempt::State::kNobody : Attempt::State::kEnded};
  }
  const std::optional<Peer> keeper = PeerOf(socket.get());
  if (!keeper || keeper->uid != geteuid()) return {Attempt::State::kAnotherUser};
  if (!SendAll(socket.get(), Framed(message), ends)) return {Attempt::State::kEnded, keeper->pid};
  const std::optional<std::string> answered = ReadFrame(socket.get(), ends);
  if (!answered) return {Attempt::State::kEnded, keeper->pid};
  return {Attempt::State::kAnswered, keeper->pid, ParseControlAnswer(*answered)};
}

// Asks until there is an answer, or kCallTimeMax has passed. Where nobody is there, starts the
// keeper if it `may_start`; else the answer is kNone.
aws::Outcome<ControlAnswer> Ask(const Folder& folder, const ControlRequest& request,
                                bool may_start) {
  const std::string message = PrintControlRequest(request);
  const Clock::time_point ends = Clock::now() + kCallTimeMax;
  pid_t keeper = 0;
  while (Clock::now() < ends) {
    Attempt attempt = AskOnce(folder, message, ends);
    keeper = attempt.keeper;
    if (attempt.state == Attempt::State::kAnotherUser) {
      return Failed("another user's process answers at " + folder.ControlSocket());
    }
    if (attempt.state == Attempt::State::kAnswered) {
      if (!attempt.answer) return Failed("the keeper's answer is malformed");
      if (attempt.answer->kind == ControlAnswer::Kind::kFailed) return attempt.answer->failure;
      if (attempt.answer->kind != ControlAnswer::Kind::kBusy) return std::move(*attempt.answer);
      Pause(kBusyPause);
      continue;
    }
    if (attempt.state == Attempt::State::kNobody && !may_start) {
      return ControlAnswer{ControlAnswer::Kind::kNone};
    }
    if (attempt.state == Attempt::State::kNobody) {
      const aws::Outcome<Start> start = StartKeeper(folder);
      if (!start) return start.error();
      if (*start == Start::kStarted) continue;
    }
    Pause(kRetryPause);
  }
  return Failed("no answer within " + std::to_string(kCallTimeMax.count()) +
                " s from the keeper at " + folder.ControlSocket() +
                (keeper > 0 ? ", process " + std::to_string(keeper) : ""));
}

ControlRequest About(ControlVerb verb, pid_t ssh_pid) {
  ControlRequest request;
  request.verb = verb;
  request.about.ssh_pid = ssh_pid;
  return request;
}

aws::Outcome<Nothing> AskDone(const Folder& folder, const ControlRequest& request) {
  const aws::Outcome<ControlAnswer> answer = Ask(folder, request, false);
  if (!answer) return answer.error();
  if (answer->kind == ControlAnswer::Kind::kDone) return Nothing{};
  return aws::Failure{"KeyGone", "the keeper of one-time keys has ended", ""};
}

}  // namespace

aws::Outcome<KeptKey> MakeKey(const Folder& folder, const KeyRequest& request) {
  aws::Outcome<ControlAnswer> answer = Ask(folder, {ControlVerb::kMake, request}, true);
  if (!answer) return answer.error();
  if (answer->kind != ControlAnswer::Kind::kKey) return Failed("the keeper's answer is malformed");
  return std::move(answer->key);
}

aws::Outcome<std::optional<KeptKey>> FindKey(const Folder& folder, pid_t ssh_pid) {
  aws::Outcome<ControlAnswer> answer = Ask(folder, About(ControlVerb::kFind, ssh_pid), false);
  if (!answer) return answer.error();
  if (answer->kind != ControlAnswer::Kind::kKey) return std::optional<KeptKey>();
  return std::optional<KeptKey>(std::move(answer->key));
}

aws::Outcome<Nothing> MarkPushed(const Folder& folder, pid_t ssh_pid) {
  return AskDone(folder, About(ControlVerb::kPushed, ssh_pid));
}

aws::Outcome<Nothing> RelayForwarded(const Folder& folder, pid_t ssh_pid,
                                     const std::string& user_agent_socket) {
  ControlRequest request = About(ControlVerb::kRelay, ssh_pid);
  request.about.user_agent_socket = user_agent_socket;
  return AskDone(folder, request);
}

void DropKey(const Folder& folder, pid_t ssh_pid) {
  (void)Ask(folder, About(ControlVerb::kDrop, ssh_pid), false);
}

}  // namespace eic::client
