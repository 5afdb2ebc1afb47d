// What the command line says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace eic::emulator {

struct InitOptions {
  std::string folder;
  std::string region = "us-west-2";
  std::string domain = "amazonaws.com";
};

struct ServeOptions {
  std::string folder;
  std::vector<std::string> metadata_addresses = {"127.0.0.1:1338"};
  std::string api_address = "127.0.0.1:1339";
  std::string instance_id = "i-0123456789abcdef0";
  std::int64_t ttl_seconds = 60;
  std::string region;              // empty: the authority's
  std::string domain;              // empty: the authority's
  std::string availability_zone;   // empty: the region's first
  std::string configuration_file;  // empty: one instance, by the options above
  std::vector<std::string> presets;
  std::vector<std::string> tags;              // KEY=VALUE, of the one instance
  std::string image_name;                     // of its image; empty: Amazon Linux
  std::string image_owner;                    // likewise
  std::int64_t rotate_seconds = 0;            // 0: what the presets say
  std::int64_t throttle_per_second = 0;       // 0: no limit
  std::int64_t clock_offset_seconds = 0;      // of records, staples and tokens
  std::int64_t api_clock_offset_seconds = 0;  // of signatures and of the answers' Date
  bool tls = false;                           // of the API
  std::vector<std::string> tls_names;         // of its certificate, beside those of this machine
  bool no_signature_check = false;
  std::vector<std::string> faults;
  bool allow_non_loopback = false;
};

struct PushOptions {
  std::string api_url = "http://127.0.0.1:1339";
  std::string instance_id = "i-0123456789abcdef0";
  std::string region = "us-west-2";
  std::string os_user;
  std::string public_key_file;
  std::string availability_zone;
};

struct SignOptions {
  std::string folder;
  std::int64_t timestamp = 0;
  std::string instance_id;
  std::string caller;
  std::string request_id;
  std::string public_key_file;
};

using Options = std::variant<InitOptions, ServeOptions, PushOptions, SignOptions>;

// The options, or the status to exit with: 0 after --help and --version, 64 after wrong usage. Says
// on stdout or stderr what CLI11 has to say then.
std::variant<Options, int> ParseCommandLine(int argc, const char* const* argv);

}  // namespace eic::emulator
