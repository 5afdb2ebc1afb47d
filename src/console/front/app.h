// Answers browsers: admission, then the page, the API and the terminals' websockets.
// On the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/api.h"
#include "console/front/admission.h"
#include "console/front/aws_desk.h"
#include "console/front/file_panels.h"
#include "console/front/jobs.h"
#include "console/front/server.h"
#include "console/front/sessions.h"
#include "console/front/trouble.h"

namespace eic::console {

// What the first view needs from AWS's files. Fails if these are wrong.
struct Profiles {
  std::vector<std::string> names;
  std::string profile;  // used if none is chosen
  std::string region;
};

struct AppDoors {
  Loop& loop;
  Admission& admission;
  Jobs& lists;
  Jobs& logins;
  AwsDesk& desk;
  Questions& questions;
  Sessions& sessions;
  FilePanels& panels;
  std::function<bool(const Ends&)> is_own_user;
  std::function<aws::Outcome<Profiles>()> read_profiles;
  std::function<aws::Outcome<client::SettingsFile>()> read_settings;
};

class App : public Handler {
 public:
  // Borrows everything in `doors`.
  explicit App(AppDoors doors) : doors_(std::move(doors)) {}

  bool Admits(const Ends& ends) override;
  void OnRequest(const HttpRequest& request, Answer answer) override;
  std::variant<std::shared_ptr<WebSocketEvents>, HttpAnswer> OnUpgrade(
      const HttpRequest& request) override;

 private:
  std::optional<HttpAnswer> Refuse(const HttpRequest& request) const;
  HttpAnswer Enter(const HttpRequest& request);
  void Route(const HttpRequest& request, const Answer& answer);
  void RouteApi(const HttpRequest& request, const Answer& answer);
  void GetStart(const HttpRequest& request, const Answer& answer);
  void GetInstances(const HttpRequest& request, const Answer& answer);
  HttpAnswer PostSession(const HttpRequest& request);
  HttpAnswer DeleteSession(const std::string& id);
  HttpAnswer GetDownload(const std::string& id);
  HttpAnswer PostAnswer(const HttpRequest& request);

  AppDoors doors_;
};

}  // namespace eic::console
