// The JSON of /api: what the page asks, and what it is told. doc/console.md has it in full.
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

// Instances as the list shows them: with whom to log in as, and which addresses can be used.
std::string InstancesJson(const std::vector<aws::Instance>& instances,
                          const std::vector<aws::Image>& images,
                          const client::SettingsFile& settings);

std::string SessionJson(const std::string& id);
std::string SessionsJson(const std::vector<std::shared_ptr<Session>>& sessions);

// The body of POST /api/sessions; nothing where it is none, or has values that cannot be.
std::optional<LoginRequest> ParseLoginRequest(std::string_view body);

struct AnswerBody {
  std::string question;
  std::string value;
};
std::optional<AnswerBody> ParseAnswer(std::string_view body);

}  // namespace eic::console
