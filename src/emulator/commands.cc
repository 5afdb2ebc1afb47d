#include "emulator/commands.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/push_client.h"
#include "emulator/serve_spec.h"
#include "emulator/service.h"
#include "issuer/authority.h"
#include "issuer/files.h"
#include "issuer/records.h"

namespace eic::emulator {
namespace {

constexpr std::size_t kPublicKeyFileBytesMax = 64 * 1024;

Instant WallClock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant(std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count());
}

// The environment's credentials, as AWS's tools name them, else the ones that serve takes by
// default.
Credential CallerCredential() {
  const char* id = std::getenv("AWS_ACCESS_KEY_ID");
  const char* secret = std::getenv("AWS_SECRET_ACCESS_KEY");
  const char* token = std::getenv("AWS_SESSION_TOKEN");
  if (id == nullptr || secret == nullptr) return ExampleCredential();
  return {id, secret, token == nullptr ? "" : token, "", std::nullopt};
}

// Before any thread starts: every thread inherits the mask, so the signals wait for sigwait().
sigset_t BlockEndingSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) {
    throw EmulatorError("cannot block signals");
  }
  return signals;
}

int Run(const Options& options) {
  if (const auto* init = std::get_if<InitOptions>(&options)) return RunInit(*init);
  if (const auto* serve = std::get_if<ServeOptions>(&options)) return RunServe(*serve);
  if (const auto* push = std::get_if<PushOptions>(&options)) return RunPush(*push);
  return RunSign(std::get<SignOptions>(options));
}

}  // namespace

int RunInit(const InitOptions& options) {
  MakeAndSaveAuthority(options, WallClock());
  std::cout << "made a throw-away authority in " << options.folder
            << "; its root is anchors.pem; never install it into a system's trust store\n";
  return 0;
}

int RunServe(const ServeOptions& options) {
  const sigset_t signals = BlockEndingSignals();
  const std::int64_t offset_seconds = options.clock_offset_seconds;
  const Clock clock = [offset_seconds] { return WallClock() + offset_seconds; };
  const std::int64_t api_offset_seconds = options.api_clock_offset_seconds;
  const Clock api_clock = [api_offset_seconds] { return WallClock() + api_offset_seconds; };
  Service service(MakeServiceSpec(options, clock(), WallClock()), clock, api_clock);
  std::cerr
      << "eic-emulator: FOR DEVELOPMENT ONLY. Whoever reaches the API of this emulator can log "
         "in wherever an agent trusts "
      << options.folder << "/anchors.pem.\n";
  service.Start();

  std::cout << "ready";
  for (const Address& address : service.metadata_addresses()) {
    std::cout << " metadata=" << Url(address);
  }
  for (const Address& address : service.container_addresses()) {
    std::cout << " container=" << Url(address);
  }
  std::cout << " api=" << service.api_url() << std::endl;

  int signal_number = 0;
  if (::sigwait(&signals, &signal_number) != 0) throw EmulatorError("cannot wait for a signal");
  service.Stop();
  return 0;
}

int RunPush(const PushOptions& options) {
  PushFields fields;
  fields.instance_id = options.instance_id;
  fields.os_user = options.os_user;
  fields.public_key = issuer::ReadFile(options.public_key_file, kPublicKeyFileBytesMax);
  fields.availability_zone = options.availability_zone;
  const std::variant<std::string, ApiError> answer =
      Push(options.api_url, fields, {CallerCredential(), options.region, WallClock()});
  if (const auto* error = std::get_if<ApiError>(&answer)) {
    std::cerr << error->name << ": " << error->message << "\n";
    return 1;
  }
  std::cout << std::get<std::string>(answer) << "\n";
  return 0;
}

int RunSign(const SignOptions& options) {
  const issuer::Authority authority = issuer::LoadAuthority(options.folder);
  const std::string text = issuer::ReadFile(options.public_key_file, kPublicKeyFileBytesMax);
  // Taken as it is, up to the line's end: a scenario may want a key that the API refuses.
  const std::string key_line = text.substr(0, text.find_first_of("\r\n"));
  const issuer::RecordFields fields{Instant(options.timestamp), options.instance_id, options.caller,
                                    options.request_id};
  std::cout << issuer::SignRecord(issuer::MakeRecordSpec(fields, key_line),
                                  authority.signer_key.get());
  return 0;
}

int Main(int argc, const char* const* argv) {
  try {
    const std::variant<Options, int> parsed = ParseCommandLine(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    return Run(std::get<Options>(parsed));
  } catch (const std::exception& error) {
    std::cerr << "eic-emulator: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace eic::emulator
