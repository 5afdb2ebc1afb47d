// One session: a login, a worker, and the page that shows its terminal, one after another. It
// survives a page that loses its connection, and moves to the newest page. On the loop's thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "console/front/audit.h"
#include "console/front/login.h"
#include "console/front/output_log.h"
#include "console/front/page_messages.h"
#include "console/front/server.h"
#include "console/front/worker_link.h"

namespace eic::console {

struct SessionDoors {
  Loop& loop;
  LoginDoors login;
  AuditLog audit;
  std::function<bool(std::function<void()>)> run_job;  // in its own thread; false: not now
  std::function<void(std::string id)> forget;          // no page will ask for it again
  std::chrono::seconds idle_max;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  enum class State { kLoggingIn, kLive, kEnded };

  // Borrows `doors`.
  Session(std::string id, LoginRequest request, const SessionDoors& doors);

  void Start();
  // The receiver of the events of a new websocket to this session.
  std::shared_ptr<WebSocketEvents> Attach();
  // Ends the session; does nothing if it has ended.
  void End(const Trouble& why);
  // The same without a message to page and worker, for the end of the console.
  void Abandon(const Trouble& why);

  const std::string& id() const { return id_; }
  State state() const { return state_; }
  const LoginRequest& request() const { return request_; }
  const LoginFacts& facts() const { return facts_; }
  std::int64_t started_at() const { return started_at_; }  // seconds since 1970

 private:
  using Clock = std::chrono::steady_clock;
  class PageLink;
  // State that the login's thread and the loop's thread share.
  struct Shared {
    std::atomic<bool> is_cancelled{false};
    std::mutex mutex;
    Size size{80, 24};
  };

  // Posts a task, which runs if the session still exists then; any thread may call this.
  std::function<void(std::function<void(Session&)>)> Poster();
  void AuditEnd();
  void EndLogin();
  LoginTalk Talk();
  void OnStep(const Step& step);
  void OnQuestion(const Question& question);
  void OnLoggedIn(LoginResult result);
  void OnWorker(const ToFront& message);
  void OnWorkerGone();
  void OnExit(const Exit& exit);

  void OnPageMessage(PageLink& page, std::string_view message, bool is_text);
  void OnPageStart(PageLink& page, const PageStart& start);
  void Take(const PageMessage& message);
  void TakeSize(std::uint32_t columns, std::uint32_t rows);
  void TakeInput(std::string_view bytes);
  void OnPageClosed(PageLink& page);
  void Greet();
  void SendText(const std::string& frame);
  void Pump();
  void PumpInput();
  void Allow();
  void Finish(const Trouble& end, std::uint32_t status);
  void Tick();
  void TickPage(Clock::time_point now);
  void TickIdle(Clock::time_point now);

  const std::string id_;
  const LoginRequest request_;
  const SessionDoors& doors_;
  const std::int64_t started_at_;
  const Clock::time_point began_ = Clock::now();
  State state_ = State::kLoggingIn;
  bool was_live_ = false;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  LoginFacts facts_;
  std::vector<Step> steps_;
  std::vector<Question> questions_;

  std::unique_ptr<WorkerLink> worker_;
  OutputLog output_;
  std::uint64_t allowed_ = 0;  // output that the worker may have sent, from the first byte
  std::string input_;          // that the worker has no room for
  std::size_t input_allowed_ = 0;
  std::uint64_t bytes_in_ = 0;

  PageLink* page_ = nullptr;  // the current one
  std::uint64_t sent_ = 0;    // to the page, from the session's first byte
  std::uint64_t ping_ = 0;
  Clock::time_point page_seen_ = began_;  // the last sign of life, or the cut
  Clock::time_point pinged_ = began_;
  Clock::time_point key_seen_ = began_;
  bool has_login_ended_ = false;
  bool is_warned_ = false;
  bool is_told_of_end_ = false;
  std::optional<Trouble> why_ended_;  // where we ended it
  Clock::time_point end_asked_ = began_;
  Trouble end_;
  std::uint32_t status_ = 0;
  Clock::time_point ended_ = began_;
  std::unique_ptr<Timer> tick_;
};

}  // namespace eic::console
