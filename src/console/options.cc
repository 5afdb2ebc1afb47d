#include "console/options.h"

#include <CLI/CLI.hpp>

namespace eic::console {
namespace {

constexpr int kStatusUsage = 64;  // EX_USAGE, as in all programs of ours
constexpr const char* kAbout =
    "EC2 Instance Connect in the browser: lists the instances, and opens terminals on them.\n"
    "Prints a URL that works once. It listens on this machine alone; from elsewhere,\n"
    "`ssh -L PORT:localhost:PORT HOST` leads here (choose the port by --port).";

}  // namespace

std::variant<Options, int> ParseOptions(int argc, const char* const* argv) {
  Options options;
  std::int64_t idle_seconds = kIdleTimeDefault.count();
  CLI::App app(kAbout, "eic-console");
  app.add_option("-u,--profile", options.profile, "Profile of ~/.aws/config to begin with");
  app.add_option("-r,--region", options.region, "Region of AWS to begin with");
  app.add_option("--port", options.port, "Port of 127.0.0.1 and ::1; 0 (the default): a free one")
      ->check([](const std::string& word) {
        // Browsers leave it out of Host and Origin.
        return word == "80" ? std::string("another one than 80") : std::string();
      });
  app.add_flag("--open", options.opens_browser, "Open it in the browser, by xdg-open");
  app.add_option("--idle", idle_seconds,
                 "Seconds without a key after which a session ends, 120 or more")
      ->check(CLI::Range(std::int64_t{120}, std::int64_t{30} * 24 * 3600));
  app.add_option("--endpoint-url", options.endpoint_url, "Ask this in place of AWS");
  app.add_option("--ca-bundle", options.ca_bundle, "CA certificates that HTTPS trusts");
  app.add_flag("-v,--verbose", options.is_verbose, "Say what is asked of AWS");
  app.set_help_flag("-h,--help", "Print this and end");
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
