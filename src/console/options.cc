#include "console/options.h"

#include <CLI/CLI.hpp>

namespace eic::console {
namespace {

constexpr int kStatusUsage = 64;  // EX_USAGE, as in all programs of ours
constexpr const char* kAbout =
    "EC2 Instance Connect in the browser: lists your instances and opens terminals on them.\n"
    "Prints a URL that works once. Listens only on this machine. To use it from another\n"
    "machine, set --port and run `ssh -L PORT:localhost:PORT HOST` there.";

}  // namespace

std::variant<Options, int> ParseOptions(int argc, const char* const* argv) {
  Options options;
  std::int64_t idle_seconds = kIdleTimeDefault.count();
  CLI::App app(kAbout, "eic-console");
  app.add_option("-u,--profile", options.profile, "Initial profile, from ~/.aws/config");
  app.add_option("-r,--region", options.region, "Initial AWS region");
  app.add_option("--port", options.port,
                 "Port to listen on (127.0.0.1 and ::1); 0, the default, picks a free one")
      ->check([](const std::string& word) {
        // Browsers leave it out of Host and Origin.
        return word == "80" ? std::string("must not be 80") : std::string();
      });
  app.add_flag("--open", options.opens_browser, "Open the page in the browser with xdg-open");
  app.add_option("--idle", idle_seconds,
                 "End a session after this many seconds without a keystroke (120 or more)")
      ->check(CLI::Range(std::int64_t{120}, std::int64_t{30} * 24 * 3600));
  app.add_option("--endpoint-url", options.endpoint_url,
                 "Send requests to this URL instead of AWS");
  app.add_option("--ca-bundle", options.ca_bundle, "CA certificates to trust for HTTPS");
  app.add_flag("-v,--verbose", options.is_verbose, "Print each request to AWS");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", "eic-console " EIC_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kStatusUsage;
  }
  options.idle_max = std::chrono::seconds(idle_seconds);
  return options;
}

}  // namespace eic::console
