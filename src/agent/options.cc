#include "agent/options.h"

#include <arpa/inet.h>
#include <getopt.h>

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "host/imds.h"

namespace eic {
namespace {

constexpr std::string_view kPositionalOnlyName = "eic_run_authorized_keys";

constexpr const char* kHelp =
    "usage: eic-authorized-keys [OPTIONS] -- USER [FINGERPRINT [KEYTYPE]]\n"
    "\n"
    "Prints the SSH keys that were pushed for USER through EC2 Instance Connect and are genuine "
    "and\n"
    "live. sshd runs it: AuthorizedKeysCommand .../eic-authorized-keys -- %u %f %t\n"
    "\n"
    "  --ca-store PATH          trust anchors: a PEM file or a hashed folder\n"
    "  --caller-environment     put a label that names the caller before each key\n"
    "  --help                   print this text and exit\n"
    "  --imds-endpoint URL      metadata service, http://ADDRESS[:PORT] with a literal address\n"
    "  --log-to syslog|stderr   where log lines go (default syslog)\n"
    "  --self-test              decide about built-in evidence, to check that the program works\n"
    "                           on this host; the status is 0 if it does\n"
    "  --sysfs-root DIR         read DIR instead of /sys\n"
    "  --timeout SECONDS        time for the whole run, 1 to 60 (default 5)\n"
    "  --version                print the version and exit\n"
    "\n"
    "The status is 0 for every decision, 64 for wrong usage. See eic-authorized-keys(8).\n";

enum OptionCode : int {
  kImdsEndpoint = 256,
  kCaStore,
  kSysfsRoot,
  kTimeout,
  kLogTo,
  kCallerEnvironment,
  kSelfTest,
  kVersion,
  kHelpCode,
};

constexpr std::array<option, 10> kLongOptions = {{
    {"imds-endpoint", required_argument, nullptr, kImdsEndpoint},
    {"ca-store", required_argument, nullptr, kCaStore},
    {"sysfs-root", required_argument, nullptr, kSysfsRoot},
    {"timeout", required_argument, nullptr, kTimeout},
    {"log-to", required_argument, nullptr, kLogTo},
    {"caller-environment", no_argument, nullptr, kCallerEnvironment},
    {"self-test", no_argument, nullptr, kSelfTest},
    {"version", no_argument, nullptr, kVersion},
    {"help", no_argument, nullptr, kHelpCode},
    {nullptr, 0, nullptr, 0},
}};

bool IsAddress(std::string_view host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  const std::string text(host);
  if (!text.empty() && text.front() == '[' && text.back() == ']') {
    return inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), address.data()) == 1;
  }
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1;
}

bool IsPort(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && used_up_to == end && port >= 1 && port <= 65535;
}

// `http://ADDRESS[:PORT]` without a slash at the end; nothing if it is something else. Only a
// literal address, because the resolver would answer for a name.
std::optional<std::string> ParseEndpoint(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (url.substr(0, kScheme.size()) != kScheme) return std::nullopt;
  if (url.back() == '/') url.remove_suffix(1);
  std::string_view authority =
      url.substr(kScheme.size() < url.size() ? kScheme.size() : url.size());
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) {
    if (!IsPort(authority.substr(colon + 1))) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (!IsAddress(authority)) return std::nullopt;
  return std::string(url);
}

std::optional<std::chrono::milliseconds> ParseTimeout(std::string_view text) {
  int seconds = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || used_up_to != end) return std::nullopt;
  if (seconds < 1 || seconds > kRunTimeMax.count()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::optional<Options::LogTo> ParseLogTo(std::string_view text) {
  if (text == "syslog") return Options::LogTo::kSyslog;
  if (text == "stderr") return Options::LogTo::kStderr;
  return std::nullopt;
}

using Wrong = std::string;  // with a value, for people

Result<Nothing, Wrong> Apply(int code, const std::string& value, Options& options) {
  switch (code) {
    case kImdsEndpoint: {
      const auto endpoint = ParseEndpoint(value);
      if (!endpoint)
        return Wrong("--imds-endpoint takes http://ADDRESS[:PORT] with a literal address");
      options.imds_endpoints = {*endpoint};
      return Nothing{};
    }
    case kCaStore:
      if (value.empty()) return Wrong("--ca-store must be a file or a folder");
      options.ca_store = value;
      return Nothing{};
    case kSysfsRoot:
      if (value.empty()) return Wrong("--sysfs-root must be a folder");
      options.sysfs_root = value;
      return Nothing{};
    case kTimeout: {
      const auto timeout = ParseTimeout(value);
      if (!timeout) return Wrong("--timeout must be a whole number of seconds from 1 to 60");
      options.timeout = *timeout;
      return Nothing{};
    }
    case kLogTo: {
      const auto log_to = ParseLogTo(value);
      if (!log_to) return Wrong("--log-to must be syslog or stderr");
      options.log_to = *log_to;
      return Nothing{};
    }
    case kCallerEnvironment:
      options.caller_environment = true;
      return Nothing{};
    case kSelfTest:
      options.self_test = true;
      return Nothing{};
    default:
      return Wrong("unknown option, or an option that lacks its value");
  }
}

std::string_view BaseName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<Options, UsageError> TakePositional(int argc, char* const* argv, int at, Options options) {
  const int count = argc - at;
  if (options.self_test) {
    if (count == 0) return options;
    return UsageError{"--self-test takes no USER", options.log_to};
  }
  if (count < 1) return UsageError{"no USER given", options.log_to};
  if (count > 3) return UsageError{"more than USER FINGERPRINT KEYTYPE given", options.log_to};
  options.user = argv[at];
  if (count > 1) options.fingerprint = argv[at + 1];
  if (count > 2) options.key_type = argv[at + 2];
  return options;
}

}  // namespace

Result<Options, UsageError> ParseOptions(int argc, char* const* argv) {
  Options options;
  options.imds_endpoints = DefaultImdsEndpoints();
  if (argc > 0 && BaseName(argv[0]) == kPositionalOnlyName) {
    return TakePositional(argc, argv, 1, options);
  }
  opterr = 0;  // getopt must not write to standard error
  optind = 0;  // glibc: start over
  while (true) {
    // "+" ends the options at the first argument that is not one.
    const int code = getopt_long(argc, argv, "+", kLongOptions.data(), nullptr);
    if (code == -1) break;
    if (code == kVersion) options.information = "eic-authorized-keys " EIC_VERSION "\n";
    if (code == kHelpCode) options.information = kHelp;
    if (options.information) return options;
    const std::string value = optarg == nullptr ? "" : optarg;
    const Result<Nothing, Wrong> applied = Apply(code, value, options);
    if (!applied) return UsageError{applied.error(), options.log_to};
  }
  return TakePositional(argc, argv, optind, options);
}

}  // namespace eic
