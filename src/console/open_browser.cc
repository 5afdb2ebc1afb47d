#include "console/open_browser.h"

#include <unistd.h>

#include "aws/system/files.h"
#include "aws/system/run_program.h"

namespace eic::console {
namespace {

constexpr std::chrono::seconds kOpenTimeMax{20};

std::string RedirectIn(const std::string& folder) { return folder + "/console.html"; }

}  // namespace

aws::Outcome<Nothing> OpenBrowser(const std::string& folder, const std::string& url) {
  const std::string path = RedirectIn(folder);
  const std::string html =
      "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">"
      "<meta http-equiv=\"refresh\" content=\"0; url=" +
      url + "\"><title>eic-console</title>\n";
  const auto stored = StoreFile(path, html, 0600, Durability::kMayBeLost);
  if (!stored) return stored.error();
  const ProgramEnd end = RunProgram({{"xdg-open", path}, {}, kOpenTimeMax});
  if (end.fate == ProgramEnd::Fate::kExited && end.status == 0) return Nothing{};
  return aws::Failure{"NoBrowser", "xdg-open did not open a browser",
                      "Open the URL above by hand."};
}

void RemoveRedirect(const std::string& folder) { (void)unlink(RedirectIn(folder).c_str()); }

}  // namespace eic::console
