// What is written to the log, and where to. doc/design.md step 10.
#pragma once

#include <memory>
#include <string>

#include "host/journal_entry.h"
#include "host/log_lines.h"

namespace eic {

class AuditLog {
 public:
  virtual ~AuditLog() = default;

  virtual void RecordAccepted(const Acceptance& acceptance) = 0;
  virtual void RecordRefused(const Refusal& refusal) = 0;

  // Something about the run itself, such as wrong usage.
  virtual void RecordFault(const std::string& text) = 0;

  // For a signal handler, which may not call any of the above: the descriptor and the bytes of a
  // line with `text` at error severity, ready to be sent with one write. -1 where there is nobody
  // to write to.
  virtual int Descriptor() const = 0;
  virtual std::string FaultBytes(const std::string& text) const = 0;
  // The same for a refusal.
  virtual std::string RefusalBytes(const Refusal& refusal) const {
    return FaultBytes(RefusedLine(refusal));
  }
};

// To syslog, facility AUTHPRIV, ident `ec2-instance-connect`: accepted keys at info, refusals at
// warning, faults at error. Never waits longer than kLogWaitMax in all; a line that cannot be
// delivered is lost, and the login goes on.
std::unique_ptr<AuditLog> OpenSyslogAudit(const std::string& socket_path = "/dev/log");

// Where the sockets are.
struct LogSockets {
  std::string syslog = "/dev/log";
  std::string journal_syslog = kJournalSyslogSocket;
  std::string journal = kJournalSocket;
};

// To the journal, in its native form (host/journal_entry.h), where `syslog` is a link to
// `journal_syslog`; to syslog as above where it is not, or `journal` cannot be connected to.
std::unique_ptr<AuditLog> OpenJournalOrSyslogAudit(const LogSockets& sockets = {});

// To standard error, one line each.
std::unique_ptr<AuditLog> OpenStderrAudit();

}  // namespace eic
