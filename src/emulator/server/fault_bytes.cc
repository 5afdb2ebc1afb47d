#include "emulator/server/fault_bytes.h"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "emulator/limits.h"
#include "emulator/server/raw_peer.h"

namespace eic::emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kDripPause{100};
constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

// The other end of a connection that gets no proper answer. Borrows the peer.
class Victim {
 public:
  explicit Victim(RawPeer& peer) : peer_(peer) {}

  // False when the peer has gone, or has been given enough.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes_left_ < bytes.size() || !Wait(POLLOUT)) return false;
      const long sent = peer_.Send(bytes);
      if (sent < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      bytes_left_ -= static_cast<std::size_t>(sent);
    }
    return true;
  }

  void SendForever(std::string_view bytes) {
    while (Send(bytes)) {
    }
  }

  // Until the peer goes.
  void Hang() { (void)Wait(0); }

  // An RST at once: connect(2) to no address dissolves the connection.
  void Reset() const {
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    (void)::connect(peer_.socket(), &nowhere, sizeof nowhere);
  }

 private:
  // True when `events` came, false when the peer went or the time is over.
  bool Wait(short events) const {
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wanted{peer_.socket(), static_cast<short>(events | POLLRDHUP), 0};
    if (::poll(&wanted, 1, static_cast<int>(left.count())) != 1) return false;
    return (wanted.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
  }

  RawPeer& peer_;
  const steady_clock::time_point end_ =
      steady_clock::now() + std::chrono::seconds(kFaultSecondsMax);
  std::size_t bytes_left_ = kFaultBytesMax;
};

// The head and body of `answer` as they would go out.
std::string Whole(const HttpAnswer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Spoiled\r\n";
  text += "Connection: close\r\nContent-Type: " + answer.content_type + "\r\n";
  for (const auto& [name, value] : answer.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

void Drip(Victim& victim, std::string_view text) {
  for (std::size_t i = 0; i < text.size() && victim.Send(text.substr(i, 1)); ++i) {
    std::this_thread::sleep_for(kDripPause);
  }
}

void Play(FaultKind kind, Victim& victim, const HttpAnswer& genuine) {
  const std::string many(16384, 'A');
  switch (kind) {
    case FaultKind::kHang:
      return victim.Hang();
    case FaultKind::kSlowDrip:
      return Drip(victim, Whole(genuine));
    case FaultKind::kHuge:
      if (victim.Send(std::string(kHead) + "\r\n")) victim.SendForever(many);
      return;
    case FaultKind::kTruncate: {
      // Within the body, or within the head where there is hardly a body.
      const std::string whole = Whole(genuine);
      victim.Send(std::string_view(whole).substr(0, whole.size() - genuine.body.size() / 2 - 3));
      return;
    }
    case FaultKind::kReset:
      return victim.Reset();
    case FaultKind::kGarbage:
      victim.Send(std::string(4096, '\xA5'));
      return;
    case FaultKind::kHeaderFlood:
      if (victim.Send(kHead)) victim.SendForever("X-Flood: 0123456789abcdef0123456789abcdef\r\n");
      return;
    case FaultKind::kEndlessChunks:
      if (victim.Send(std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n")) {
        victim.SendForever("4000\r\n" + many + "\r\n");
      }
      return;
    case FaultKind::kTransferCoding:
      victim.Send(std::string(kHead) + "Transfer-Encoding: zstd, zstd\r\n\r\n" + many);
      return;
    case FaultKind::kRedirect:
    case FaultKind::kStatus:
      return;  // SpoiledAnswer has answered these.
  }
}

}  // namespace

HttpAnswer SpoiledAnswer(const Fault& fault, const HttpAnswer& genuine) {
  if (fault.kind == FaultKind::kStatus) return StatusAnswer(fault.status);
  if (fault.kind == FaultKind::kRedirect) {
    HttpAnswer answer = StatusAnswer(302);
    answer.headers.emplace("Location", "/latest/meta-data/instance-id");
    return answer;
  }
  HttpAnswer answer;
  answer.status = 0;
  answer.raw = [kind = fault.kind, genuine](RawPeer& peer) {
    Victim victim(peer);
    Play(kind, victim, genuine);
  };
  return answer;
}

}  // namespace eic::emulator
