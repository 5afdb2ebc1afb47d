#include "emulator/configuration/configuration.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "emulator/configuration/members.h"
#include "emulator/configuration/parse_callers.h"
#include "emulator/configuration/parse_instance.h"
#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

std::set<std::string> TakeInstances(Members& top, Configuration& configuration) {
  std::set<std::string> ids;
  for (Members& members : top.Objects("instances", kInstancesMax)) {
    configuration.instances.push_back(ParseInstance(members));
    const std::string& id = configuration.instances.back().instance.instance_id;
    if (!ids.insert(id).second) members.Refuse("instance_id", id + " is there twice");
  }
  if (ids.empty()) {
    top.Refuse("instances", "is not an array of 1 to " + std::to_string(kInstancesMax));
  }
  return ids;
}

// The default image is one of them, unless another has its id.
void TakeImages(Members& top, Configuration& configuration) {
  std::vector<Image> images;
  std::set<std::string> ids;
  for (Members& members : top.Objects("images", kImagesMax)) {
    Image image;
    members.RequiredText("image_id", image.image_id);
    members.RequiredText("name", image.name);
    members.RequiredText("owner_id", image.owner_id);
    members.Text("owner_alias", image.owner_alias);
    members.NothingElse();
    if (!ids.insert(image.image_id).second) {
      members.Refuse("image_id", image.image_id + " is there twice");
    }
    images.push_back(std::move(image));
  }
  if (ids.count(DefaultImage().image_id) == 0) images.push_back(DefaultImage());
  configuration.images = std::move(images);
}

// An instance may have an image that nobody can see any more, but no role that does not exist.
void CheckRoles(const Configuration& configuration) {
  for (std::size_t i = 0; i < configuration.instances.size(); ++i) {
    const std::string& arn = configuration.instances[i].instance.role_arn;
    if (arn.empty() || FindRole(configuration.roles, arn) != nullptr) continue;
    throw EmulatorError("instances[" + std::to_string(i) + "].instance_role: there is no role " +
                        arn);
  }
}

}  // namespace

Configuration ParseConfiguration(std::string_view text) {
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    // Which says the line and column.
    throw EmulatorError(std::string("not JSON: ") + error.what());
  }
  Members top(json, "");
  Configuration configuration;
  const std::set<std::string> ids = TakeInstances(top, configuration);
  TakeImages(top, configuration);
  configuration.credentials = ParseCredentials(top, ids);
  configuration.roles = ParseRoles(top, ids);
  configuration.web_identity_tokens = ParseWebIdentityTokens(top, configuration.roles);
  configuration.container = ParseContainer(top, configuration.roles);
  std::int64_t page_size = 0;
  top.Number("page_size", page_size, 1, kMaxResultsMax);
  configuration.page_size = static_cast<std::size_t>(page_size);
  top.NothingElse();
  CheckRoles(configuration);
  return configuration;
}

}  // namespace eic::emulator
