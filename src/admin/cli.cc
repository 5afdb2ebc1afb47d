#include "admin/cli.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "admin/doctor/lists/client.h"

namespace eic::admin {
namespace {

constexpr const char* kNoReload = "Do not reload sshd; for packages";

CLI::App* AddEnable(CLI::App* app, EnableOptions* options) {
  CLI::App* subcommand = app->add_subcommand("enable", "Let sshd ask for pushed keys");
  CLI::Option* chain = subcommand->add_flag_callback(
      "--chain", [options] { options->intent = Intent::kChain; },
      "Run both somebody else's AuthorizedKeysCommand and ours");
  subcommand
      ->add_flag("--caller-environment", options->caller_environment,
                 "Set EIC_CALLER to the IAM principal in each session, as a label")
      ->excludes(chain);
  subcommand
      ->add_flag_callback(
          "--replace", [options] { options->intent = Intent::kReplace; },
          "Replace somebody else's AuthorizedKeysCommand")
      ->excludes(chain);
  subcommand->add_flag("--if-not-disabled", options->if_not_disabled,
                       "Do nothing if the administrator has disabled the agent; for packages");
  subcommand->add_flag("--no-reload", options->no_reload, kNoReload);
  return subcommand;
}

CLI::App* AddDisable(CLI::App* app, DisableOptions* options) {
  CLI::App* subcommand = app->add_subcommand("disable", "Restore sshd's configuration");
  subcommand->add_flag("--for-removal", options->for_removal,
                       "Let packages enable the agent again later; for packages");
  subcommand->add_flag("--no-reload", options->no_reload, kNoReload);
  return subcommand;
}

CLI::App* AddStatus(CLI::App* app, StatusOptions* options) {
  CLI::App* subcommand =
      app->add_subcommand("status", "Show which command sshd runs, and which line sets it");
  subcommand->add_flag("--json", options->json, "Print JSON, for programs");
  return subcommand;
}

std::string CheckAddress(const std::string& address) {
  return ParseAddress(address) ? "" : "must be an IPv4 or IPv6 address";
}

CLI::App* AddDoctor(CLI::App* app, DoctorOptions* options) {
  using Form = DoctorOptions::Form;
  CLI::App* subcommand = app->add_subcommand("doctor", "Find what makes logins fail");
  CLI::Option* user =
      subcommand->add_option("--user", options->user, "Also check the logins of this user");
  subcommand->add_option("--from", options->from, "The client's address")->check(CheckAddress);
  subcommand
      ->add_flag("--account", options->asks_pam,
                 "Ask PAM itself about this user's account; its modules may act")
      ->needs(user);
  subcommand
      ->add_flag("--login", options->logs_in, "Really log in as this user, once, with a new key")
      ->needs(user);
  CLI::Option* json = subcommand->add_flag_callback(
      "--json", [options] { options->form = Form::kJson; }, "Print JSON, for programs");
  subcommand
      ->add_flag_callback(
          "--quiet", [options] { options->form = Form::kQuiet; },
          "Print one line per finding, and nothing if there is none; for the log")
      ->excludes(json);
  subcommand->add_flag("--checks", options->lists_checks, "List the checks instead");
  return subcommand;
}

CLI::App* AddExplain(CLI::App* app, ExplainOptions* options) {
  CLI::App* subcommand = app->add_subcommand("explain", "Show the agent's decision, step by step");
  subcommand->add_option("USER", options->user, "The user who logs in")->required();
  subcommand->add_option("FINGERPRINT", options->fingerprint, "The fingerprint of the offered key");
  return subcommand;
}

CLI::App* AddSessions(CLI::App* app, SessionsOptions* options) {
  CLI::App* subcommand =
      app->add_subcommand("sessions", "List who is and was logged in, by IAM principal");
  subcommand->add_flag("--json", options->json, "Print JSON, for programs");
  subcommand->add_option(
      "--since", options->since,
      "Show logins since then, as journalctl accepts it: -1h, yesterday (default: 7 days ago)");
  return subcommand;
}

std::string CheckRoot(const std::string& root) {
  return root.empty() || root[0] != '/' ? "must be an absolute path" : "";
}

// Throws where the options name another tree: it has no metadata and no journal to ask.
void CheckIsOfThisSystem(const Options& options) {
  if (options.root.empty() || options.root == "/") return;
  throw CLI::ValidationError("--root", "explain and sessions ask only the running system");
}

}  // namespace

Result<Options, ExitStatus> ParseCommandLine(int argc, const char* const* argv) {
  EnableOptions enable;
  DisableOptions disable;
  StatusOptions status;
  DoctorOptions doctor;
  ExplainOptions explain;
  SessionsOptions sessions;
  Options options;
  CLI::App app("Administers EC2 Instance Connect on this host", "ec2-instance-connect");
  // Not set_version_flag: CLI11 has it from 2.0 on.
  bool wants_version = false;
  app.add_flag("--version", wants_version, "Print the version");
  app.require_subcommand(0, 1);
  app.add_option("--root", options.root, "Administer the tree below DIR, such as an image")
      ->check(CLI::ExistingDirectory)
      ->check(CheckRoot);
  app.add_option("--sshd", options.sshd, "Use this sshd for the checks");
  const CLI::App* enable_app = AddEnable(&app, &enable);
  const CLI::App* disable_app = AddDisable(&app, &disable);
  const CLI::App* status_app = AddStatus(&app, &status);
  const CLI::App* doctor_app = AddDoctor(&app, &doctor);
  const CLI::App* explain_app = AddExplain(&app, &explain);
  const CLI::App* sessions_app = AddSessions(&app, &sessions);
  try {
    app.parse(argc, argv);
    if (wants_version) {
      std::cout << "ec2-instance-connect " << EIC_VERSION << "\n";
      return ExitStatus::kDone;
    }
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A subcommand");
    if (explain_app->parsed() || sessions_app->parsed()) CheckIsOfThisSystem(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitStatus::kDone : ExitStatus::kUsage;
  }
  if (enable_app->parsed()) options.subcommand = enable;
  if (disable_app->parsed()) options.subcommand = disable;
  if (status_app->parsed()) options.subcommand = status;
  if (doctor_app->parsed()) options.subcommand = doctor;
  if (explain_app->parsed()) options.subcommand = explain;
  if (sessions_app->parsed()) options.subcommand = sessions;
  return options;
}

}  // namespace eic::admin
