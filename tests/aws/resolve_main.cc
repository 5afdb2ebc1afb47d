// usage: eic-aws-resolve [--profile P] [--region R] [--mfa CODE] [--lock PATH] [-v] COMMAND...
//
// For tests: what the chain of src/aws resolves, as one JSON object a line. The key pair stands in
// it, so it is never installed. Commands: `credentials`, `identity`, `describe ID`,
// `describe-filter NAME VALUE`, `image ID`, `push ID USER KEY`, `both ID USER KEY`, `endpoint`.
#include <cstdio>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "aws/configuration.h"
#include "aws/credentials/chain.h"
#include "aws/endpoints.h"
#include "aws/open_api.h"

namespace {

using eic::aws::Failure;
using eic::aws::Outcome;
using nlohmann::ordered_json;

// Says on stderr that it was asked, so that a test can count.
class CodeFromArgument : public eic::aws::Prompter {
 public:
  explicit CodeFromArgument(std::string code) : code_(std::move(code)) {}
  Outcome<std::string> AskMfaCode(const std::string& serial) override {
    std::fprintf(stderr, "asked for %s\n", serial.c_str());
    if (code_.empty()) return Failure{"NoTerminal", "nobody to ask", ""};
    return code_;
  }

 private:
  std::string code_;
};

int Print(const ordered_json& json) {
  std::cout << json.dump() << std::endl;
  return json.contains("error") ? 1 : 0;
}

int PrintFailure(const Failure& failure) {
  return Print({{"error", failure.code}, {"message", failure.message}, {"advice", failure.advice}});
}

ordered_json JsonOf(const eic::aws::Instance& instance) {
  return {{"id", instance.instance_id},
          {"state", instance.state},
          {"zone", instance.availability_zone},
          {"public_ip", instance.public_ip},
          {"private_ip", instance.private_ip},
          {"ipv6", instance.ipv6},
          {"tags", instance.tags}};
}

int PrintInstances(const Outcome<std::vector<eic::aws::Instance>>& instances) {
  if (!instances) return PrintFailure(instances.error());
  ordered_json list = ordered_json::array();
  for (const auto& instance : *instances) list.push_back(JsonOf(instance));
  return Print({{"instances", list}});
}

struct Arguments {
  eic::aws::Settings settings;
  std::string mfa_code;
  std::vector<std::string> words;
};

Arguments Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--profile" && has_value) {
      arguments.settings.profile = argv[++i];
    } else if (word == "--region" && has_value) {
      arguments.settings.region = argv[++i];
    } else if (word == "--mfa" && has_value) {
      arguments.mfa_code = argv[++i];
    } else if (word == "--lock" && has_value) {
      arguments.settings.mfa_lock_path = argv[++i];
    } else if (word == "-v") {
      arguments.settings.is_verbose = true;
    } else {
      arguments.words.push_back(word);
    }
  }
  arguments.words.resize(5);
  return arguments;
}

int ResolveCredentials(const Arguments& arguments, eic::aws::Prompter& prompter) {
  const auto world = eic::aws::OpenWorld(arguments.settings.is_verbose);
  const auto configuration = eic::aws::ReadConfiguration(arguments.settings, *world);
  if (!configuration) return PrintFailure(configuration.error());
  world->http().Trust(configuration->ca_bundle);
  eic::aws::ServiceCalls calls(*world, *configuration, configuration->region);
  eic::aws::CredentialChain chain(*world, *configuration, calls, prompter);
  const auto found = chain.Resolve();
  if (!found) return PrintFailure(found.error());
  return Print({{"access_key", found->key.access_key_id},
                {"secret_key", found->key.secret_access_key},
                {"token", found->key.session_token},
                {"source", found->source}});
}

int PrintEndpoints(const Arguments& arguments) {
  using eic::aws::Service;
  const auto world = eic::aws::OpenWorld(false);
  const auto configuration = eic::aws::ReadConfiguration(arguments.settings, *world);
  if (!configuration) return PrintFailure(configuration.error());
  ordered_json json;
  for (const Service service : {Service::kEc2, Service::kEc2InstanceConnect, Service::kSts}) {
    const auto endpoint =
        eic::aws::FindEndpoint(service, configuration->region, *configuration, *world);
    json[eic::aws::NameOf(service)] =
        endpoint ? endpoint->scheme + "://" + endpoint->host + endpoint->path
                 : "error: " + endpoint.error().message;
  }
  return Print(json);
}

int Call(eic::aws::Api& api, const std::vector<std::string>& words) {
  const std::string& command = words[0];
  if (command == "identity") {
    const auto identity = api.GetCallerIdentity();
    if (!identity) return PrintFailure(identity.error());
    return Print({{"account", identity->account}, {"arn", identity->arn}});
  }
  if (command == "describe") return PrintInstances(api.DescribeInstances({{words[1]}, {}}));
  if (command == "describe-filter") {
    return PrintInstances(api.DescribeInstances({{}, {{words[1], {words[2]}}}}));
  }
  if (command == "image") {
    const auto images = api.DescribeImages({words[1]});
    if (!images) return PrintFailure(images.error());
    ordered_json list = ordered_json::array();
    for (const auto& image : *images) list.push_back({image.image_id, image.name, image.owner_id});
    return Print({{"images", list}});
  }
  if (command == "push") {
    const auto pushed = api.SendSshPublicKey({words[1], words[2], words[3]});
    return pushed ? Print({{"request_id", *pushed}}) : PrintFailure(pushed.error());
  }
  if (command == "both") {
    const auto both = api.DescribeAndPush({{words[1]}, {}}, {words[1], words[2], words[3]});
    const int described = PrintInstances(both.instances);
    return described | (both.request_id ? Print({{"request_id", *both.request_id}})
                                        : PrintFailure(both.request_id.error()));
  }
  std::fprintf(stderr, "eic-aws-resolve: no such command: %s\n", command.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = Parse(argc, argv);
  CodeFromArgument prompter(arguments.mfa_code);
  if (arguments.words[0] == "credentials") return ResolveCredentials(arguments, prompter);
  if (arguments.words[0] == "endpoint") return PrintEndpoints(arguments);
  const auto api = eic::aws::OpenApi(arguments.settings, prompter);
  if (!api) return PrintFailure(api.error());
  return Call(**api, arguments.words);
}
