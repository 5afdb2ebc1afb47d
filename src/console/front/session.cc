#include "console/front/session.h"

#include <algorithm>
#include <ctime>

#include "client/terminal_text.h"
#include "console/limits.h"

namespace eic::console {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// Codes of a websocket's close (RFC 6455 section 7.4): 4000 and more are ours.
constexpr int kCloseNormal = 1000;
constexpr int kClosePolicy = 1008;
constexpr int kCloseTooMuch = 1009;
constexpr int kCloseMoved = 4001;
constexpr int kCloseSilent = 4002;

}  // namespace

// A websocket's events, as long as its session takes them.
class Session::PageLink : public WebSocketEvents {
 public:
  explicit PageLink(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  void OnOpen(WebSocket& socket) override {
    socket_ = &socket;
    late_ = session_->doors_.loop.After(
        kStartTimeMax, [this] { socket_->Close(kClosePolicy, "no start frame arrived in time"); });
  }
  void OnMessage(std::string_view message, bool is_text) override {
    session_->OnPageMessage(*this, message, is_text);
  }
  void OnDrained() override {
    if (session_->page_ == this) session_->Pump();
  }
  void OnClosed() override {
    late_.reset();
    socket_ = nullptr;
    session_->OnPageClosed(*this);
  }

  WebSocket* socket() { return socket_; }
  void HasStarted() { late_.reset(); }

 private:
  std::shared_ptr<Session> session_;
  WebSocket* socket_ = nullptr;
  std::unique_ptr<Timer> late_;
};

Session::Session(std::string id, LoginRequest request, const SessionDoors& doors)
    : id_(std::move(id)),
      request_(std::move(request)),
      doors_(doors),
      started_at_(std::time(nullptr)) {}

// Holds the session by nothing: its end is the loop's.
std::function<void(std::function<void(Session&)>)> Session::Poster() {
  return [&loop = doors_.loop, weak = weak_from_this()](std::function<void(Session&)> task) {
    loop.Post([weak, task = std::move(task)] {
      if (const std::shared_ptr<Session> session = weak.lock()) task(*session);
    });
  };
}

LoginTalk Session::Talk() {
  const auto post = Poster();
  const std::shared_ptr<Shared> shared = shared_;
  LoginTalk talk;
  talk.tell = [post](const Step& step) {
    post([step](Session& session) { session.OnStep(step); });
  };
  talk.show = [post](const Question& question) {
    post([question](Session& session) { session.OnQuestion(question); });
  };
  talk.is_cancelled = [shared] { return shared->is_cancelled.load(); };
  talk.size = [shared] {
    const std::lock_guard<std::mutex> lock(shared->mutex);
    return shared->size;
  };
  return talk;
}

void Session::Start() {
  tick_ = doors_.loop.After(kTickEvery, [this] { Tick(); });
  const LoginTalk talk = Talk();
  const bool is_running =
      doors_.run_job([post = Poster(), request = request_, &doors = doors_.login, talk] {
        auto result = std::make_shared<LoginResult>(RunLogin(request, doors, talk));
        post([result](Session& session) { session.OnLoggedIn(std::move(*result)); });
      });
  if (is_running) return;
  has_login_ended_ = true;
  Finish({"internal-error", "address", "the system could not start a thread for this login",
          "End other sessions and connect again. If that does not help, raise the process limit."},
         0);
}

std::shared_ptr<WebSocketEvents> Session::Attach() {
  return std::make_shared<PageLink>(shared_from_this());
}

void Session::OnStep(const Step& step) {
  if (state_ != State::kLoggingIn) return;
  questions_.clear();
  // A step is done in the place where it was begun.
  if (!steps_.empty() && steps_.back().step == step.step) {
    steps_.back() = step;
  } else {
    steps_.push_back(step);
  }
  SendText(StepFrame(step));
}

void Session::OnQuestion(const Question& question) {
  if (state_ != State::kLoggingIn) return;
  questions_.push_back(question);
  SendText(QuestionFrame(question));
}

void Session::OnLoggedIn(LoginResult result) {
  facts_ = std::move(result.facts);
  questions_.clear();
  // Of one that was ended meanwhile the audit is told now, with all that it did; unless the console
  // ended before that. A worker that has a shell by now ends with its link.
  if (state_ == State::kEnded) return EndLogin();
  has_login_ended_ = true;
  if (const auto* trouble = std::get_if<Trouble>(&result.outcome)) {
    return Finish(why_ended_.value_or(*trouble), 0);
  }
  state_ = State::kLive;
  was_live_ = true;
  doors_.audit(StartLine(id_, request_.instance_id, facts_));
  worker_ = std::make_unique<WorkerLink>(
      doors_.loop, std::get<Descriptor>(std::move(result.outcome)),
      [this](const ToFront& message) { OnWorker(message); }, [this] { OnWorkerGone(); });
  key_seen_ = Clock::now();
  {
    // The size may have changed since the worker got it.
    const std::lock_guard<std::mutex> lock(shared_->mutex);
    worker_->Send(shared_->size);
  }
  Allow();
  if (page_ != nullptr) Greet();
  PumpInput();
}

void Session::OnWorker(const ToFront& message) {
  if (state_ == State::kEnded) return;  // it has broken the protocol, or said its last word
  const bool is_expected = std::visit(Overloaded{[this](const Output& output) {
                                                   output_.Append(output.bytes);
                                                   if (output_.end() > allowed_) return false;
                                                   Pump();
                                                   return true;
                                                 },
                                                 [this](const MoreInput& more) {
                                                   input_allowed_ += more.bytes;
                                                   if (input_allowed_ > kInputWindowBytes)
                                                     return false;
                                                   PumpInput();
                                                   return true;
                                                 },
                                                 [this](const Exit& exit) {
                                                   OnExit(exit);
                                                   return true;
                                                 },
                                                 [](const auto&) { return false; }},
                                      message);
  if (!is_expected) OnWorkerGone();
}

void Session::OnWorkerGone() {
  if (state_ == State::kEnded) return;
  Finish(why_ended_.value_or(
             Trouble{"worker-failed", "session", "the SSH process exited unexpectedly",
                     "Connect again. If it happens again, the instance may be sending invalid "
                     "data."}),
         0);
}

void Session::OnExit(const Exit& exit) {
  if (state_ == State::kEnded) return;
  const std::string words = client::TerminalLines(exit.words, kWordsBytesMax);
  Trouble end{"exited", "session", "The shell exited.", ""};
  switch (exit.how) {
    case Exit::How::kExited:
      if (exit.status != 0) {
        end.words = "The shell exited with status " + std::to_string(exit.status) + ".";
      }
      break;
    case Exit::How::kSignalled:
      end = {"signalled", "session", "The shell was killed by signal SIG" + words + ".", ""};
      break;
    case Exit::How::kCut:
      end = {
          "cut", "session", "The connection to the instance was lost: " + words,
          "Connect again. If that fails, check that the instance is running and that your network "
          "works."};
      break;
    default:
      end = {"worker-failed", "session", words, "Connect again."};
      break;
  }
  Finish(why_ended_.value_or(end), exit.status);
}

void Session::End(const Trouble& why) {
  if (state_ == State::kEnded || why_ended_) return;
  why_ended_ = why;
  end_asked_ = Clock::now();
  shared_->is_cancelled = true;
  if (state_ == State::kLoggingIn) return Finish(why, 0);
  // The worker answers after the last byte of output.
  worker_->Send(console::End{});
}

void Session::Abandon(const Trouble& why) {
  // No page waits for the login any more.
  if (state_ == State::kEnded) return EndLogin();
  has_login_ended_ = true;
  Finish(why, 0);
}

// For a session that has ended: writes its audit line once, when its login has ended too.
void Session::EndLogin() {
  if (has_login_ended_) return;
  has_login_ended_ = true;
  AuditEnd();
}

// The page first gets the rest of the output.
void Session::Finish(const Trouble& end, std::uint32_t status) {
  state_ = State::kEnded;
  shared_->is_cancelled = true;
  end_ = end;
  status_ = status;
  ended_ = Clock::now();
  // Not now, because the caller may be its callback.
  doors_.loop.Post([worker = std::shared_ptr<WorkerLink>(std::move(worker_))] {});
  if (has_login_ended_) AuditEnd();
  Pump();
}

void Session::AuditEnd() {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ended_ - began_);
  doors_.audit(EndLine(id_, request_.instance_id, facts_,
                       {end_.slug, end_.step, bytes_in_, output_.end(), seconds.count()}));
}

void Session::OnPageMessage(PageLink& page, std::string_view message, bool is_text) {
  WebSocket* socket = page.socket();
  if (socket == nullptr) return;
  const bool is_current = &page == page_;
  if (!is_text) {
    if (!is_current) return socket->Close(kClosePolicy, "the first frame must be start");
    page_seen_ = Clock::now();
    return TakeInput(message);
  }
  const std::optional<PageMessage> parsed = ParsePageMessage(message);
  if (!parsed) return socket->Close(kClosePolicy, "not a message of this protocol");
  if (const auto* start = std::get_if<PageStart>(&*parsed)) return OnPageStart(page, *start);
  if (!is_current) return socket->Close(kClosePolicy, "the first frame must be start");
  page_seen_ = Clock::now();
  Take(*parsed);
}

void Session::OnPageStart(PageLink& page, const PageStart& start) {
  if (page_ != nullptr && page_ != &page && page_->socket() != nullptr) {
    page_->socket()->SendText(MovedFrame());
    page_->socket()->Close(kCloseMoved, "moved");
  }
  page_ = &page;
  page.HasStarted();
  page_seen_ = pinged_ = Clock::now();
  is_warned_ = false;
  is_told_of_end_ = false;
  // Output that the page lacks and we no longer have is lost. A count beyond what was sent is
  // wrong.
  sent_ = std::min(std::max(start.from, output_.begin()), output_.end());
  TakeSize(start.columns, start.rows);
  for (const Step& step : steps_) SendText(StepFrame(step));
  for (const Question& question : questions_) SendText(QuestionFrame(question));
  if (state_ != State::kLoggingIn) Greet();
}

void Session::Greet() {
  // A login that failed was never ready.
  if (was_live_) SendText(ReadyFrame(sent_, facts_.host_key, facts_.address));
  Pump();
}

void Session::Take(const PageMessage& message) {
  std::visit(Overloaded{[](const PageStart&) {},
                        [this](const PageSize& size) { TakeSize(size.columns, size.rows); },
                        [this](const PageAck& ack) {
                          // The page cannot have displayed what was not sent.
                          if (ack.bytes > sent_) return;
                          output_.Acknowledge(ack.bytes);
                          Allow();
                        },
                        [this](const PageAnswer& answer) {
                          (void)doors_.login.questions.Answer(answer.question, answer.value);
                        },
                        [](const PagePong&) {},
                        [this](const PageStay&) {
                          key_seen_ = Clock::now();
                          is_warned_ = false;
                        },
                        [this](const PageEnd&) {
                          End({"exited", "session", "You ended the session.", ""});
                        }},
             message);
}

void Session::TakeSize(std::uint32_t columns, std::uint32_t rows) {
  {
    const std::lock_guard<std::mutex> lock(shared_->mutex);
    shared_->size = {columns, rows};
  }
  if (worker_) worker_->Send(Size{columns, rows});
}

void Session::TakeInput(std::string_view bytes) {
  key_seen_ = Clock::now();
  is_warned_ = false;
  if (bytes.empty() || state_ == State::kEnded) return;
  if (bytes.size() > kInputBytesMax - input_.size()) {
    return page_->socket()->Close(kCloseTooMuch, "more input than the instance can take");
  }
  input_.append(bytes);
  PumpInput();
}

void Session::PumpInput() {
  while (worker_ && !input_.empty() && input_allowed_ > 0) {
    const std::size_t count = std::min({input_.size(), input_allowed_, kPacketBytesMax});
    worker_->Send(Input{std::string_view(input_).substr(0, count)});
    input_.erase(0, count);
    input_allowed_ -= count;
    bytes_in_ += count;
  }
}

// Allows more output once the page has displayed enough.
void Session::Allow() {
  const std::uint64_t window = allowed_ - std::min(allowed_, output_.acknowledged());
  if (!worker_ || window > kOutputHighBytes - kOutputGrantBytes) return;
  const std::uint64_t more = kOutputHighBytes - window;
  allowed_ += more;
  worker_->Send(MoreOutput{static_cast<std::uint32_t>(more)});
}

void Session::SendText(const std::string& frame) {
  if (page_ != nullptr && page_->socket() != nullptr) page_->socket()->SendText(frame);
}

// Sends the next piece of output, and after the last one the end.
void Session::Pump() {
  if (page_ == nullptr || page_->socket() == nullptr || page_->socket()->Waiting() > 0) return;
  const std::string_view bytes = output_.Read(sent_, kOutputFrameBytes);
  if (!bytes.empty()) {
    sent_ += bytes.size();
    return page_->socket()->SendBinary(std::string(bytes));
  }
  if (state_ != State::kEnded || is_told_of_end_) return;
  is_told_of_end_ = true;
  SendText(EndFrame(end_, status_));
  page_->socket()->Close(kCloseNormal, "ended");
}

void Session::OnPageClosed(PageLink& page) {
  if (page_ != &page) return;
  page_ = nullptr;
  page_seen_ = Clock::now();
}

void Session::Tick() {
  const Clock::time_point now = Clock::now();
  if (state_ == State::kEnded) {
    // Kept for a page that has just lost its connection, and for the audit while a push may be in
    // progress.
    const bool is_over = page_ == nullptr && has_login_ended_;
    if (is_over && now - ended_ > kResumeTimeMax) return doors_.forget(id_);
  } else if (page_ == nullptr) {
    const bool is_late = now - page_seen_ > kResumeTimeMax;
    if (is_late)
      End({"cut", "session", "The session ended because no page reconnected within 60 seconds.",
           "Connect again."});
  } else {
    TickPage(now);
    TickIdle(now);
  }
  // Abandons a worker that does not end by itself; without its link it ends.
  if (state_ == State::kLive && why_ended_ && now - end_asked_ > kEndTimeMax) OnWorkerGone();
  tick_ = doors_.loop.After(kTickEvery, [this] { Tick(); });
}

void Session::TickPage(Clock::time_point now) {
  if (page_->socket() == nullptr) return;
  if (now - page_seen_ > kSilenceMax) {
    return page_->socket()->Close(kCloseSilent, "the page did not answer");
  }
  if (now - pinged_ < kPingEvery) return;
  pinged_ = now;
  SendText(PingFrame(++ping_));
}

void Session::TickIdle(Clock::time_point now) {
  if (state_ != State::kLive) return;
  const auto quiet = now - key_seen_;
  if (quiet >= doors_.idle_max) {
    return End({"idle", "session", "The session ended because nothing was typed for too long.",
                "Connect again. To allow longer pauses, start eic-console with a larger --idle."});
  }
  if (is_warned_ || quiet < doors_.idle_max - kIdleWarning) return;
  is_warned_ = true;
  SendText(
      IdleFrame(std::chrono::duration_cast<std::chrono::seconds>(doors_.idle_max - quiet).count()));
}

}  // namespace eic::console
