#include "client/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "client/commands/report.h"
#include "client/limits.h"
#include "client/target/settings.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

constexpr const char* kAbout =
    "EC2 Instance Connect: ssh to an instance by its id or name, with a key for this login alone.";

constexpr const char* kExamples =
    "Also, with the command lines of their namesakes (eic COMMAND --help):\n"
    "  ssh, scp, sftp           mssh is `eic ssh`, msftp is `eic sftp`\n\n"
    "Examples:\n"
    "  mssh i-0123456789abcdef0               a shell, as the image's own user\n"
    "  mssh ubuntu@web-1 df -h                by Name tag; one command\n"
    "  eic scp report.txt web-1:/tmp/\n"
    "  rsync -e mssh -a site/ web-1:site/\n"
    "  eic config --install                   then ssh itself takes i-0123456789abcdef0\n"
    "  eic list web";

constexpr const char* kTargetHelp = "Instance id, address, DNS name or Name tag";

void AddPlace(CLI::App* command, OwnOptions* own) {
  command->add_option("-r,--region", own->region, "Region of the instance");
  command->add_option("-u,--profile", own->profile,
                      "Profile of ~/.aws/config whose credentials to use");
  command->add_option("--endpoint-url", own->endpoint_url,
                      "Send requests to this URL instead of AWS");
  command->add_option("--ca-bundle", own->ca_bundle, "CA certificates to trust for HTTPS");
  command->add_flag("-d,--debug,-v,--verbose", own->is_verbose, "Print each step");
}

void AddAddress(CLI::App* command, OwnOptions* own) {
  command->add_option_function<std::string>(
      "--address",
      [own](const std::string& word) {
        own->address = ParseAddressKind(word);
        if (!own->address) throw CLI::ValidationError("--address", "auto, public, private, ipv6");
      },
      "Address to connect to: auto, public, private or ipv6");
}

void AddKeyType(CLI::App* command, OwnOptions* own) {
  command->add_option_function<std::string>(
      "--key-type",
      [own](const std::string& word) {
        own->key_type = ParseKeyType(word);
        if (!own->key_type) throw CLI::ValidationError("--key-type", "ed25519, rsa");
      },
      "Type of the key: ed25519 or rsa");
}

using Commands = std::vector<std::pair<const CLI::App*, std::function<Command()>>>;

// Every command's options, kept for as long as the line is read.
struct AllOptions {
  PushOptions push;
  ListOptions list;
  ForgetOptions forget;
  WhyOptions why;
  ConfigOptions config;
  ProxyCommandOptions proxy;
  JumpCommandOptions jump;
  bool wants_last = false;
  bool installs = false;
  bool removes = false;
};

CLI::App* AddPush(CLI::App* app, PushOptions* options) {
  CLI::App* command =
      app->add_subcommand("push", "Push your public key, which is then valid for 60 seconds");
  command->add_option("TARGET", options->word, kTargetHelp)->required();
  command->add_option("--os-user", options->os_user,
                      "User on the instance (default: the one that mssh would choose)");
  command
      ->add_option("--public-key", options->public_key_file,
                   "File with the key, or - for standard input")
      ->required();
  command->add_option("-z,--zone", options->own.zone, "Availability zone of the instance");
  AddPlace(command, &options->own);
  AddAddress(command, &options->own);
  return command;
}

CLI::App* AddList(CLI::App* app, ListOptions* options) {
  CLI::App* command = app->add_subcommand("list", "List the instances of a region");
  command->add_option("WORD", options->words, "List only instances whose line contains every WORD");
  command->add_flag("--json", options->is_json, "Print JSON, for programs");
  AddPlace(command, &options->own);
  return command;
}

CLI::App* AddForget(CLI::App* app, ForgetOptions* options) {
  CLI::App* command =
      app->add_subcommand("forget", "Forget the host keys of an instance that was rebuilt");
  command->add_option("TARGET", options->word, kTargetHelp)->required();
  AddPlace(command, &options->own);
  return command;
}

CLI::App* AddConfig(CLI::App* app, AllOptions* all) {
  CLI::App* command = app->add_subcommand(
      "config",
      "Print the lines that let ssh use instance ids as host names; --install writes them");
  CLI::Option* install =
      command->add_flag("--install", all->installs, "Write the lines into ~/.ssh/config");
  command->add_flag("--remove", all->removes, "Remove the lines from ~/.ssh/config")
      ->excludes(install);
  command
      ->add_flag("--first", all->config.goes_first,
                 "With --install, write the lines at the top, before every other setting")
      ->needs(install);
  AddPlace(command, &all->config.own);
  AddAddress(command, &all->config.own);
  AddKeyType(command, &all->config.own);
  return command;
}

void AddProxyOptions(CLI::App* command, ProxyCommandOptions* options) {
  AddPlace(command, &options->own);
  AddAddress(command, &options->own);
  AddKeyType(command, &options->own);
  command->add_option("--folder", options->folder, "Instead of EIC_HOME");
  command->add_option("HOST", options->host, "%h")->required();
  command->add_option("PORT", options->port, "%p")->required();
  command->add_option("USER", options->user, "%r")->required();
}

CLI::App* AddProxy(CLI::App* app, ProxyCommandOptions* options) {
  CLI::App* command = app->add_subcommand("proxy", "ssh's ProxyCommand for an instance");
  command->add_option("--to", options->fixed_address, "Where the instance is reached");
  command->add_option("--ssh-says", options->ssh_says, "What ssh -G answers, where that is known");
  AddProxyOptions(command, options);
  return command;
}

CLI::App* AddJump(CLI::App* app, JumpCommandOptions* options) {
  CLI::App* command =
      app->add_subcommand("jump", "ssh's ProxyCommand for an instance behind jump hosts");
  command->group("");  // for the -F files of scp and sftp alone
  command->add_option("--to", options->route.address, "Its address there")->required();
  command->add_option("--by", options->route.jump, "As ProxyJump has it")->required();
  command->add_option("--config", options->route.config_file, "For their ssh")->required();
  AddProxyOptions(command, &options->proxy);
  return command;
}

std::vector<CLI::App*> Subcommands(CLI::App* app) {
  return app->get_subcommands([](const CLI::App*) { return true; });
}

bool IsCommand(CLI::App* app, const std::string& word) {
  const std::vector<CLI::App*> all = Subcommands(app);
  return std::any_of(all.begin(), all.end(),
                     [&](const CLI::App* one) { return one->get_name() == word; });
}

void Finish(AllOptions* all) {
  if (all->installs) all->config.action = ConfigOptions::Action::kInstall;
  if (all->removes) all->config.action = ConfigOptions::Action::kRemove;
}

}  // namespace

std::variant<Command, int> ParseCommandLine(const std::vector<std::string>& words) {
  AllOptions all;
  CLI::App app(kAbout, "eic");
  app.footer(kExamples);
  // Not set_version_flag: CLI11 has it from 2.0 on.
  bool wants_version = false;
  app.add_flag("--version", wants_version, "Print the version");
  app.require_subcommand(0, 1);
  const Commands commands = {
      {AddConfig(&app, &all), [&all] { return all.config; }},
      {AddForget(&app, &all.forget), [&all] { return all.forget; }},
      {AddJump(&app, &all.jump), [&all] { return all.jump; }},
      {AddList(&app, &all.list), [&all] { return all.list; }},
      {AddProxy(&app, &all.proxy), [&all] { return all.proxy; }},
      {AddPush(&app, &all.push), [&all] { return all.push; }},
  };
  CLI::App* why = app.add_subcommand("why", "Show why the latest login failed");
  why->add_flag("--last", all.wants_last, "Show why the latest login failed (the default)");
  for (CLI::App* command : Subcommands(&app)) command->footer("");
  if (!words.empty() && words[0].rfind('-', 0) != 0 && !IsCommand(&app, words[0])) {
    std::cerr << "eic: unknown command " << TerminalLine(words[0], kShownValueBytesMax)
              << "\neic: --help lists them\n";
    return kStatusUsage;
  }
  try {
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
    if (wants_version) {
      std::cout << "eic " << EIC_VERSION << "\n";
      return 0;
    }
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A command");
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "eic: " << error.what() << "\neic: --help shows the usage\n";
    return kStatusUsage;
  }
  Finish(&all);
  if (why->parsed()) return Command(all.why);
  for (const auto& [command, options] : commands) {
    if (command->parsed()) return options();
  }
  return kStatusUsage;
}

}  // namespace eic::client
