#include "emulator/server/listener.h"

#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"
#include "emulator/server/connection.h"
#include "emulator/server/connection_threads.h"
#include "emulator/server/raw_peer.h"
#include "emulator/server/tls_peer.h"

namespace eic::emulator {
namespace {

// Matches every path, line ends too.
constexpr const char* kAnyPath = R"([\s\S]*)";

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

HttpRequest FromHttplib(const httplib::Request& from) {
  HttpRequest request;
  request.method = from.method;
  const std::size_t question = from.target.find('?');
  request.path = from.target.substr(0, question);
  if (question != std::string::npos) request.query = from.target.substr(question + 1);
  for (const auto& [name, value] : from.headers) request.headers.emplace(LowerCase(name), value);
  request.body = from.body;
  return request;
}

// The TLS of the connection that `request` came by, or null.
SSL* TlsOf([[maybe_unused]] const httplib::Request& request) {
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
  return const_cast<SSL*>(request.ssl);
#else
  return nullptr;
#endif
}

// Lets `answer` write what it likes and ends the connection, so that what cpp-httplib sends
// afterwards goes nowhere.
void AnswerRaw(const HttpAnswer& answer, int socket, SSL* ssl) {
  if (ssl != nullptr) {
    TlsPeer peer(socket, ssl);
    answer.raw(peer);
  } else {
    RawPeer peer(socket);
    answer.raw(peer);
  }
  ::shutdown(socket, SHUT_RDWR);
}

void ToHttplib(const HttpAnswer& answer, httplib::Response* to) {
  to->status = answer.status;
  for (const auto& [name, value] : answer.headers) to->set_header(name, value);
  if (answer.status != 204) to->set_content(answer.body, answer.content_type);
}

// The same, as the last answer of its connection: a body that cpp-httplib has sent and is told
// afterwards to give up, so that it takes no more requests.
void ToHttplibAtLast(const HttpAnswer& answer, httplib::Response* to) {
  to->status = answer.status;
  for (const auto& [name, value] : answer.headers) to->set_header(name, value);
  to->set_header("Connection", "close");
  to->set_content_provider(
      answer.body.size(), answer.content_type,
      [body = answer.body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        sink.write(body.data() + offset, std::min(length, body.size()));
        return false;
      });
}

// Refuses what would let a body grow past the limit that Content-Length is held to.
int EarlyRefusal(const httplib::Request& request) {
  if (request.target.size() > kTargetBytesMax) return 414;
  if (request.has_header("Transfer-Encoding")) return 411;
  if (request.has_header("Content-Encoding")) return 415;
  return 0;
}

}  // namespace

struct Listener::Server {
  explicit Server(const ListenerOptions& options);

  const bool keep_alive;
  const std::unique_ptr<httplib::Server> http;
  std::thread thread;
  int socket = -1;  // borrowed from `*http`
  int port = 0;
  std::atomic<bool> stops = false;

  std::unique_ptr<ConnectionLimits> limits;

  void Route(const HttpHandler& handler);
  void Refuse(const HttpRefusal& refusal);
  void Limit();
};

bool HasTls() {
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
  return true;
#else
  return false;
#endif
}

namespace {

std::unique_ptr<httplib::Server> MakeServer(const ListenerOptions& options) {
  if (options.certificate == nullptr) return std::make_unique<httplib::Server>();
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
  auto server = std::make_unique<httplib::SSLServer>(options.certificate, options.key);
  if (!server->is_valid()) throw EmulatorError("cannot set up TLS");
  return server;
#else
  throw EmulatorError("this eic-emulator cannot serve TLS: its cpp-httplib was built without it");
#endif
}

}  // namespace

Listener::Server::Server(const ListenerOptions& options)
    : keep_alive(options.keep_alive), http(MakeServer(options)) {}

void Listener::Server::Route(const HttpHandler& handler) {
  const httplib::Server::Handler route = [this, handler](const httplib::Request& from,
                                                         httplib::Response& to) {
    const HttpAnswer answer = handler(FromHttplib(from));
    if (!answer.raw && answer.hop_limit == 0) return ToHttplib(answer, &to);
    const int connection = FindConnection(port, {from.remote_addr, from.remote_port});
    // No descriptor is left to look for it with: better no answer than another one.
    if (connection < 0) return ToHttplib(StatusAnswer(500), &to);
    if (answer.raw) return AnswerRaw(answer, connection, TlsOf(from));
    SetHopLimit(connection, answer.hop_limit);
    ToHttplib(answer, &to);
  };
  http->set_pre_routing_handler([route](const httplib::Request& from, httplib::Response& to) {
    using Response = httplib::Server::HandlerResponse;
    // A server may leave Range alone (RFC 7233 section 3.1). cpp-httplib would cut every answer by
    // it, and repeat it for each of any number of ranges; the request is its own, and not const.
    const_cast<httplib::Request&>(from).ranges.clear();
    const int refusal = EarlyRefusal(from);
    if (refusal != 0) {
      to.status = refusal;
      return Response::Handled;
    }
    // A request without Content-Length has no body (RFC 7230 section 3.3.3, item 6): `curl -X PUT`
    // sends such. cpp-httplib would read on until its timeout, so it does not get that far.
    if (from.has_header("Content-Length")) return Response::Unhandled;
    route(from, to);
    return Response::Handled;
  });
  http->Get(kAnyPath, route);  // HEAD too; its body is left out
  http->Put(kAnyPath, route);
  http->Post(kAnyPath, route);
  http->Patch(kAnyPath, route);
  http->Delete(kAnyPath, route);
  http->Options(kAnyPath, route);
}

void Listener::Server::Refuse(const HttpRefusal& refusal) {
  using Response = httplib::Server::HandlerResponse;
  const auto refuse = [this, refusal](const httplib::Request& from, httplib::Response& to) {
    if (!to.body.empty()) return Response::Unhandled;  // a handler's own error
    const HttpAnswer answer = refusal(FromHttplib(from), to.status);
    if (keep_alive && !answer.body.empty()) {
      ToHttplibAtLast(answer, &to);
    } else {
      ToHttplib(answer, &to);
    }
    return Response::Handled;
  };
  http->set_error_handler(httplib::Server::HandlerWithResponse(refuse));
}

void Listener::Server::Limit() {
  // With one request per connection every answer says `Connection: close`.
  http->set_keep_alive_max_count(keep_alive ? kApiRequestsMax : 1);
  http->set_keep_alive_timeout(keep_alive ? kApiIdleSecondsMax : kIdleSecondsMax);
  // Head and body are written one after the other; on a connection that stays open the second would
  // wait for the acknowledgement of the first.
  if (keep_alive) http->set_tcp_nodelay(true);
  http->set_read_timeout(kReadSecondsMax);
  http->set_payload_max_length(kBodyBytesMax);
  http->new_task_queue = [] { return new ThreadPerConnection(); };
  // In place of SO_REUSEPORT, cpp-httplib's default, by which two emulators could share a port and
  // each get half of the requests.
  http->set_socket_options([this](int fd) {
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    socket = fd;
  });
}

Listener::Listener(const Address& address, const HttpHandler& handler, const HttpRefusal& refusal,
                   const ListenerOptions& options)
    : address_(address), server_(std::make_unique<Server>(options)) {
  server_->Route(handler);
  server_->Refuse(refusal);
  server_->Limit();
  errno = 0;
  const int port =
      address.port != 0
          ? (server_->http->bind_to_port(address.host, address.port) ? address.port : -1)
          : server_->http->bind_to_any_port(address.host);
  if (port < 0) {
    const int error = errno;
    throw EmulatorError("cannot listen on " + Url(address) + ": " +
                        (error == 0 ? "no reason given" : std::strerror(error)));
  }
  address_.port = port;
  server_->port = port;
  // In place of cpp-httplib's own backlog of 5, which drops connections of every burst.
  ::listen(server_->socket, kListenBacklog);
}

Listener::~Listener() { Stop(); }

void Listener::Start() {
  Server* server = server_.get();
  server->limits = std::make_unique<ConnectionLimits>(server->port);
  server->thread = std::thread([server] {
    server->http->listen_after_bind();
    if (server->stops) return;
    // accept(2) failed: half a service would only puzzle whoever asks it.
    std::fputs("eic-emulator: a listener ended: no connection can be taken any more\n", stderr);
    std::_Exit(1);
  });
  // Server::stop() has no effect before the loop runs, so Stop may not come earlier than that.
  while (!server->http->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void Listener::Stop() {
  if (!server_->thread.joinable()) return;
  server_->stops = true;
  server_->http->stop();
  server_->limits->EndAll();
  server_->thread.join();
  server_->limits.reset();
}

}  // namespace eic::emulator
