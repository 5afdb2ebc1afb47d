// A panel for the files of one session's instance. It has its own login, key, worker and
// connection, so that the terminal does not wait for a transfer. It ends with its websocket or with
// its session. On the loop's thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "console/front/file_messages.h"
#include "console/front/session.h"
#include "console/front/worker_link.h"

namespace eic::console {

// The path at which downloads are offered, followed by their id.
inline constexpr std::string_view kDownloadsPath = "/api/downloads/";

struct Download {
  std::string path;  // on the instance
  std::shared_ptr<BodyEvents> stream;
  std::optional<std::uint64_t> length;
};

// One transfer.
struct FileTransfer {
  bool is_put = false;
  std::string path;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::uint64_t bytes = 0;  // from the worker, or to it
  std::optional<Trouble> end;
  // A get.
  bool is_open = false;
  bool is_done = false;   // the worker has sent all of it
  bool is_taken = false;  // the browser has all of it and has closed the connection
  std::optional<std::uint64_t> size;
  std::string id;       // until the browser comes for it
  std::string fetched;  // since then
  BodySink* sink = nullptr;
  std::string waiting;      // for the browser
  std::size_t sending = 0;  // the piece that is on its way
  std::uint64_t delivered = 0;
  std::uint64_t told = 0;     // of progress
  std::uint64_t allowed = 0;  // bytes that may have come
  std::unique_ptr<Timer> late;
  // A put.
  std::uint32_t room = 0;  // that the page has
};

class FilePanel : public WebSocketEvents, public std::enable_shared_from_this<FilePanel> {
 public:
  // Borrows `doors`. The session is live.
  FilePanel(const std::shared_ptr<Session>& session, const SessionDoors& doors);

  void OnOpen(WebSocket& socket) override;
  void OnMessage(std::string_view message, bool is_text) override;
  void OnDrained() override {}
  void OnClosed() override;

  // The download that was offered as `id`, once; nothing if this panel did not offer it.
  std::optional<Download> Fetch(const std::string& id);
  // For the end of the console: writes the audit lines.
  void Abandon(const Trouble& why);

 private:
  using Clock = std::chrono::steady_clock;
  class Body;

  void OnLoggedIn(LoginResult result);
  void Take(const FileMessage& message);
  void Begin(bool is_put, const std::string& path);
  void TakeUpload(std::string_view bytes);
  bool OnWorker(const ToFront& message);
  bool OnOpened(const Opened& opened);
  bool OnOutput(std::string_view bytes);
  bool OnMoreInput(std::uint32_t bytes);
  bool OnDone(const Done& done);
  void OnSink(BodySink& sink);
  void OnPieceSent();
  void OnSinkClosed();
  void PumpDownload();
  void FinishDownload();
  void Stop(const Trouble& why);
  void EndTransfer(const Trouble& end);
  void End(const Trouble& why);
  void AuditEnd(const Trouble& why);
  void Send(const std::string& frame);
  void Tick();

  const std::weak_ptr<Session> session_;
  const std::string session_id_;
  LoginRequest request_;
  const SessionDoors& doors_;
  const Clock::time_point began_ = Clock::now();
  std::shared_ptr<std::atomic<bool>> is_cancelled_ = std::make_shared<std::atomic<bool>>(false);
  LoginFacts facts_;
  std::shared_ptr<FilePanel> kept_;  // itself, until the login has ended: for the audit
  WebSocket* socket_ = nullptr;
  std::unique_ptr<WorkerLink> worker_;  // may end behind this
  bool is_over_ = false;
  bool has_login_ended_ = false;
  bool is_listing_ = false;
  bool has_folder_ = false;  // the list's only one; else a worker fills the memory
  std::size_t names_ = 0;    // of the list
  std::optional<FileTransfer> transfer_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::uint64_t ping_ = 0;
  Clock::time_point page_seen_ = began_;
  Clock::time_point pinged_ = began_;
  std::unique_ptr<Timer> tick_;
};

}  // namespace eic::console
