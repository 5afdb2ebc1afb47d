#include "aws/api.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "aws/answers.h"
#include "aws/configuration.h"
#include "aws/credentials/chain.h"
#include "aws/credentials/instance_metadata.h"
#include "aws/limits.h"
#include "aws/open_api.h"
#include "aws/service_calls.h"

namespace eic::aws {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kEc2Version = "2016-11-15";
constexpr const char* kStsVersion = "2011-06-15";

// A list of the query protocol: PREFIX.1, PREFIX.2 and so on.
void AddList(const std::string& prefix, const std::vector<std::string>& values, Fields& fields) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    fields.emplace_back(prefix + "." + std::to_string(i + 1), values[i]);
  }
}

// The service takes no page size beside ids.
ServiceCall DescribeCall(const InstanceQuery& query, const std::string& next_token) {
  Fields fields;
  AddList("InstanceId", query.instance_ids, fields);
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const std::string prefix = "Filter." + std::to_string(i + 1);
    fields.emplace_back(prefix + ".Name", query.filters[i].first);
    AddList(prefix + ".Value", query.filters[i].second, fields);
  }
  if (query.instance_ids.empty()) fields.emplace_back("MaxResults", std::to_string(kPageSize));
  if (!next_token.empty()) fields.emplace_back("NextToken", next_token);
  return {Service::kEc2, "DescribeInstances", QueryForm("DescribeInstances", kEc2Version, fields)};
}

ServiceCall PushCall(const PushRequest& push) {
  nlohmann::ordered_json json = {{"InstanceId", push.instance_id},
                                 {"InstanceOSUser", push.os_user},
                                 {"SSHPublicKey", push.public_key}};
  if (!push.availability_zone.empty()) json["AvailabilityZone"] = push.availability_zone;
  return {Service::kEc2InstanceConnect, "SendSSHPublicKey",
          json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

class RealApi : public Api {
 public:
  RealApi(std::unique_ptr<World> world, std::unique_ptr<Configuration> configuration,
          const std::string& region, Prompter& prompter)
      : world_(std::move(world)),
        configuration_(std::move(configuration)),
        calls_(*world_, *configuration_, region),
        chain_(*world_, *configuration_, calls_, prompter) {}

  const std::string& region() const override { return calls_.region(); }

  Outcome<std::vector<Instance>> DescribeInstances(const InstanceQuery& query) override {
    return Follow(query, Signed(DescribeCall(query, "")));
  }

  Outcome<std::vector<Image>> DescribeImages(const std::vector<std::string>& image_ids) override {
    Fields fields;
    AddList("ImageId", image_ids, fields);
    const auto answer =
        Signed({Service::kEc2, "DescribeImages", QueryForm("DescribeImages", kEc2Version, fields)});
    if (!answer) return answer.error();
    return ParseDescribeImages(*answer);
  }

  Outcome<std::string> SendSshPublicKey(const PushRequest& push) override {
    const auto answer = Signed(PushCall(push));
    if (!answer) return answer.error();
    return ParsePushed(*answer);
  }

  Outcome<CallerIdentity> GetCallerIdentity() override {
    const auto answer = Signed(
        {Service::kSts, "GetCallerIdentity", QueryForm("GetCallerIdentity", kStsVersion, {})});
    if (!answer) return answer.error();
    return ParseCallerIdentity(*answer);
  }

  DescribedAndPushed DescribeAndPush(const InstanceQuery& query, const PushRequest& push) override {
    std::vector<ServiceCall> both = {DescribeCall(query, ""), PushCall(push)};
    const auto key = Key();
    if (!key) return {key.error(), key.error()};
    for (ServiceCall& call : both) call.key = *key;
    const auto answers = calls_.Perform(both);
    auto pushed = answers[1] ? ParsePushed(*answers[1]) : answers[1];
    return {Follow(query, answers[0]), std::move(pushed)};
  }

 private:
  // Found with the first call; found again when they are about to expire.
  Outcome<SigningKey> Key() {
    const bool is_good =
        held_ && (!held_->expires || *held_->expires > world_->Now() + kHeldSecondsLeftMin);
    if (!is_good) {
      auto found = chain_.Resolve();
      if (!found) return found.error();
      world_->Tell("credentials: " + found->source);
      held_ = std::move(*found);
    }
    return held_->key;
  }

  Outcome<std::string> Signed(ServiceCall call) {
    const auto key = Key();
    if (!key) return key.error();
    call.key = *key;
    return calls_.Perform(call);
  }

  // The instances of the first page and of those behind it.
  Outcome<std::vector<Instance>> Follow(const InstanceQuery& query, Outcome<std::string> answer) {
    std::vector<Instance> instances;
    for (int pages = 0; pages < kPagesMax; ++pages) {
      if (!answer) return answer.error();
      auto page = ParseDescribeInstances(*answer);
      if (!page) return page.error();
      for (Instance& instance : page->instances) instances.push_back(std::move(instance));
      if (page->next_token.empty()) return instances;
      answer = Signed(DescribeCall(query, page->next_token));
    }
    return Failure{"TooManyInstances",
                   "more than " + std::to_string(kPagesMax * kPageSize) + " instances match",
                   "Ask for fewer: by id, name or another filter."};
  }

  std::unique_ptr<World> world_;
  std::unique_ptr<Configuration> configuration_;
  ServiceCalls calls_;
  CredentialChain chain_;
  std::optional<Credentials> held_;
};

}  // namespace

Outcome<std::unique_ptr<Api>> OpenApiIn(std::unique_ptr<World> world, const Settings& settings,
                                        Prompter& prompter) {
  auto configuration = ReadConfiguration(settings, *world);
  if (!configuration) return configuration.error();
  world->http().Trust(configuration->ca_bundle);
  std::string region = configuration->region;
  if (region.empty()) region = FetchRegion(*world, *configuration).value_or("");
  if (!IsRegion(region)) {
    return Failure{"NoRegion",
                   "no region is set: neither --region nor AWS_REGION, AWS_DEFAULT_REGION or "
                   "`region` of profile " +
                       configuration->profile,
                   "Add --region, or run `aws configure set region REGION`."};
  }
  return std::unique_ptr<Api>(std::make_unique<RealApi>(
      std::move(world), std::make_unique<Configuration>(std::move(*configuration)), region,
      prompter));
}

Outcome<std::unique_ptr<Api>> OpenApi(const Settings& settings, Prompter& prompter) {
  return OpenApiIn(OpenWorld(settings.is_verbose), settings, prompter);
}

}  // namespace eic::aws
