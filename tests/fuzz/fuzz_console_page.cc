// What a browser says: the text frames of a terminal, and the target of a request. And the kernel's
// table of connections, which is parsed as strictly.
#include "console/front/page_messages.h"
#include "console/front/peer_user.h"
#include "console/front/url.h"
#include "console/limits.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

bool IsSize(std::uint32_t columns, std::uint32_t rows) {
  return columns > 0 && rows > 0 && columns <= console::kColumnsMax && rows <= console::kRowsMax;
}

}  // namespace

void ConsolePage(std::string_view input) {
  if (const auto message = console::ParsePageMessage(input)) {
    if (const auto* start = std::get_if<console::PageStart>(&*message)) {
      Hold(IsSize(start->columns, start->rows), "a terminal of a possible size");
    }
    if (const auto* size = std::get_if<console::PageSize>(&*message)) {
      Hold(IsSize(size->columns, size->rows), "a possible size");
    }
    if (const auto* answer = std::get_if<console::PageAnswer>(&*message)) {
      Hold(answer->value.size() <= console::kValueBytesMax, "a short answer");
    }
  }
  const console::Target target = console::ParseRequestTarget(input);
  Hold(target.path.empty() || target.path[0] == '/', "a path begins with a slash");
  Hold(target.path.find('\0') == std::string::npos, "a path has no NUL");
  Hold(!target.path.empty() || target.query.empty(), "no query without a path");
  (void)console::UserInTable(input, {"127.0.0.1", 50000, "127.0.0.1", 8080});
}

}  // namespace eic::fuzz
