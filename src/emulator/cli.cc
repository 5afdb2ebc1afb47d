#include "emulator/cli.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "core/printable.h"
#include "emulator/configuration/presets.h"
#include "emulator/limits.h"
#include "emulator/server/faults.h"

namespace eic::emulator {
namespace {

constexpr int kWrongUsage = 2;
constexpr std::size_t kShownWordBytesMax = 64;

constexpr const char* kAbout =
    "EC2 Instance Connect on one machine: the API that takes pushed keys, and the instance "
    "metadata\n"
    "that serves them signed.\n\n"
    "FOR DEVELOPMENT ONLY. Its keys are throw-away and its default credentials public: whoever\n"
    "reaches its API can log in wherever an agent trusts its anchors.pem.";

constexpr const char* kExamples =
    "Examples:\n"
    "  eic-emulator serve --dir ~/eic &\n"
    "  eic-emulator push --os-user alice --public-key ~/.ssh/id_ed25519.pub\n"
    "  aws ec2-instance-connect send-ssh-public-key --endpoint-url http://127.0.0.1:1339 \\\n"
    "    --region us-west-2 --instance-id i-0123456789abcdef0 --instance-os-user alice \\\n"
    "    --ssh-public-key file://$HOME/.ssh/id_ed25519.pub\n"
    "  eic-authorized-keys --imds-endpoint http://127.0.0.1:1338 --ca-store ~/eic/anchors.pem "
    "\\\n"
    "    --sysfs-root ~/eic/sys/i-0123456789abcdef0 --log-to stderr -- alice\n"
    "`eic-emulator COMMAND --help` has the options; eic-emulator(1) all the rest.";

constexpr const char* kServeNotes =
    "The configuration, where only instance_id, metadata, keys, arn and the like are required:\n"
    "  {\"instances\": [{\"instance_id\": \"i-0123456789abcdef0\", \"metadata\": "
    "[\"127.0.0.1:1338\"],\n"
    "    presets, region, availability_zone, domain, account_id, state, hypervisor, users,\n"
    "    metadata_enabled, hop_limit, instance_role, public_ip, private_ip, ipv6,\n"
    "    public_dns_name, private_dns_name, tags, image_id, instance_type, launch_time, platform,\n"
    "    platform_details, vpc_id, subnet_id}],\n"
    "   \"images\": [{\"image_id\": \"ami-0123456789abcdef1\", name, owner_id, owner_alias}],\n"
    "   \"page_size\": 5,\n"
    "   \"credentials\": [{\"access_key_id\": \"A\", \"secret_access_key\": \"S\", session_token,\n"
    "    principal, actions, instances}],\n"
    "   \"roles\": [{\"arn\": \"arn:aws:iam::123456789012:role/R\", external_id, mfa_serial, "
    "mfa_code,\n"
    "    trusts, actions, instances, max_session_seconds, credential_seconds}],\n"
    "   \"web_identity_tokens\": [{\"token\": \"T\", subject, roles, expired}],\n"
    "   \"container_role\": {\"role\": \"arn:...\", path, authorization, addresses}}\n"
    "eic-emulator(1) says what each means. Without credentials: AWS's published example,\n"
    "AKIAIOSFODNN7EXAMPLE.\n"
    "The API's address also has, for tests:\n"
    "  GET /emulator/events                   recent requests and their answers, JSON\n"
    "  POST, DELETE /emulator/blob?user=U     what metadata gives for U, in place of pushed keys\n"
    "  POST /emulator/rotate                  a new chain\n"
    "  GET, POST ?fault=F, DELETE /emulator/faults";

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

// Where the instance is and what it looks like.
void AddWorld(CLI::App* command, ServeOptions* options) {
  command
      ->add_option("--metadata", options->metadata_addresses,
                   "Address of the metadata service; repeatable")
      ->expected(1)
      ->take_all();
  command->add_option("--instance-id", options->instance_id, "The one instance");
  command->add_option("--region", options->region, "Region (default: the authority's)");
  command->add_option("--domain", options->domain, "Domain (default: the authority's)");
  command->add_option("--availability-zone", options->availability_zone,
                      "Availability zone (default: the region and an a)");
  command->add_option("--preset", options->presets, "Repeatable; one of" + PresetNames())
      ->expected(1)
      ->take_all();
  command->add_option("--tag", options->tags, "Tag of the instance, KEY=VALUE; repeatable")
      ->expected(1)
      ->take_all();
  command->add_option("--image-name", options->image_name,
                      "Name of the instance's image (default: an Amazon Linux 2023)");
  command->add_option("--image-owner", options->image_owner,
                      "Account that owns the image (default: Amazon's)");
  command->add_option("--rotate", options->rotate_seconds, "Seconds between new chains; 0: never")
      ->check(CLI::Range(std::int64_t{0}, kKeySecondsMax));
  command
      ->add_option("--config", options->configuration_file,
                   "JSON file with instances and credentials, in place of the one instance")
      ->check(CLI::ExistingFile)
      ->excludes("--metadata", "--instance-id", "--region", "--domain", "--availability-zone",
                 "--preset", "--tag", "--image-name", "--image-owner", "--rotate");
}

void AddApi(CLI::App* command, ServeOptions* options) {
  const CLI::Range offset(-kClockOffsetSecondsMax, kClockOffsetSecondsMax);
  command->add_option("--api", options->api_address, "Address of the API");
  CLI::Option* tls = command->add_flag(
      "--tls", options->tls, "Serve the API over HTTPS; its CA is api-ca.pem in the folder");
  command
      ->add_option("--tls-name", options->tls_names,
                   "Name or address in its certificate, beside localhost; repeatable")
      ->expected(1)
      ->take_all()
      ->needs(tls);
  command->add_option("--ttl", options->ttl_seconds, "Seconds that a pushed key lives")
      ->check(CLI::Range(std::int64_t{1}, kKeySecondsMax));
  command
      ->add_option("--clock-offset", options->clock_offset_seconds,
                   "Seconds that the service's clock is ahead of the machine's; may be negative")
      ->check(offset);
  command
      ->add_option("--api-clock-offset", options->api_clock_offset_seconds,
                   "The same of the API's clock: of signatures and the Date of its answers")
      ->check(offset);
  command->add_flag("--no-signature-check", options->no_signature_check,
                    "Take every call of the API, signed or not");
}

CLI::App* AddServe(CLI::App* app, ServeOptions* options) {
  CLI::App* command = app->add_subcommand("serve", "Serve metadata and the API until SIGTERM");
  AddFolder(command, &options->folder);
  AddWorld(command, options);
  AddApi(command, options);
  command
      ->add_option("--throttle", options->throttle_per_second,
                   "Metadata requests that an instance answers in a second; 0: all")
      ->check(CLI::Range(std::int64_t{0}, kThrottleMax));
  command
      ->add_option("--fault", options->faults,
                   "Make requests fail: NAME[:once|:each-once][@PATH]; repeatable; the names:" +
                       FaultNames())
      ->expected(1)
      ->take_all();
  command->add_flag("--allow-non-loopback", options->allow_non_loopback,
                    "Allow addresses that others can reach");
  command->footer(kServeNotes);
  return command;
}

CLI::App* AddPush(CLI::App* app, PushOptions* options) {
  CLI::App* command = app->add_subcommand("push", "Push a public key, as SendSSHPublicKey");
  command->add_option("--api", options->api_url, "http://ADDR:PORT of the API");
  command->add_option("--instance-id", options->instance_id, "Instance");
  command->add_option("--region", options->region, "Region of the instance");
  command->add_option("--os-user", options->os_user, "User on the instance")->required();
  command->add_option("--public-key", options->public_key_file, "File with the key")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--availability-zone", options->availability_zone, "Zone of the instance");
  command->footer(
      "Signs with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN where they are\n"
      "set, else with the key pair that serve takes by default.");
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
  CLI::App app(kAbout, "eic-emulator");
  app.footer(kExamples);
  app.set_version_flag("--version", std::string("eic-emulator ") + EIC_VERSION);
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default();
  CLI::App* init_command = AddInit(&app, &init);
  const CLI::App* serve_command = AddServe(&app, &serve);
  const CLI::App* push_command = AddPush(&app, &push);
  CLI::App* sign_command = AddSign(&app, &sign);
  // The examples are of the whole program; CLI11 gives them to every command that has no footer.
  for (CLI::App* command : {init_command, sign_command}) command->footer("");
  // CLI11's error would not name the word.
  const auto is_first_word = [&](const CLI::App* one) { return one->get_name() == argv[1]; };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_first_word).empty()) {
    std::cerr << "eic-emulator: there is no command \"" << Printable(argv[1], kShownWordBytesMax)
              << "\"; eic-emulator --help lists the commands\n";
    return kWrongUsage;
  }
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
