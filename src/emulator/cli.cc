#include "emulator/cli.h"

#include <CLI/CLI.hpp>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr int kWrongUsage = 2;

void AddFolder(CLI::App* command, std::string* folder) {
  command->add_option("--dir", *folder, "Folder of the throw-away authority")->required();
}

CLI::App* AddInit(CLI::App* app, InitOptions* options) {
  CLI::App* command = app->add_subcommand("init", "Make a throw-away authority");
  AddFolder(command, &options->folder);
  command->add_option("--region", options->region, "Region in the signer's name");
  command->add_option("--domain", options->domain, "Domain in the signer's name");
  return command;
}

CLI::App* AddServe(CLI::App* app, ServeOptions* options) {
  CLI::App* command = app->add_subcommand("serve", "Serve metadata and the API until SIGTERM");
  AddFolder(command, &options->folder);
  command
      ->add_option("--metadata", options->metadata_addresses,
                   "Address of the metadata service; repeatable")
      ->expected(1)
      ->take_all();
  command->add_option("--api", options->api_address, "Address of the API");
  command->add_option("--instance-id", options->instance_id, "The one instance");
  command->add_option("--ttl", options->ttl_seconds, "Seconds that a pushed key lives")
      ->check(CLI::Range(std::int64_t{1}, kKeySecondsMax));
  command->add_option("--region", options->region, "Region (default: the authority's)");
  command->add_option("--domain", options->domain, "Domain (default: the authority's)");
  command->add_option("--availability-zone", options->availability_zone,
                      "Availability zone (default: the region and an a)");
  command
      ->add_option("--fault", options->faults,
                   "Make requests fail: NAME[:once|:each-once][@PATH]; repeatable")
      ->expected(1)
      ->take_all();
  command->add_flag("--allow-non-loopback", options->allow_non_loopback,
                    "Allow addresses that others can reach");
  return command;
}

CLI::App* AddPush(CLI::App* app, PushOptions* options) {
  CLI::App* command = app->add_subcommand("push", "Push a public key, as SendSSHPublicKey");
  command->add_option("--api", options->api_url, "http://ADDR:PORT of the API")->required();
  command->add_option("--instance-id", options->instance_id, "Instance")->required();
  command->add_option("--os-user", options->os_user, "User on the instance")->required();
  command->add_option("--public-key", options->public_key_file, "File with the key")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--availability-zone", options->availability_zone, "Zone of the instance");
  return command;
}

CLI::App* AddSign(CLI::App* app, SignOptions* options) {
  CLI::App* command = app->add_subcommand("sign", "Print one signed record");
  AddFolder(command, &options->folder);
  command->add_option("--timestamp", options->timestamp, "Expiry, Unix seconds")->required();
  command->add_option("--instance-id", options->instance_id, "Instance")->required();
  command->add_option("--caller", options->caller, "Caller, an ARN");
  command->add_option("--request", options->request_id, "Request, a UUID");
  command->add_option("--public-key", options->public_key_file, "File with the key")
      ->required()
      ->check(CLI::ExistingFile);
  return command;
}

}  // namespace

std::variant<Options, int> ParseCommandLine(int argc, const char* const* argv) {
  InitOptions init;
  ServeOptions serve;
  PushOptions push;
  SignOptions sign;
  CLI::App app("EC2 Instance Connect on one machine, for development", "eic-emulator");
  app.set_version_flag("--version", std::string("eic-emulator ") + EIC_VERSION);
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default();
  const CLI::App* init_command = AddInit(&app, &init);
  const CLI::App* serve_command = AddServe(&app, &serve);
  const CLI::App* push_command = AddPush(&app, &push);
  AddSign(&app, &sign);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  if (init_command->parsed()) return Options(init);
  if (serve_command->parsed()) return Options(serve);
  if (push_command->parsed()) return Options(push);
  return Options(sign);
}

}  // namespace eic::emulator
