// The JSON of /api: the page's requests and their answers. doc/console.md has it in full.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/api.h"
#include "client/target/settings.h"
#include "console/front/login.h"
#include "console/front/session.h"
#include "console/front/trouble.h"

namespace eic::console {

std::string ErrorJson(const Trouble& trouble, const std::string& question_id = "");

struct StartFacts {
  std::vector<std::string> profiles;
  std::string profile;
  std::string region;
  std::string principal;  // empty: not known yet
};
std::string StartJson(const StartFacts& facts);

// Instances as the list shows them, with the user to log in as and the usable addresses.
std::string InstancesJson(const std::vector<aws::Instance>& instances,
                          const std::vector<aws::Image>& images,
                          const client::SettingsFile& settings);

std::string SessionJson(const std::string& id);
std::string SessionsJson(const std::vector<std::shared_ptr<Session>>& sessions);

// Parses the body of POST /api/sessions; nothing if it is malformed or has impossible values.
std::optional<LoginRequest> ParseLoginRequest(std::string_view body);

struct AnswerBody {
  std::string question;
  std::string value;
};
std::optional<AnswerBody> ParseAnswer(std::string_view body);

}  // namespace eic::console
