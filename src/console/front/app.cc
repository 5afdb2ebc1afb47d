#include "console/front/app.h"

#include <algorithm>

#include "console/front/answers.h"
#include "console/front/api_json.h"

namespace eic::console {
namespace {

constexpr std::string_view kSessionsPath = "/api/sessions/";
constexpr std::string_view kSocketEnd = "/socket";
constexpr std::string_view kFilesEnd = "/files";
constexpr std::string_view kAssetsPath = "/assets/";
constexpr std::string_view kTerminalPath = "/terminal/";

bool StartsWith(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

bool IsChange(const HttpRequest& request) {
  return request.method != "GET" && request.method != "HEAD";
}

bool IsApi(const HttpRequest& request) { return StartsWith(request.path, "/api/"); }

Trouble NotFound() {
  return {"not-found", "session", "there is no such session, question or path", "Reload the page."};
}

HttpAnswer FromAnotherSite() {
  return ErrorPage(403, "Another web site made this request.",
                   "Open the URL that eic-console printed.");
}

std::string Of(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

bool IsJson(const HttpRequest& request) {
  return StartsWith(Of(request.headers, "content-type"), "application/json");
}

// `/api/sessions/SESSION` and `end`; empty for another path.
std::string SessionIn(std::string_view path, std::string_view end) {
  const bool is_one = StartsWith(path, kSessionsPath) &&
                      path.size() > kSessionsPath.size() + end.size() &&
                      path.substr(path.size() - end.size()) == end;
  if (!is_one) return "";
  path.remove_prefix(kSessionsPath.size());
  return std::string(path.substr(0, path.size() - end.size()));
}

Place PlaceIn(const HttpRequest& request) {
  return {Of(request.query, "profile"), Of(request.query, "region")};
}

}  // namespace

bool App::Admits(const Ends& ends) { return doors_.is_own_user(ends); }

// Checks in this order: the host name, who asks, from which page.
std::optional<HttpAnswer> App::Refuse(const HttpRequest& request) const {
  if (!doors_.admission.IsOurHost(request)) {
    return ErrorPage(421, "This address does not belong to this eic-console.",
                     "Open the URL that eic-console printed.");
  }
  if (!doors_.admission.HasCookie(request)) {
    return ErrorPage(403, "This browser is not signed in to eic-console.",
                     "Restart eic-console and open the URL that it prints. The URL works once, in "
                     "the first browser that opens it.");
  }
  if (!Admission::IsSameSite(request) ||
      (IsChange(request) && !doors_.admission.IsOurOrigin(request))) {
    return FromAnotherSite();
  }
  return std::nullopt;
}

void App::OnRequest(const HttpRequest& request, Answer answer) {
  const bool has_token = request.path == "/" && request.query.count("token") != 0;
  if (has_token && request.method == "GET" && doors_.admission.IsOurHost(request)) {
    return answer(Enter(request));
  }
  if (auto refusal = Refuse(request)) return answer(*std::move(refusal));
  Route(request, answer);
}

HttpAnswer App::Enter(const HttpRequest& request) {
  const std::string cookie = doors_.admission.TakeToken(Of(request.query, "token"));
  if (cookie.empty()) {
    return ErrorPage(403, "This URL has already been used, or belongs to another eic-console.",
                     "Restart eic-console and open the URL that it prints.");
  }
  // A browser does not send a SameSite=Strict cookie with a redirect that started at a file
  // (--open) or at another site. It sends the cookie if our own page redirects.
  return Of(request.headers, "sec-fetch-site") == "cross-site" ? EnterByPage(cookie)
                                                               : EnterByRedirect(cookie);
}

void App::Route(const HttpRequest& request, const Answer& answer) {
  if (IsApi(request)) return RouteApi(request, answer);
  if (IsChange(request)) return answer(JsonAnswer(405, ErrorJson(NotFound())));
  if (request.path == "/") return answer(HtmlAsset("index.html"));
  if (StartsWith(request.path, kTerminalPath)) return answer(HtmlAsset("terminal.html"));
  if (StartsWith(request.path, kAssetsPath)) {
    return answer(AssetAnswer(request, request.path.substr(kAssetsPath.size())));
  }
  answer(NoPage());
}

void App::RouteApi(const HttpRequest& request, const Answer& answer) {
  const std::string what = request.method + " " + request.path;
  if (request.method == "POST" && !IsJson(request)) {
    return answer(JsonAnswer(415, ErrorJson({"bad-request", "session", "the request is not JSON",
                                             "Send it as application/json."})));
  }
  if (what == "GET /api/start") return GetStart(request, answer);
  if (what == "GET /api/instances") return GetInstances(request, answer);
  if (what == "GET /api/sessions") {
    return answer(JsonAnswer(200, SessionsJson(doors_.sessions.All())));
  }
  if (what == "POST /api/sessions") return answer(PostSession(request));
  if (what == "POST /api/answers") return answer(PostAnswer(request));
  if (request.method == "GET" && StartsWith(request.path, kDownloadsPath)) {
    return answer(GetDownload(request.path.substr(kDownloadsPath.size())));
  }
  if (request.method == "DELETE" && StartsWith(request.path, kSessionsPath)) {
    return answer(DeleteSession(request.path.substr(kSessionsPath.size())));
  }
  answer(JsonAnswer(404, ErrorJson(NotFound())));
}

void App::GetStart(const HttpRequest& request, const Answer& answer) {
  const aws::Outcome<Profiles> profiles = doors_.read_profiles();
  if (!profiles) {
    const Trouble trouble = TroubleOf(profiles.error(), "list");
    return answer(JsonAnswer(StatusOf(trouble), ErrorJson(trouble)));
  }
  const Place place = PlaceIn(request);
  answer(JsonAnswer(200, StartJson({profiles->names, profiles->profile, profiles->region,
                                    doors_.desk.Principal(place)})));
}

void App::GetInstances(const HttpRequest& request, const Answer& answer) {
  // Answers once: with the list, or with the question for which the list waits. For each place, at
  // most one thread waits for a person, and lists never answer a login's question.
  const auto show = [answer](const Question& question) {
    const Trouble trouble{"mfa-needed", "list", question.words, "Enter the code."};
    answer(JsonAnswer(401, ErrorJson(trouble, question.id)));
  };
  const bool is_running = doors_.lists.Run([this, place = PlaceIn(request), show, answer] {
    std::vector<aws::Instance> instances;
    std::vector<aws::Image> images;
    const auto done = doors_.desk.With(
        place, show, [] { return false; },
        [&](aws::Api& api) -> aws::Outcome<Nothing> {
          auto described = api.DescribeInstances({});
          if (!described) return described.error();
          instances = *std::move(described);
          std::vector<std::string> ids;
          ids.reserve(instances.size());
          for (const aws::Instance& instance : instances) ids.push_back(instance.image_id);
          std::sort(ids.begin(), ids.end());
          ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
          images = doors_.desk.Images(api, ids);
          return Nothing{};
        },
        // The page asks again once it has the answer.
        Behind::kLeaves);
    const auto settings = doors_.read_settings();
    if (!done || !settings) {
      const Trouble trouble = TroubleOf(done ? settings.error() : done.error(), "list");
      return answer(JsonAnswer(StatusOf(trouble), ErrorJson(trouble)));
    }
    answer(JsonAnswer(200, InstancesJson(instances, images, *settings)));
  });
  if (is_running) return;
  answer(JsonAnswer(429, ErrorJson({"throttled", "list", "too many requests are waiting for AWS",
                                    "Wait a moment, and refresh."})));
}

HttpAnswer App::PostSession(const HttpRequest& request) {
  auto wanted = ParseLoginRequest(request.body);
  if (!wanted) {
    return JsonAnswer(400, ErrorJson({"bad-request", "session",
                                      "the request names no instance, or its user, region or "
                                      "address is not valid",
                                      "Check the user and the region."}));
  }
  if (!doors_.logins.HasRoom()) {
    return JsonAnswer(429, ErrorJson({"session-limit", "session", "too many logins are in progress",
                                      "Wait a moment, and connect again."}));
  }
  const std::shared_ptr<Session> session = doors_.sessions.Begin(*std::move(wanted));
  if (!session) {
    return JsonAnswer(429, ErrorJson({"session-limit", "session", "too many sessions are open",
                                      "End some sessions first."}));
  }
  return JsonAnswer(201, SessionJson(session->id()));
}

HttpAnswer App::DeleteSession(const std::string& id) {
  const std::shared_ptr<Session> session = doors_.sessions.Find(id);
  if (!session) return JsonAnswer(404, ErrorJson(NotFound()));
  session->End({"exited", "session", "You ended the session.", ""});
  return Plain(204);
}

HttpAnswer App::GetDownload(const std::string& id) {
  auto download = doors_.panels.Fetch(id);
  if (!download) return JsonAnswer(404, ErrorJson(NotFound()));
  HttpAnswer answer = DownloadAnswer(download->path);
  answer.stream = std::move(download->stream);
  answer.length = download->length;
  return answer;
}

HttpAnswer App::PostAnswer(const HttpRequest& request) {
  const auto given = ParseAnswer(request.body);
  const bool is_open = given && doors_.questions.Answer(given->question, given->value);
  return is_open ? Plain(204) : JsonAnswer(404, ErrorJson(NotFound()));
}

std::variant<std::shared_ptr<WebSocketEvents>, HttpAnswer> App::OnUpgrade(
    const HttpRequest& request) {
  if (auto refusal = Refuse(request)) return *std::move(refusal);
  if (!doors_.admission.IsOurOrigin(request)) {
    return FromAnotherSite();
  }
  if (const auto session = doors_.sessions.Find(SessionIn(request.path, kSocketEnd))) {
    return session->Attach();
  }
  const auto session = doors_.sessions.Find(SessionIn(request.path, kFilesEnd));
  if (!session || session->state() != Session::State::kLive) {
    return JsonAnswer(404, ErrorJson(NotFound()));
  }
  if (auto panel = doors_.panels.Begin(session)) return panel;
  return JsonAnswer(429, ErrorJson({"session-limit", "files", "too many panels of files are open",
                                    "Close one in another tab first."}));
}

}  // namespace eic::console
