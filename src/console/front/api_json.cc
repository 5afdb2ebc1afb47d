#include "console/front/api_json.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "client/target/resolve.h"
#include "console/limits.h"
#include "core/instance_id.h"
#include "core/partition.h"

namespace eic::console {
namespace {

using Json = nlohmann::ordered_json;

// Regions that are offered; any other can be typed.
constexpr const char* kRegions[] = {
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ca-central-1",
    "ca-west-1",      "mx-central-1",   "sa-east-1",      "eu-central-1",   "eu-central-2",
    "eu-west-1",      "eu-west-2",      "eu-west-3",      "eu-north-1",     "eu-south-1",
    "eu-south-2",     "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-east-1",
    "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "me-central-1",   "me-south-1",
    "il-central-1",   "af-south-1",     "us-gov-east-1",  "us-gov-west-1",  "cn-north-1",
    "cn-northwest-1"};

// AWS's text may not be UTF-8.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string NameOf(const aws::Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? "" : name->second;
}

struct ChosenUser {
  std::string user;
  const char* from;
};

ChosenUser UserFor(const aws::Instance& instance, const std::vector<aws::Image>& images,
                   const client::SettingsFile& settings) {
  const std::string tagged = client::TaggedUser(instance);
  if (!tagged.empty()) return {tagged, "tag"};
  const client::Settings own = settings.For({instance.instance_id, NameOf(instance)});
  if (!own.user.empty()) return {own.user, "config"};
  const client::UserGuess guess = client::GuessUser(instance, images);
  return {guess.os_user, guess.image_looks_like.empty() ? "default" : "image"};
}

Json AddressJson(const aws::Instance& instance, const char* kind, const char* what,
                 const std::string& address) {
  std::string why_not;
  if (address.empty()) why_not = std::string("the instance has no ") + what + " address";
  if (instance.state != "running") why_not = "the instance is " + instance.state;
  return {{"kind", kind}, {"address", address}, {"usable", why_not.empty()}, {"why_not", why_not}};
}

std::string ImageName(const aws::Instance& instance, const std::vector<aws::Image>& images) {
  for (const aws::Image& image : images) {
    if (image.image_id == instance.image_id) return image.name;
  }
  return "";
}

Json InstanceJson(const aws::Instance& instance, const std::vector<aws::Image>& images,
                  const client::SettingsFile& settings) {
  const ChosenUser user = UserFor(instance, images, settings);
  const Json endpoint = {
      {"kind", "endpoint"},
      {"address", ""},
      {"usable", false},
      {"why_not", "eic-console does not support EC2 Instance Connect Endpoints"}};
  return {{"id", instance.instance_id},
          {"name", NameOf(instance)},
          {"state", instance.state},
          {"zone", instance.availability_zone},
          {"type", instance.instance_type},
          {"image", instance.image_id},
          {"image_name", ImageName(instance, images)},
          {"public_ip", instance.public_ip},
          {"private_ip", instance.private_ip},
          {"ipv6", instance.ipv6},
          {"private_dns", instance.private_dns_name},
          {"user", user.user},
          {"user_from", user.from},
          {"addresses",
           Json::array({AddressJson(instance, "public", "public IPv4", instance.public_ip),
                        AddressJson(instance, "ipv6", "IPv6", instance.ipv6),
                        AddressJson(instance, "private", "private IPv4", instance.private_ip),
                        endpoint})}};
}

const char* NameOf(Session::State state) {
  switch (state) {
    case Session::State::kLoggingIn:
      return "connecting";
    case Session::State::kLive:
      return "open";
    case Session::State::kEnded:
      break;
  }
  return "ended";
}

const char* WordOf(client::AddressKind kind) {
  switch (kind) {
    case client::AddressKind::kAuto:
      break;
    case client::AddressKind::kPublic:
      return "public";
    case client::AddressKind::kPrivate:
      return "private";
    case client::AddressKind::kIpv6:
      return "ipv6";
  }
  return "auto";
}

// Empty if the member is absent; nothing if it is not a short text.
std::optional<std::string> TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return std::string();
  if (!found->is_string()) return std::nullopt;
  std::string text = found->get<std::string>();
  if (text.size() > kValueBytesMax || text.find('\0') != std::string::npos) return std::nullopt;
  return text;
}

// User names may have an `@` and other characters, but no blank and no control character.
bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7f; });
}

}  // namespace

std::string ErrorJson(const Trouble& trouble, const std::string& question_id) {
  Json error = {{"slug", trouble.slug},
                {"step", trouble.step},
                {"words", trouble.words},
                {"next", trouble.next}};
  if (!question_id.empty()) error["question"] = question_id;
  return Dump({{"error", error}});
}

std::string StartJson(const StartFacts& facts) {
  Json json = {{"profiles", facts.profiles}, {"profile", facts.profile}, {"region", facts.region}};
  json["regions"] = Json::array();
  for (const char* region : kRegions) json["regions"].push_back(region);
  json["principal"] = facts.principal.empty() ? Json(nullptr) : Json(facts.principal);
  return Dump(json);
}

std::string InstancesJson(const std::vector<aws::Instance>& instances,
                          const std::vector<aws::Image>& images,
                          const client::SettingsFile& settings) {
  Json list = Json::array();
  for (const aws::Instance& instance : instances) {
    list.push_back(InstanceJson(instance, images, settings));
  }
  return Dump({{"instances", std::move(list)}, {"next", nullptr}});
}

std::string SessionJson(const std::string& id) { return Dump({{"session", id}}); }

std::string SessionsJson(const std::vector<std::shared_ptr<Session>>& sessions) {
  Json list = Json::array();
  for (const std::shared_ptr<Session>& session : sessions) {
    const LoginFacts& facts = session->facts();
    list.push_back({{"session", session->id()},
                    {"instance", session->request().instance_id},
                    {"name", facts.name},
                    {"user", facts.user.empty() ? session->request().user : facts.user},
                    {"address", facts.address},
                    {"profile", session->request().place.profile},
                    {"region", session->request().place.region},
                    {"how", WordOf(session->request().address)},
                    {"state", NameOf(session->state())},
                    {"since", session->started_at()}});
  }
  return Dump({{"sessions", std::move(list)}});
}

std::optional<LoginRequest> ParseLoginRequest(std::string_view body) {
  const Json json = Json::parse(body.begin(), body.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto instance = TextOf(json, "instance");
  const auto profile = TextOf(json, "profile");
  const auto region = TextOf(json, "region");
  const auto user = TextOf(json, "user");
  const auto address = TextOf(json, "address");
  if (!instance || !profile || !region || !user || !address) return std::nullopt;
  if (!IsInstanceId(*instance)) return std::nullopt;
  if (!region->empty() && !IsRegion(*region)) return std::nullopt;
  if (user->size() > kUserBytesMax || !IsPrintable(*user)) return std::nullopt;
  const auto kind = client::ParseAddressKind(address->empty() ? "auto" : *address);
  if (!kind) return std::nullopt;
  LoginRequest request{*instance, {*profile, *region}, *user, *kind};
  const auto port = json.find("port");
  if (port == json.end()) return request;
  if (!port->is_number_unsigned()) return std::nullopt;
  const auto number = port->get<std::uint64_t>();
  if (number == 0 || number > UINT16_MAX) return std::nullopt;
  request.port = static_cast<std::uint16_t>(number);
  return request;
}

std::optional<AnswerBody> ParseAnswer(std::string_view body) {
  const Json json = Json::parse(body.begin(), body.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto question = TextOf(json, "question");
  const auto value = TextOf(json, "value");
  if (!question || !value || question->empty()) return std::nullopt;
  return AnswerBody{*question, *value};
}

}  // namespace eic::console
