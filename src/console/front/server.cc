#include "console/front/server.h"

#include <fcntl.h>

// Before Boost: 1.74's awaitable.hpp uses std::exchange, and server.h brings <utility>.
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "console/front/url.h"
#include "console/limits.h"

namespace eic::console {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

using Request = http::request<http::string_body>;
using Stream = websocket::stream<beast::tcp_stream>;

// Asio opens and accepts without it: the browser and programs that give credentials would hold our
// port open after our end.
void CloseOnExec(int descriptor) { (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

std::string Text(beast::string_view view) { return std::string(view.data(), view.size()); }

HttpRequest Plain(const Request& request) {
  HttpRequest plain;
  plain.method = Text(request.method_string());
  const Target target = ParseRequestTarget(Text(request.target()));
  plain.path = target.path;
  plain.query = target.query;
  plain.body = request.body();
  for (const auto& field : request) {
    std::string name = Text(field.name_string());
    for (char& c : name) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    if (plain.headers.count(name) != 0) plain.repeated.push_back(name);
    plain.headers[name] = Text(field.value());
  }
  return plain;
}

// How many connections there are. Also threads that drop the last hold of one count.
using Count = std::shared_ptr<std::atomic<std::size_t>>;

class Counted {
 public:
  explicit Counted(Count count) : count_(std::move(count)) { ++*count_; }
  Counted(Counted&& other) noexcept = default;  // leaves nothing there
  ~Counted() {
    if (count_) --*count_;
  }
  Counted& operator=(Counted&&) = delete;

 private:
  Count count_;
};

class RealWebSocket : public WebSocket, public std::enable_shared_from_this<RealWebSocket> {
 public:
  RealWebSocket(beast::tcp_stream stream, std::shared_ptr<WebSocketEvents> events, Counted counted)
      : stream_(std::move(stream)),
        closing_(stream_.get_executor()),
        events_(std::move(events)),
        counted_(std::move(counted)) {}

  void Start(const Request& request) {
    // Whether the page is alive, the front asks by frames of its own, which the page must answer.
    beast::get_lowest_layer(stream_).expires_never();
    websocket::stream_base::timeout times{};
    times.handshake_timeout = kRequestTimeMax;
    times.idle_timeout = websocket::stream_base::none();
    times.keep_alive_pings = false;
    stream_.set_option(times);
    stream_.read_message_max(kMessageBytesMax);
    stream_.auto_fragment(false);
    stream_.write_buffer_bytes(kOutputFrameBytes + 16);
    auto self = shared_from_this();
    stream_.async_accept(request, [self](error_code error) {
      if (error || self->has_ended_) return self->End();
      self->is_open_ = true;
      self->events_->OnOpen(*self);
      self->Read();
    });
  }

  void SendText(std::string text) override { Queue(std::move(text), true); }
  void SendBinary(std::string bytes) override { Queue(std::move(bytes), false); }
  std::size_t Waiting() const override { return frames_.size(); }

  void Close(int code, std::string reason) override {
    if (is_closing_ || has_ended_) return;
    is_closing_ = true;
    close_reason_ = websocket::close_reason(static_cast<websocket::close_code>(code),
                                            beast::string_view(reason.data(), reason.size()));
    // A browser that does not read, or does not answer the close, must not hold the connection.
    closing_.expires_after(kCloseTimeMax);
    closing_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->End();
    });
    if (frames_.empty()) SendClose();
  }

 private:
  struct Frame {
    std::string bytes;
    bool is_text;
  };

  void Queue(std::string bytes, bool is_text) {
    if (is_closing_ || has_ended_) return;
    frames_.push_back({std::move(bytes), is_text});
    if (frames_.size() == 1) Write();
  }

  void Write() {
    stream_.text(frames_.front().is_text);
    auto self = shared_from_this();
    stream_.async_write(asio::buffer(frames_.front().bytes),
                        [self](error_code error, std::size_t) { self->Written(error); });
  }

  void Written(error_code error) {
    if (has_ended_) return;
    if (error) return End();
    frames_.pop_front();
    if (!frames_.empty()) return Write();
    if (is_closing_) return SendClose();
    if (is_open_) events_->OnDrained();
  }

  void SendClose() {
    auto self = shared_from_this();
    stream_.async_close(close_reason_, [self](error_code) { self->End(); });
  }

  void Read() {
    auto self = shared_from_this();
    stream_.async_read(buffer_, [self](error_code error, std::size_t) { self->HasRead(error); });
  }

  void HasRead(error_code error) {
    // A write may have failed while this was on its way.
    if (has_ended_) return;
    if (error) return End();
    const auto data = buffer_.cdata();
    const std::string_view message(static_cast<const char*>(data.data()), data.size());
    if (!is_closing_ && is_open_) events_->OnMessage(message, stream_.got_text());
    buffer_.consume(buffer_.size());
    if (!has_ended_) Read();
  }

  void End() {
    if (has_ended_) return;
    has_ended_ = true;
    closing_.cancel();
    error_code ignored;
    (void)beast::get_lowest_layer(stream_).socket().close(ignored);
    const std::shared_ptr<WebSocketEvents> events = std::move(events_);
    if (is_open_) events->OnClosed();
  }

  Stream stream_;
  asio::steady_timer closing_;
  std::shared_ptr<WebSocketEvents> events_;
  Counted counted_;
  beast::flat_buffer buffer_;
  std::deque<Frame> frames_;
  websocket::close_reason close_reason_;
  bool is_open_ = false;
  bool is_closing_ = false;
  bool has_ended_ = false;
};

// A body that comes piece by piece: in chunks, or as long as its head says.
class RealBody : public BodySink, public std::enable_shared_from_this<RealBody> {
 public:
  RealBody(beast::tcp_stream stream, Counted counted, std::shared_ptr<BodyEvents> events)
      : stream_(std::move(stream)), counted_(std::move(counted)), events_(std::move(events)) {}

  void Start(const HttpAnswer& answer) {
    head_.result(static_cast<http::status>(answer.status));
    for (const auto& [name, value] : answer.headers) head_.insert(name, value);
    head_.keep_alive(false);
    is_chunked_ = !answer.length;
    if (is_chunked_) {
      head_.chunked(true);
    } else {
      head_.content_length(*answer.length);
    }
    // A person may have the browser pause a download.
    stream_.expires_never();
    http::async_write_header(stream_, serializer_,
                             [self = shared_from_this()](error_code error, std::size_t) {
                               if (error) return self->End();
                               self->Watch();
                               self->events_->OnOpen(*self);
                             });
  }

  void Send(std::string bytes) override {
    if (has_ended_ || bytes.empty()) return;
    piece_ = std::move(bytes);
    const auto then = [self = shared_from_this()](error_code error, std::size_t) {
      if (self->has_ended_) return;
      if (error) return self->End();
      self->events_->OnDrained();
    };
    if (is_chunked_) {
      asio::async_write(stream_, http::make_chunk(asio::buffer(piece_)), then);
    } else {
      asio::async_write(stream_, asio::buffer(piece_), then);
    }
  }

  void Finish() override {
    if (has_ended_) return;
    if (!is_chunked_) return Shut();
    asio::async_write(stream_, http::make_chunk_last(),
                      [self = shared_from_this()](error_code, std::size_t) { self->Shut(); });
  }

  // By a reset: a browser may take a connection's end for the body's.
  void Cut() override {
    error_code ignored;
    (void)stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    End();
  }

 private:
  // A browser that goes says so while nothing is sent, too. What else it says here is nobody's.
  void Watch() {
    stream_.async_read_some(asio::buffer(unread_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (self->has_ended_) return;
                              if (error) return self->End();
                              self->Watch();
                            });
  }

  void Shut() {
    error_code ignored;
    (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    End();
  }

  void End() {
    if (has_ended_) return;
    has_ended_ = true;
    error_code ignored;
    (void)stream_.socket().close(ignored);
    const std::shared_ptr<BodyEvents> events = std::move(events_);
    events->OnClosed();
  }

  beast::tcp_stream stream_;
  Counted counted_;
  std::shared_ptr<BodyEvents> events_;
  http::response<http::empty_body> head_;
  http::response_serializer<http::empty_body> serializer_{head_};
  std::string piece_;
  std::array<char, 512> unread_{};
  bool is_chunked_ = false;
  bool has_ended_ = false;
};

class Connection;

// A connection that one thread may take out.
class Place {
 public:
  explicit Place(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  std::shared_ptr<Connection> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::move(connection_);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Connection> connection_;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Handler& handler, const Count& count)
      : executor_(socket.get_executor()),
        stream_(std::move(socket)),
        handler_(handler),
        counted_(count) {}

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    stream_.expires_after(kRequestTimeMax);
    auto self = shared_from_this();
    http::async_read(stream_, buffer_, *parser_,
                     [self](error_code error, std::size_t) { self->HasRead(error); });
  }

 private:
  void HasRead(error_code error) {
    if (error == http::error::end_of_stream || error == asio::error::eof ||
        error == beast::error::timeout || error == asio::error::operation_aborted ||
        error == asio::error::connection_reset) {
      return Shut();
    }
    keeps_alive_ = false;
    if (error == http::error::body_limit) return Write(HttpAnswer{413, {}, {}});
    if (error == http::error::header_limit) return Write(HttpAnswer{431, {}, {}});
    if (error) return Write(HttpAnswer{400, {}, {}});
    const Request request = parser_->release();
    if (websocket::is_upgrade(request)) return Upgrade(request);
    keeps_alive_ = request.keep_alive();
    is_head_ = request.method() == http::verb::head;
    // What takes long is the handler's to limit.
    stream_.expires_never();
    auto self = shared_from_this();
    // Whoever answers last may be a thread that must not be the one that takes the connection down:
    // so the connection is in a place of its own, which the first answer empties.
    auto place = std::make_shared<Place>(std::move(self));
    handler_.OnRequest(Plain(request), [place, executor = executor_](HttpAnswer answer) {
      std::shared_ptr<Connection> connection = place->Take();
      if (!connection) return;
      asio::post(executor,
                 [connection = std::move(connection), answer = std::move(answer)]() mutable {
                   connection->Write(std::move(answer));
                 });
    });
  }

  void Upgrade(const Request& request) {
    auto decided = handler_.OnUpgrade(Plain(request));
    if (auto* refusal = std::get_if<HttpAnswer>(&decided)) return Write(std::move(*refusal));
    auto events = std::get<std::shared_ptr<WebSocketEvents>>(std::move(decided));
    const auto socket =
        std::make_shared<RealWebSocket>(std::move(stream_), std::move(events), std::move(counted_));
    socket->Start(request);
  }

  void Write(HttpAnswer answer) {
    if (answer.stream) {
      return std::make_shared<RealBody>(std::move(stream_), std::move(counted_), answer.stream)
          ->Start(answer);
    }
    response_.emplace(static_cast<http::status>(answer.status), 11);
    for (const auto& [name, value] : answer.headers) response_->insert(name, value);
    response_->keep_alive(keeps_alive_);
    response_->body() = std::move(answer.body);
    response_->prepare_payload();
    if (is_head_) response_->body().clear();
    stream_.expires_after(kRequestTimeMax);
    auto self = shared_from_this();
    http::async_write(stream_, *response_, [self](error_code error, std::size_t) {
      if (error || !self->keeps_alive_) return self->Shut();
      self->Read();
    });
  }

  void Shut() {
    error_code ignored;
    (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    (void)stream_.socket().close(ignored);
  }

  asio::any_io_executor executor_;
  beast::tcp_stream stream_;
  Handler& handler_;
  Counted counted_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  bool keeps_alive_ = false;
  bool is_head_ = false;
};

class RealWatch : public Watch {
 public:
  RealWatch(asio::io_context& context, int descriptor) : descriptor_(context, descriptor) {}
  // It was borrowed.
  ~RealWatch() override { (void)descriptor_.release(); }
  RealWatch(const RealWatch&) = delete;
  RealWatch& operator=(const RealWatch&) = delete;

  void WhenReadable(std::function<void()> then) override {
    Wait(asio::posix::stream_descriptor::wait_read, std::move(then));
  }
  void WhenWritable(std::function<void()> then) override {
    Wait(asio::posix::stream_descriptor::wait_write, std::move(then));
  }

 private:
  void Wait(asio::posix::stream_descriptor::wait_type what, std::function<void()> then) {
    // A completion may be on its way when this ends.
    std::weak_ptr<bool> lives = lives_;
    descriptor_.async_wait(what, [lives, then = std::move(then)](error_code error) {
      if (!error && !lives.expired()) then();
    });
  }

  asio::posix::stream_descriptor descriptor_;
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
};

class RealTimer : public Timer {
 public:
  RealTimer(asio::io_context& context, std::chrono::milliseconds time, std::function<void()> then)
      : timer_(context, time) {
    std::weak_ptr<bool> lives = lives_;
    timer_.async_wait([lives, then = std::move(then)](error_code error) {
      if (!error && !lives.expired()) then();
    });
  }

 private:
  asio::steady_timer timer_;
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
};

class RealServer : public Server {
 public:
  aws::Outcome<Nothing> Open(std::uint16_t port) {
    constexpr int kTriesMax = 16;
    error_code error;
    for (int tries = 0; tries < kTriesMax; ++tries) {
      acceptors_.clear();
      if (!Add(asio::ip::address_v4::loopback(), port, &error)) break;
      port_ = acceptors_.front().local_endpoint(error).port();
      // Browsers try ::1 first for *.localhost: who listens there in our place is given the token.
      if (Add(asio::ip::address_v6::loopback(), port_, &error) || HasNoIpv6(error)) {
        return Nothing{};
      }
      if (port != 0) break;
    }
    acceptors_.clear();
    return aws::Failure{"ListenFailed", "cannot listen on 127.0.0.1 and ::1: " + error.message(),
                        "Choose another port with --port."};
  }

  std::uint16_t port() const override { return port_; }

  void Run(Handler& handler, std::function<void()> on_signal) override {
    handler_ = &handler;
    on_signal_ = std::move(on_signal);
    for (tcp::acceptor& acceptor : acceptors_) Accept(acceptor);
    WaitForSignals();
    context_.run();
  }

  void Stop() override { context_.stop(); }

  void Post(std::function<void()> task) override { asio::post(context_, std::move(task)); }

  std::unique_ptr<Timer> After(std::chrono::milliseconds time,
                               std::function<void()> then) override {
    return std::make_unique<RealTimer>(context_, time, std::move(then));
  }

  std::unique_ptr<Watch> WatchDescriptor(int descriptor) override {
    return std::make_unique<RealWatch>(context_, descriptor);
  }

 private:
  static bool HasNoIpv6(const error_code& error) {
    return error == asio::error::address_family_not_supported ||
           error == error_code(EADDRNOTAVAIL, asio::error::get_system_category());
  }

  // Where whoever started us ignores SIGHUP (nohup), we do.
  void WaitForSignals() {
    struct sigaction action {};
    if (sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      error_code ignored;
      (void)signals_.add(SIGHUP, ignored);
    }
    signals_.async_wait([this](error_code error, int) {
      if (!error) on_signal_();
    });
  }

  bool Add(const asio::ip::address& address, std::uint16_t port, error_code* error) {
    tcp::acceptor acceptor(context_);
    (void)acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), *error);
    if (*error) return false;
    CloseOnExec(acceptor.native_handle());
    if (address.is_v6()) (void)acceptor.set_option(asio::ip::v6_only(true), *error);
    (void)acceptor.set_option(asio::socket_base::reuse_address(true), *error);
    (void)acceptor.bind({address, port}, *error);
    if (!*error) (void)acceptor.listen(asio::socket_base::max_listen_connections, *error);
    if (*error) return false;
    acceptors_.push_back(std::move(acceptor));
    return true;
  }

  void Accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([this, &acceptor](error_code error, tcp::socket socket) {
      if (!error) {
        Welcome(std::move(socket));
        return Accept(acceptor);
      }
      if (error == asio::error::operation_aborted) return;
      // Out of descriptors, most likely: try again when some are closed.
      retries_[&acceptor] =
          After(std::chrono::milliseconds(100), [this, &acceptor] { Accept(acceptor); });
    });
  }

  void Welcome(tcp::socket socket) {
    CloseOnExec(socket.native_handle());
    error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    const tcp::endpoint own = socket.local_endpoint(error);
    if (error || *connections_ >= kConnectionsMax) return;
    const Ends ends{peer.address().to_string(), peer.port(), own.address().to_string(), own.port()};
    if (!handler_->Admits(ends)) return;
    (void)socket.set_option(tcp::no_delay(true), error);
    std::make_shared<Connection>(std::move(socket), *handler_, connections_)->Read();
  }

  // Before the context, whose end closes the connections.
  Count connections_ = std::make_shared<std::atomic<std::size_t>>(0);
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGINT, SIGTERM};
  std::function<void()> on_signal_;
  std::deque<tcp::acceptor> acceptors_;
  std::map<tcp::acceptor*, std::unique_ptr<Timer>> retries_;
  Handler* handler_ = nullptr;
  std::uint16_t port_ = 0;
};

}  // namespace

aws::Outcome<std::unique_ptr<Server>> Server::Listen(std::uint16_t port) {
  auto server = std::make_unique<RealServer>();
  if (const aws::Outcome<Nothing> opened = server->Open(port); !opened) return opened.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace eic::console
