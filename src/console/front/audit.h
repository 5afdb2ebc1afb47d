// The syslog lines of each session: who, where, with which keys, how much, how it ended.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "console/front/login.h"

namespace eic::console {

// Writes a line; safe to log. The real one is syslog(3), facility authpriv, ident eic-console.
using AuditLog = std::function<void(const std::string& line)>;

AuditLog SyslogAudit();

struct SessionEnd {
  std::string slug;
  std::string step;
  std::uint64_t bytes_in = 0;   // to the instance
  std::uint64_t bytes_out = 0;  // from it
  std::int64_t seconds = 0;
};

// The lines of a panel of files, and of one transfer in it.
struct TransferEnd {
  bool is_put = false;
  std::string path;
  std::uint64_t bytes = 0;
  std::int64_t seconds = 0;
  std::string slug;
};

std::string StartLine(const std::string& session, const std::string& instance_id,
                      const LoginFacts& facts);
std::string EndLine(const std::string& session, const std::string& instance_id,
                    const LoginFacts& facts, const SessionEnd& end);
std::string FilesStartLine(const std::string& session, const std::string& instance_id,
                           const LoginFacts& facts);
std::string FilesEndLine(const std::string& session, const std::string& instance_id,
                         const LoginFacts& facts, const SessionEnd& end);
std::string TransferStartLine(const std::string& session, const std::string& instance_id,
                              const LoginFacts& facts, bool is_put, const std::string& path);
std::string TransferEndLine(const std::string& session, const std::string& instance_id,
                            const LoginFacts& facts, const TransferEnd& end);

}  // namespace eic::console
