#include "client/keeper/control_desk.h"

#include <optional>

namespace eic::client {
namespace {

using Kind = ControlAnswer::Kind;

ControlAnswer Failed(const char* code, const std::string& message) {
  return ControlAnswer{Kind::kFailed, {}, {code, message, ""}};
}

ControlAnswer Key(KeptKey key, const std::string& note) {
  key.note = note;
  return ControlAnswer{Kind::kKey, std::move(key), {}};
}

ControlAnswer Gone() { return Failed("KeyGone", "the keeper has no key for this ssh"); }

bool MayAsk(const Peer& peer, pid_t ssh_pid) {
  if (peer.pid == ssh_pid) return true;
  const std::optional<ProcessStat> stat = ReadProcessStat(peer.pid);
  return stat && stat->parent == ssh_pid;
}

ControlAnswer Make(const KeyRequest& request, const Peer& peer, const std::string& note,
                   TimePoint now, KeyBook& book) {
  std::optional<ProcessWatch> ssh = ProcessWatch::Open(request.ssh_pid);
  // Asked again behind the watch: the number may have become another process's in between.
  if (!ssh || !MayAsk(peer, request.ssh_pid)) {
    return Failed("KeeperFailed", "the ssh that the key is for has ended");
  }
  aws::Outcome<KeptKey> made = book.Make(request, std::move(*ssh), now);
  if (made) return Key(std::move(*made), note);
  if (made.error().code == "NoRoom") return ControlAnswer{Kind::kBusy};
  return Failed("KeeperFailed", made.error().message);
}

ControlAnswer Answer(const ControlRequest& request, const Peer& peer, const std::string& note,
                     TimePoint now, KeyBook& book) {
  if (request.verb == ControlVerb::kMake) return Make(request.about, peer, note, now, book);
  Login* login = book.Find(request.about.ssh_pid);
  switch (request.verb) {
    case ControlVerb::kFind:
      if (login == nullptr || !login->key) return ControlAnswer{Kind::kNone};
      return Key(KeyBook::Shown(*login), note);
    case ControlVerb::kPushed:
      if (login == nullptr || !KeyBook::MarkPushed(*login, now)) return Gone();
      return ControlAnswer{Kind::kDone};
    case ControlVerb::kRelay:
      if (login == nullptr) return Gone();
      login->request.user_agent_socket = request.about.user_agent_socket;
      return ControlAnswer{Kind::kDone};
    case ControlVerb::kDrop:
    case ControlVerb::kMake:
      break;
  }
  if (login != nullptr) book.Remove(*login);
  return ControlAnswer{Kind::kDone};
}

}  // namespace

std::string AnswerControl(std::string_view message, const Peer& peer, const std::string& note,
                          TimePoint now, KeyBook& book) {
  const std::optional<ControlRequest> request = ParseControlRequest(message);
  if (!request) {
    return PrintControlAnswer(
        Failed("KeeperFailed",
               "the keeper does not know this request: it was started by another version of eic"));
  }
  if (!MayAsk(peer, request->about.ssh_pid)) {
    return PrintControlAnswer(
        Failed("KeeperFailed", "a key is for the process that asks or for its parent"));
  }
  return PrintControlAnswer(Answer(*request, peer, note, now, book));
}

}  // namespace eic::client
