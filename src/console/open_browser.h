// Opens the URL in the person's browser, so that no other user sees it.
#pragma once

#include <string>

#include "aws/failure.h"

namespace eic::console {

// Every user can read the arguments of a process. So xdg-open gets a file of mode 0600 below
// `folder` that redirects to `url`. The file stays until RemoveRedirect. Fails with `NoBrowser`.
aws::Outcome<Nothing> OpenBrowser(const std::string& folder, const std::string& url);
void RemoveRedirect(const std::string& folder);

}  // namespace eic::console
