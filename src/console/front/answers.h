// Answers of each kind, with the headers that keep a browser from doing anything else with them.
#pragma once

#include <string>

#include "console/front/server.h"

namespace eic::console {

// Without a body.
HttpAnswer Plain(int status);
HttpAnswer JsonAnswer(int status, std::string json);
// A page that has only text.
HttpAnswer ErrorPage(int status, const std::string& words, const std::string& next);
// 404, with a link to the list of instances.
HttpAnswer NoPage();

// Sets `cookie` and leads to `/`, by a redirect or by a page that redirects.
HttpAnswer EnterByRedirect(const std::string& cookie);
HttpAnswer EnterByPage(const std::string& cookie);

// A file of the page (console/page/assets.h); 404 for any other name.
HttpAnswer HtmlAsset(const std::string& name);
// 304 if the browser has the file with this hash. Compressed if the browser accepts that.
HttpAnswer AssetAnswer(const HttpRequest& request, const std::string& name);

// The headers for a file of an instance, which the browser saves under the last name of `path` and
// never shows. The caller sends the body.
HttpAnswer DownloadAnswer(const std::string& path);

}  // namespace eic::console
