#include "console/front/audit.h"

#include <syslog.h>

#include "console/limits.h"
#include "core/printable.h"

namespace eic::console {
namespace {

void Add(std::string* line, const char* name, const std::string& value,
         std::size_t bytes_max = kValueBytesMax) {
  if (value.empty()) return;
  *line += std::string(" ") + name + "=\"" + Printable(value, bytes_max) + "\"";
}

// The event and its place, without what the panel's `Files began` line already has.
std::string TransferLine(const char* what, const std::string& session,
                         const std::string& instance_id, const LoginFacts& facts, bool is_put,
                         const std::string& path) {
  std::string line = std::string(what) + " session=" + session;
  Add(&line, "principal", facts.principal);
  Add(&line, "instance", instance_id);
  Add(&line, "user", facts.user);
  line += std::string(" direction=") + (is_put ? "upload" : "download");
  Add(&line, "path", path, kPathBytesMax);
  return line;
}

// ` bytes-in=` and so on, for the end of a session or panel.
std::string EndOf(const SessionEnd& end) {
  std::string line = " bytes-in=" + std::to_string(end.bytes_in) +
                     " bytes-out=" + std::to_string(end.bytes_out) +
                     " seconds=" + std::to_string(end.seconds) + " reason=" + end.slug;
  if (!end.step.empty()) line += " step=" + end.step;
  return line;
}

std::string Line(const char* what, const std::string& session, const std::string& instance_id,
                 const LoginFacts& facts) {
  std::string line = std::string(what) + " session=" + session;
  Add(&line, "principal", facts.principal);
  Add(&line, "instance", instance_id);
  Add(&line, "user", facts.user);
  Add(&line, "address", facts.address);
  Add(&line, "host-key", facts.host_key.fingerprint);
  Add(&line, "key", facts.key_fingerprint);
  Add(&line, "request-id", facts.push_request_id);
  return line;
}

}  // namespace

AuditLog SyslogAudit() {
  openlog("eic-console", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
  return [](const std::string& line) { syslog(LOG_INFO, "%s", line.c_str()); };
}

std::string StartLine(const std::string& session, const std::string& instance_id,
                      const LoginFacts& facts) {
  return Line("Session began:", session, instance_id, facts);
}

std::string EndLine(const std::string& session, const std::string& instance_id,
                    const LoginFacts& facts, const SessionEnd& end) {
  return Line("Session ended:", session, instance_id, facts) + EndOf(end);
}

std::string FilesStartLine(const std::string& session, const std::string& instance_id,
                           const LoginFacts& facts) {
  return Line("Files began:", session, instance_id, facts);
}

std::string FilesEndLine(const std::string& session, const std::string& instance_id,
                         const LoginFacts& facts, const SessionEnd& end) {
  return Line("Files ended:", session, instance_id, facts) + EndOf(end);
}

std::string TransferStartLine(const std::string& session, const std::string& instance_id,
                              const LoginFacts& facts, bool is_put, const std::string& path) {
  return TransferLine("Transfer began:", session, instance_id, facts, is_put, path);
}

std::string TransferEndLine(const std::string& session, const std::string& instance_id,
                            const LoginFacts& facts, const TransferEnd& end) {
  return TransferLine("Transfer ended:", session, instance_id, facts, end.is_put, end.path) +
         " bytes=" + std::to_string(end.bytes) + " seconds=" + std::to_string(end.seconds) +
         " reason=" + end.slug;
}

}  // namespace eic::console
