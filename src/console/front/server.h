// HTTP, websockets, timers and descriptors on one thread. The one door to Boost, which server.cc
// alone includes.
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

// As it arrived: untrusted. Header names are in lower case; of a header that comes twice there is
// nothing but its name in `repeated`.
struct HttpRequest {
  std::string method;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded
  std::map<std::string, std::string> headers;
  std::vector<std::string> repeated;
  std::string body;
};

// A body on its way to a browser, on the server's thread.
class BodySink {
 public:
  virtual ~BodySink() = default;

  // One piece; once before the first OnDrained, then once for each.
  virtual void Send(std::string bytes) = 0;
  // The body is whole.
  virtual void Finish() = 0;
  // It is not, and the browser can see that it is not.
  virtual void Cut() = 0;
};

// What happens to a body that comes piece by piece, on the server's thread.
class BodyEvents {
 public:
  virtual ~BodyEvents() = default;

  // The head was sent. `sink` lives until OnClosed has returned.
  virtual void OnOpen(BodySink& sink) = 0;
  // The piece was sent.
  virtual void OnDrained() = 0;
  // The browser has gone, or nothing more comes; once, also where OnOpen never was.
  virtual void OnClosed() = 0;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // In the place of `body`: `length` bytes, or as many as come. Held until OnClosed.
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
  // Frames that were given and are not on their way yet.
  virtual std::size_t Waiting() const = 0;
  // Sends what waits, then closes. Nothing arrives any more but OnClosed.
  virtual void Close(int code, std::string reason) = 0;
};

// What happens to a websocket, on the server's thread. The server holds it until OnClosed.
class WebSocketEvents {
 public:
  virtual ~WebSocketEvents() = default;

  // Lives until OnClosed has returned.
  virtual void OnOpen(WebSocket& socket) = 0;
  virtual void OnMessage(std::string_view message, bool is_text) = 0;
  // Nothing waits to be sent.
  virtual void OnDrained() = 0;
  virtual void OnClosed() = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;

  // Whether a connection may say anything at all.
  virtual bool Admits(const Ends& ends) = 0;
  virtual void OnRequest(const HttpRequest& request, Answer answer) = 0;
  // A request to become a websocket: who gets its events, or why not.
  virtual std::variant<std::shared_ptr<WebSocketEvents>, HttpAnswer> OnUpgrade(
      const HttpRequest& request) = 0;
};

// A descriptor that is watched while this lives; it borrows it. Each call is for once. What was
// asked for and has not happened is forgotten at its end.
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

  // Runs `task` on the server's thread, soon. Any thread may call it, the others not.
  virtual void Post(std::function<void()> task) = 0;
  virtual std::unique_ptr<Timer> After(std::chrono::milliseconds time,
                                       std::function<void()> then) = 0;
  virtual std::unique_ptr<Watch> WatchDescriptor(int descriptor) = 0;
};

class Server : public Loop {
 public:
  // Listens on 127.0.0.1 and, where the machine has it, ::1, at `port`; 0: one that is free. Fails
  // with `ListenFailed`.
  static aws::Outcome<std::unique_ptr<Server>> Listen(std::uint16_t port);

  virtual std::uint16_t port() const = 0;
  // Serves until Stop. Borrows `handler`. At the first signal to end (SIGINT, SIGTERM, and SIGHUP
  // where that was not ignored) it calls `on_signal`, on its thread.
  virtual void Run(Handler& handler, std::function<void()> on_signal) = 0;
  virtual void Stop() = 0;
};

}  // namespace eic::console
