#include "console/front/audit.h"

#include <syslog.h>

#include "console/limits.h"
#include "core/printable.h"

namespace eic::console {
namespace {

void Add(std::string* line, const char* name, const std::string& value) {
  if (value.empty()) return;
  *line += std::string(" ") + name + "=\"" + Printable(value, kValueBytesMax) + "\"";
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
  std::string line = Line("Session ended:", session, instance_id, facts);
  line += " bytes-in=" + std::to_string(end.bytes_in) +
          " bytes-out=" + std::to_string(end.bytes_out) +
          " seconds=" + std::to_string(end.seconds) + " reason=" + end.slug;
  if (!end.step.empty()) line += " step=" + end.step;
  return line;
}

}  // namespace eic::console
