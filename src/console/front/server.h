// HTTP, websockets, timers and descriptors on one thread. The one door to Boost, which only
// server.cc includes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "aws/failure.h"

namespace eic::console {

// A connection's two ends, as numeric addresses.
struct Ends {
  std::string peer_address;
  std::uint16_t peer_port = 0;
  std::string own_address;
  std::uint16_t own_port = 0;
};

// A request as it arrived: untrusted. Header names are in lower case. A header that comes twice has
// only its name in `repeated`.
struct HttpRequest {
  std::string method;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded
  std::map<std::string, std::string> headers;
  std::vector<std::string> repeated;
  std::string body;
};

// A response body that is being sent to a browser, on the server's thread.
class BodySink {
 public:
  virtual ~BodySink() = default;

  // Sends one piece. Call it once before the first OnDrained, then once after each OnDrained.
  virtual void Send(std::string bytes) = 0;
  // The body is complete.
  virtual void Finish() = 0;
  // The body is incomplete; the browser will notice that.
  virtual void Cut() = 0;
};

// Receives the events of a body that is sent piece by piece, on the server's thread.
class BodyEvents {
 public:
  virtual ~BodyEvents() = default;

  // The head was sent. `sink` is valid until OnClosed has returned.
  virtual void OnOpen(BodySink& sink) = 0;
  // The piece was sent.
  virtual void OnDrained() = 0;
  // The browser has gone, or the body has ended. Called once, even without OnOpen.
  virtual void OnClosed() = 0;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // Instead of `body`: `length` bytes, or as many as come. Held until OnClosed.
  std::shared_ptr<BodyEvents> stream = {};
  std::optional<std::uint64_t> length = {};
};

// Answers one request, once, from any thread.
using Answer = std::function<void(HttpAnswer)>;

// A websocket, on the server's thread.
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  virtual void SendText(std::string text) = 0;
  virtual void SendBinary(std::string bytes) = 0;
  // Frames that wait to be sent.
  virtual std::size_t Waiting() const = 0;
  // Sends what waits, then closes. After this, only OnClosed is called.
  virtual void Close(int code, std::string reason) = 0;
};

// Receives the events of a websocket, on the server's thread. The server holds it until OnClosed.
class WebSocketEvents {
 public:
  virtual ~WebSocketEvents() = default;

  // Valid until OnClosed has returned.
  virtual void OnOpen(WebSocket& socket) = 0;
  virtual void OnMessage(std::string_view message, bool is_text) = 0;
  // Nothing waits to be sent.
  virtual void OnDrained() = 0;
  virtual void OnClosed() = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;

  // Whether to accept a connection, before its first byte is read.
  virtual bool Admits(const Ends& ends) = 0;
  virtual void OnRequest(const HttpRequest& request, Answer answer) = 0;
  // A request to become a websocket: the receiver of its events, or the refusal.
  virtual std::variant<std::shared_ptr<WebSocketEvents>, HttpAnswer> OnUpgrade(
      const HttpRequest& request) = 0;
};

// Watches a borrowed descriptor as long as this exists. Each call waits for one event. Destruction
// cancels what has not happened.
class Watch {
 public:
  virtual ~Watch() = default;
  virtual void WhenReadable(std::function<void()> then) = 0;
  virtual void WhenWritable(std::function<void()> then) = 0;
};

// Stops when it is destroyed.
class Timer {
 public:
  virtual ~Timer() = default;
};

class Loop {
 public:
  virtual ~Loop() = default;

  // Runs `task` on the server's thread, soon. Any thread may call this, but not the other
  // functions.
  virtual void Post(std::function<void()> task) = 0;
  virtual std::unique_ptr<Timer> After(std::chrono::milliseconds time,
                                       std::function<void()> then) = 0;
  virtual std::unique_ptr<Watch> WatchDescriptor(int descriptor) = 0;
};

class Server : public Loop {
 public:
  // Listens on 127.0.0.1 and, if the machine has it, ::1, at `port`; 0: a free one. Fails with
  // `ListenFailed`.
  static aws::Outcome<std::unique_ptr<Server>> Listen(std::uint16_t port);

  virtual std::uint16_t port() const = 0;
  // Serves until Stop. Borrows `handler`. At the first signal to end (SIGINT, SIGTERM, and SIGHUP
  // unless it was ignored), calls `on_signal` on its thread.
  virtual void Run(Handler& handler, std::function<void()> on_signal) = 0;
  virtual void Stop() = 0;
};

}  // namespace eic::console
