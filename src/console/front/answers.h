// Answers of each kind, with the headers that keep a browser from doing anything else with them.
#pragma once

#include <string>

#include "console/front/server.h"

namespace eic::console {

// Without a body.
HttpAnswer Plain(int status);
HttpAnswer JsonAnswer(int status, std::string json);
// A page of words alone.
HttpAnswer ErrorPage(int status, const std::string& words, const std::string& next);
// 404, with a link to the list of instances.
HttpAnswer NoPage();

// `cookie` is set, and `/` is where it goes on: by a redirect, or by a page that does it.
HttpAnswer EnterByRedirect(const std::string& cookie);
HttpAnswer EnterByPage(const std::string& cookie);

// The page's files (console/page/assets.h); 404 for a name that is none.
HttpAnswer HtmlAsset(const std::string& name);
// By its hash: 304 where the browser has it. Compressed where the browser takes that.
HttpAnswer AssetAnswer(const HttpRequest& request, const std::string& name);

// A file of an instance, to be saved under the last name of `path` and never shown. Its body is the
// caller's.
HttpAnswer DownloadAnswer(const std::string& path);

}  // namespace eic::console
