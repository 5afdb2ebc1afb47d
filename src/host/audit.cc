#include "host/audit.h"

#include <poll.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <syslog.h>
#include <unistd.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "core/printable.h"
#include "host/clock.h"
#include "host/limits.h"
#include "host/syslog_socket.h"

namespace eic {
namespace {

using LogMessage = spdlog::details::log_msg;
using Sink = spdlog::sinks::base_sink<spdlog::details::null_mutex>;

std::string TextOf(const LogMessage& message) {
  return std::string(message.payload.data(), message.payload.size());
}

int SeverityOf(spdlog::level::level_enum level) {
  if (level == spdlog::level::info) return LOG_INFO;
  return level == spdlog::level::warn ? LOG_WARNING : LOG_ERR;
}

// spdlog's own syslog sink calls syslog(3), which can block for as long as the daemon likes.
class SyslogSink : public Sink {
 public:
  explicit SyslogSink(const std::string& socket_path) : socket_(socket_path) {}

  int descriptor() const { return socket_.descriptor(); }

 protected:
  void sink_it_(const LogMessage& message) override {
    socket_.Send(SyslogMessage(SeverityOf(message.level), TextOf(message)));
  }
  void flush_() override {}

 private:
  SyslogSocket socket_;
};

// Hands on what it gets: the datagram is made before. spdlog's own sink for journald calls
// sd_journal_send(3), which waits, and passes a large entry in a file.
class JournalSink : public Sink {
 public:
  explicit JournalSink(const std::string& socket_path) : socket_(socket_path) {}

  int descriptor() const { return socket_.descriptor(); }

 protected:
  void sink_it_(const LogMessage& message) override { socket_.Send(TextOf(message)); }
  void flush_() override {}

 private:
  SyslogSocket socket_;
};

class StderrSink : public Sink {
 protected:
  void sink_it_(const LogMessage& message) override {
    const std::string line = TextOf(message) + '\n';
    // One write, so that lines of concurrent runs do not mix. A reader that has left is no concern,
    // one that does not read is waited for as little as a syslog daemon: kLogWaitMax in all.
    pollfd writable{STDERR_FILENO, POLLOUT, 0};
    bool is_writable = poll(&writable, 1, 0) == 1;
    if (!is_writable) {
      const Deadline deadline = Deadline::After(wait_left_);
      is_writable = poll(&writable, 1, static_cast<int>(wait_left_.count())) == 1;
      wait_left_ = deadline.TimeLeft();
    }
    if (is_writable) (void)!write(STDERR_FILENO, line.data(), line.size());
  }
  void flush_() override {}

 private:
  std::chrono::milliseconds wait_left_ = kLogWaitMax;
};

// Turns what happened into lines for one of the sinks.
class SpdlogAudit : public AuditLog {
 public:
  explicit SpdlogAudit(std::shared_ptr<Sink> sink) : logger_("audit", std::move(sink)) {}

  void RecordAccepted(const Acceptance& acceptance) override {
    logger_.info(View(AcceptedLine(acceptance)));
  }
  void RecordRefused(const Refusal& refusal) override { logger_.warn(View(RefusedLine(refusal))); }
  void RecordFault(const std::string& text) override { logger_.error(View(PrintableLine(text))); }

 private:
  // As a view it is text and not a format, whatever braces it holds.
  static spdlog::string_view_t View(const std::string& line) { return {line.data(), line.size()}; }

  spdlog::logger logger_;
};

class SyslogAudit : public SpdlogAudit {
 public:
  explicit SyslogAudit(const std::shared_ptr<SyslogSink>& sink) : SpdlogAudit(sink), sink_(sink) {}

  int Descriptor() const override { return sink_->descriptor(); }
  std::string FaultBytes(const std::string& text) const override {
    return SyslogMessage(LOG_ERR, PrintableLine(text));
  }

 private:
  std::shared_ptr<SyslogSink> sink_;
};

class JournalAudit : public AuditLog {
 public:
  explicit JournalAudit(std::shared_ptr<JournalSink> sink) : sink_(std::move(sink)) {}

  void RecordAccepted(const Acceptance& acceptance) override {
    Send(spdlog::level::info, AcceptedEntry(acceptance));
  }
  void RecordRefused(const Refusal& refusal) override {
    Send(spdlog::level::warn, RefusedEntry(refusal, LOG_WARNING));
  }
  void RecordFault(const std::string& text) override { Send(spdlog::level::err, FaultEntry(text)); }
  int Descriptor() const override { return sink_->descriptor(); }
  std::string FaultBytes(const std::string& text) const override { return FaultEntry(text); }
  std::string RefusalBytes(const Refusal& refusal) const override {
    return RefusedEntry(refusal, LOG_ERR);
  }

 private:
  void Send(spdlog::level::level_enum level, const std::string& entry) {
    logger_.log(level, spdlog::string_view_t(entry.data(), entry.size()));
  }

  std::shared_ptr<JournalSink> sink_;
  spdlog::logger logger_{"audit", sink_};
};

class StderrAudit : public SpdlogAudit {
 public:
  StderrAudit() : SpdlogAudit(std::make_shared<StderrSink>()) {}

  int Descriptor() const override { return STDERR_FILENO; }
  std::string FaultBytes(const std::string& text) const override {
    return PrintableLine(text) + '\n';
  }
};

}  // namespace

std::unique_ptr<AuditLog> OpenSyslogAudit(const std::string& socket_path) {
  return std::make_unique<SyslogAudit>(std::make_shared<SyslogSink>(socket_path));
}

std::unique_ptr<AuditLog> OpenJournalOrSyslogAudit(const LogSockets& sockets) {
  if (IsLinkTo(sockets.syslog, sockets.journal_syslog)) {
    auto sink = std::make_shared<JournalSink>(sockets.journal);
    if (sink->descriptor() >= 0) return std::make_unique<JournalAudit>(std::move(sink));
  }
  return OpenSyslogAudit(sockets.syslog);
}

std::unique_ptr<AuditLog> OpenStderrAudit() { return std::make_unique<StderrAudit>(); }

}  // namespace eic
