#include "console/front/file_panel.h"

#include <algorithm>

#include "client/terminal_text.h"
#include "console/front/audit.h"
#include "console/front/secrets.h"
#include "console/limits.h"

namespace eic::console {
namespace {

// Close codes of the websocket, the same as a session's.
constexpr int kCloseNormal = 1000;
constexpr int kClosePolicy = 1008;
constexpr int kCloseSilent = 4002;
// How often the page gets the progress of a download.
constexpr std::uint64_t kProgressBytes = 512 * 1024;

const Trouble kBroken{"worker-failed", "files",
                      "the process that speaks SSH with the instance has ended unexpectedly",
                      "Open the panel again. If it happens again, the instance may be sending what "
                      "it should not."};

}  // namespace

// Sends a download to a browser.
class FilePanel::Body : public BodyEvents {
 public:
  Body(std::shared_ptr<FilePanel> panel, std::string id)
      : panel_(std::move(panel)), id_(std::move(id)) {}

  void OnOpen(BodySink& sink) override {
    if (IsCurrent()) return panel_->OnSink(sink);
    sink.Cut();
  }
  void OnDrained() override {
    if (IsCurrent()) panel_->OnPieceSent();
  }
  void OnClosed() override {
    if (IsCurrent()) panel_->OnSinkClosed();
  }

 private:
  bool IsCurrent() const { return panel_->transfer_ && panel_->transfer_->fetched == id_; }

  std::shared_ptr<FilePanel> panel_;
  std::string id_;
};

FilePanel::FilePanel(const std::shared_ptr<Session>& session, const SessionDoors& doors)
    : session_(session), session_id_(session->id()), request_(session->request()), doors_(doors) {
  request_.user = session->facts().user;
  request_.wants_files = true;
}

void FilePanel::OnOpen(WebSocket& socket) {
  socket_ = &socket;
  tick_ = doors_.loop.After(kTickEvery, [this] { Tick(); });
  // The login's thread does not own this object; the loop's thread destroys it.
  const auto post = [&loop = doors_.loop,
                     weak = weak_from_this()](std::function<void(FilePanel&)> task) {
    loop.Post([weak, task = std::move(task)] {
      if (const std::shared_ptr<FilePanel> panel = weak.lock()) task(*panel);
    });
  };
  LoginTalk talk;
  talk.tell = [post](const Step& step) {
    post([step](FilePanel& panel) { panel.Send(StepFrame(step)); });
  };
  talk.show = [post](const Question& question) {
    post([question](FilePanel& panel) { panel.Send(QuestionFrame(question)); });
  };
  talk.is_cancelled = [is_cancelled = is_cancelled_] { return is_cancelled->load(); };
  talk.size = [] { return Size{80, 24}; };
  const bool is_running = doors_.run_job([post, request = request_, &login = doors_.login, talk] {
    auto result = std::make_shared<LoginResult>(RunLogin(request, login, talk));
    post([result](FilePanel& panel) { panel.OnLoggedIn(std::move(*result)); });
  });
  if (is_running) {
    kept_ = shared_from_this();
    return;
  }
  has_login_ended_ = true;
  End({"session-limit", "files", "too many logins are under way", "Wait a moment, and try again."});
}

void FilePanel::OnLoggedIn(LoginResult result) {
  const std::shared_ptr<FilePanel> self = std::move(kept_);
  facts_ = std::move(result.facts);
  if (has_login_ended_) return;  // the console has ended before it
  has_login_ended_ = true;
  const auto* trouble = std::get_if<Trouble>(&result.outcome);
  // If the panel was closed in the meantime, writes its audit line now, with everything that its
  // login did.
  if (is_over_) return AuditEnd({"closed", "files", "", ""});
  if (trouble != nullptr) return End(*trouble);
  doors_.audit(FilesStartLine(session_id_, request_.instance_id, facts_));
  worker_ = std::make_unique<WorkerLink>(
      doors_.loop, std::get<Descriptor>(std::move(result.outcome)),
      [weak = weak_from_this()](const ToFront& message) {
        const std::shared_ptr<FilePanel> panel = weak.lock();
        if (panel && !panel->is_over_ && !panel->OnWorker(message)) panel->End(kBroken);
      },
      [weak = weak_from_this()] {
        if (const std::shared_ptr<FilePanel> panel = weak.lock()) panel->End(kBroken);
      });
  Send(FilesReadyFrame());
}

void FilePanel::OnMessage(std::string_view message, bool is_text) {
  if (socket_ == nullptr || is_over_) return;
  page_seen_ = Clock::now();
  if (!is_text) return TakeUpload(message);
  const auto parsed = ParseFileMessage(message);
  if (!parsed) return socket_->Close(kClosePolicy, "no message of the protocol");
  Take(*parsed);
}

void FilePanel::Take(const FileMessage& message) {
  if (std::holds_alternative<PagePong>(message)) return;
  if (const auto* answer = std::get_if<PageAnswer>(&message)) {
    (void)doors_.login.questions.Answer(answer->question, answer->value);
    return;
  }
  if (!worker_) return socket_->Close(kClosePolicy, "not ready");
  if (const auto* list = std::get_if<List>(&message)) {
    if (is_listing_ || socket_->Waiting() > kListFramesMax) {
      return socket_->Close(kClosePolicy, "one list at a time");
    }
    is_listing_ = true;
    has_folder_ = false;
    names_ = 0;
    return worker_->Send(*list);
  }
  if (std::holds_alternative<Cancel>(message)) {
    return Stop({"cancelled", "files", "Cancelled.", ""});
  }
  if (std::holds_alternative<PutEnd>(message)) {
    if (transfer_ && transfer_->is_put) worker_->Send(PutEnd{});
    return;
  }
  if (transfer_) return socket_->Close(kClosePolicy, "one transfer at a time");
  if (const auto* get = std::get_if<Get>(&message)) {
    Begin(false, get->path);
    worker_->Send(*get);
  } else if (const auto* put = std::get_if<Put>(&message)) {
    Begin(true, put->path);
    worker_->Send(*put);
  }
}

void FilePanel::Begin(bool is_put, const std::string& path) {
  transfer_.emplace();
  transfer_->is_put = is_put;
  transfer_->path = path;
  doors_.audit(TransferStartLine(session_id_, request_.instance_id, facts_, is_put, path));
}

void FilePanel::TakeUpload(std::string_view bytes) {
  // Input after the end of a transfer was already on its way.
  if (!transfer_ || !transfer_->is_put) return;
  if (bytes.size() > transfer_->room) {
    return socket_->Close(kClosePolicy, "more of a file than was asked for");
  }
  transfer_->room -= static_cast<std::uint32_t>(bytes.size());
  transfer_->bytes += bytes.size();
  bytes_in_ += bytes.size();
  for (; !bytes.empty();
       bytes.remove_prefix(std::min<std::size_t>(bytes.size(), kFileBlockBytes))) {
    worker_->Send(Input{bytes.substr(0, kFileBlockBytes)});
  }
}

// False if a worker of files must not send this message now.
bool FilePanel::OnWorker(const ToFront& message) {
  if (const auto* output = std::get_if<Output>(&message)) return OnOutput(output->bytes);
  if (const auto* more = std::get_if<MoreInput>(&message)) return OnMoreInput(more->bytes);
  if (const auto* opened = std::get_if<Opened>(&message)) return OnOpened(*opened);
  if (const auto* done = std::get_if<Done>(&message)) return OnDone(*done);
  if (const auto* folder = std::get_if<Folder>(&message)) {
    if (!is_listing_ || std::exchange(has_folder_, true)) return false;
    Send(FolderFrame(folder->path));
    return true;
  }
  if (const auto* names = std::get_if<Names>(&message)) {
    names_ += names->names.size();
    if (!is_listing_ || !has_folder_ || names_ > kListedNamesMax) return false;
    Send(NamesFrame(*names));
    return true;
  }
  if (const auto* exit = std::get_if<Exit>(&message)) {
    End({"cut", "files",
         "The connection to the instance was lost: " +
             client::TerminalLine(exit->words, kWordsBytesMax),
         "Open the panel again."});
    return true;
  }
  return false;
}

bool FilePanel::OnOpened(const Opened& opened) {
  if (!transfer_ || transfer_->is_open) return false;
  transfer_->is_open = true;
  if (transfer_->is_put || transfer_->end) return true;
  transfer_->size = opened.size;
  transfer_->id = RandomName();
  // The browser may not request it: it may ask the person first, or refuse.
  transfer_->late = doors_.loop.After(kFetchTimeMax, [this] {
    if (transfer_ && transfer_->sink == nullptr) {
      Stop({"not-fetched", "files", "The browser did not begin the download.",
            "Does it block downloads from this page? Try again."});
    }
  });
  Send(FetchFrame(std::string(kDownloadsPath) + transfer_->id, opened.size));
  return true;
}

std::optional<Download> FilePanel::Fetch(const std::string& id) {
  if (!transfer_ || transfer_->id.empty() || transfer_->id != id || transfer_->end) {
    return std::nullopt;
  }
  transfer_->fetched = std::move(transfer_->id);
  transfer_->id.clear();
  return Download{transfer_->path, std::make_shared<Body>(shared_from_this(), id), transfer_->size};
}

void FilePanel::OnSink(BodySink& sink) {
  transfer_->sink = &sink;
  transfer_->late.reset();
  if (transfer_->end) return sink.Cut();
  if (transfer_->is_done) return FinishDownload();
  transfer_->allowed = kFileWindowBytes;
  worker_->Send(MoreOutput{static_cast<std::uint32_t>(kFileWindowBytes)});
}

bool FilePanel::OnOutput(std::string_view bytes) {
  if (!transfer_ || transfer_->is_put) return false;
  if (transfer_->end) return true;  // it was on its way
  transfer_->bytes += bytes.size();
  bytes_out_ += bytes.size();
  const bool is_allowed = transfer_->bytes <= transfer_->allowed &&
                          transfer_->bytes <= transfer_->size.value_or(UINT64_MAX);
  if (!is_allowed) return false;
  transfer_->waiting.append(bytes);
  PumpDownload();
  return true;
}

void FilePanel::PumpDownload() {
  if (transfer_->sink == nullptr || transfer_->sending != 0 || transfer_->waiting.empty()) return;
  transfer_->sending = transfer_->waiting.size();
  std::string piece;
  piece.swap(transfer_->waiting);
  transfer_->sink->Send(std::move(piece));
}

void FilePanel::OnPieceSent() {
  const std::size_t count = transfer_->sending;
  transfer_->sending = 0;
  transfer_->delivered += count;
  if (transfer_->delivered - transfer_->told >= kProgressBytes) {
    transfer_->told = transfer_->delivered;
    Send(ProgressFrame(transfer_->told));
  }
  if (transfer_->is_done) return FinishDownload();
  if (transfer_->end) return;
  transfer_->allowed += count;
  worker_->Send(MoreOutput{static_cast<std::uint32_t>(count)});
  PumpDownload();
}

// The worker has sent everything. The page learns that once the browser has it all.
void FilePanel::FinishDownload() {
  PumpDownload();
  if (transfer_->sending != 0 || !transfer_->waiting.empty()) return;
  BodySink* sink = transfer_->sink;
  transfer_->sink = nullptr;
  EndTransfer({"done", "files", "", ""});
  if (sink != nullptr) sink->Finish();
}

void FilePanel::OnSinkClosed() {
  transfer_->sink = nullptr;
  // A browser that has as many bytes as the head has said closes before we do.
  transfer_->is_taken = transfer_->size && transfer_->bytes == *transfer_->size &&
                        transfer_->waiting.empty() && transfer_->sending == 0;
  if (transfer_->is_taken && transfer_->is_done) return EndTransfer({"done", "files", "", ""});
  if (transfer_->is_taken) return;  // until the worker says that it is done
  Stop({"stopped", "files", "The browser has stopped the download.", "Try again."});
}

bool FilePanel::OnMoreInput(std::uint32_t bytes) {
  if (!transfer_ || !transfer_->is_put || !transfer_->is_open) return false;
  if (bytes > kFileWindowBytes - transfer_->room) return false;
  transfer_->room += bytes;
  if (!transfer_->end) Send(SendFrame(bytes));
  return true;
}

bool FilePanel::OnDone(const Done& done) {
  if (done.of == Done::Of::kList) {
    if (!is_listing_) return false;
    is_listing_ = false;
    Send(ListedFrame(done));
    return true;
  }
  if (!transfer_ || transfer_->is_done) return false;
  const bool is_whole = done.how == Done::How::kDone;
  if (transfer_->end || !is_whole || transfer_->is_put) {
    // A put may be done before it could be stopped, or have left its bytes under another name.
    const bool counts =
        !transfer_->end || (transfer_->is_put && is_whole) || done.how == Done::How::kNotRenamed;
    EndTransfer(counts ? TroubleOf(done) : *transfer_->end);
    return true;
  }
  const bool has_all = transfer_->bytes == transfer_->size.value_or(transfer_->bytes);
  if (!transfer_->is_open || !has_all) return false;
  transfer_->is_done = true;
  if (transfer_->is_taken) {
    EndTransfer({"done", "files", "", ""});
  } else if (transfer_->sink != nullptr && transfer_->sending == 0) {
    FinishDownload();  // Else the browser has still to come for an empty file.
  }
  return true;
}

// Has the worker give the transfer up; its answer ends it.
void FilePanel::Stop(const Trouble& why) {
  if (!transfer_ || transfer_->end) return;
  if (transfer_->is_done) return EndTransfer(why);
  transfer_->end = why;
  transfer_->late.reset();
  worker_->Send(Cancel{});
}

void FilePanel::EndTransfer(const Trouble& end) {
  BodySink* sink = transfer_->sink;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - transfer_->began);
  doors_.audit(TransferEndLine(
      session_id_, request_.instance_id, facts_,
      {transfer_->is_put, transfer_->path, transfer_->bytes, seconds.count(), end.slug}));
  Send(TransferFrame(end, transfer_->bytes));
  transfer_.reset();
  if (sink != nullptr) sink->Cut();
}

void FilePanel::Abandon(const Trouble& why) {
  const bool is_first = !has_login_ended_;
  has_login_ended_ = true;
  if (is_over_ && is_first) return AuditEnd(why);
  End(why);
}

void FilePanel::OnClosed() {
  socket_ = nullptr;
  tick_.reset();
  End({"closed", "files", "The panel was closed.", ""});
}

void FilePanel::End(const Trouble& why) {
  if (is_over_) return;
  is_over_ = true;
  *is_cancelled_ = true;
  if (transfer_) EndTransfer({"cut", "files", why.words, why.next});
  if (has_login_ended_) AuditEnd(why);
  // Not now: its callback may be what called.
  doors_.loop.Post([worker = std::shared_ptr<WorkerLink>(std::move(worker_))] {});
  Send(EndFrame(why, 0));
  if (socket_ != nullptr) socket_->Close(kCloseNormal, "ended");
}

void FilePanel::AuditEnd(const Trouble& why) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began_);
  doors_.audit(FilesEndLine(
      session_id_, request_.instance_id, facts_,
      {why.slug, why.step == "files" ? "" : why.step, bytes_in_, bytes_out_, seconds.count()}));
}

void FilePanel::Send(const std::string& frame) {
  if (socket_ != nullptr) socket_->SendText(frame);
}

void FilePanel::Tick() {
  if (socket_ == nullptr || is_over_) return;
  const Clock::time_point now = Clock::now();
  const std::shared_ptr<Session> session = session_.lock();
  if (!session || session->state() == Session::State::kEnded) {
    return End({"session-over", "files", "The session has ended.", ""});
  }
  if (now - page_seen_ > kSilenceMax) return socket_->Close(kCloseSilent, "no sign of life");
  if (now - pinged_ >= kPingEvery) {
    pinged_ = now;
    Send(PingFrame(++ping_));
  }
  tick_ = doors_.loop.After(kTickEvery, [this] { Tick(); });
}

}  // namespace eic::console
