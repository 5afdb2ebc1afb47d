#include "emulator/commands.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <exception>
#include <iostream>
#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/openssh_key.h"
#include "emulator/push_client.h"
#include "emulator/service.h"
#include "issuer/authority.h"
#include "issuer/files.h"
#include "issuer/records.h"

namespace eic::emulator {
namespace {

constexpr std::size_t kPublicKeyFileBytesMax = 64 * 1024;

Instant WallClock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

void MakeAndSave(const InitOptions& options) {
  issuer::AuthoritySpec spec;
  spec.region = options.region;
  spec.domain = options.domain;
  spec.now = WallClock();
  // Before the keys are made, which takes a while.
  if (issuer::HasAuthority(options.folder)) {
    throw EmulatorError(options.folder + " already holds an authority; choose another folder");
  }
  issuer::SaveAuthority(issuer::MakeAuthority(spec), options.folder);
}

issuer::Authority LoadFor(const ServeOptions& options) {
  if (!issuer::HasAuthority(options.folder)) {
    InitOptions init;
    init.folder = options.folder;
    if (!options.region.empty()) init.region = options.region;
    if (!options.domain.empty()) init.domain = options.domain;
    MakeAndSave(init);
  }
  issuer::Authority authority = issuer::LoadAuthority(options.folder);
  const std::string region = options.region.empty() ? authority.region : options.region;
  const std::string domain = options.domain.empty() ? authority.domain : options.domain;
  if (region != authority.region || domain != authority.domain) {
    issuer::ReissueSigner(authority, region, domain, WallClock());
  }
  return authority;
}

Address AllowedAddress(const std::string& text, bool allow_non_loopback) {
  Address address = ParseAddress(text);
  if (!allow_non_loopback && !IsLoopback(address)) {
    throw EmulatorError(text + " is not a loopback address; --allow-non-loopback allows it");
  }
  return address;
}

ServiceSpec MakeServiceSpec(const ServeOptions& options, const issuer::Authority& authority) {
  ServiceSpec spec;
  for (const std::string& text : options.metadata_addresses) {
    spec.metadata_addresses.push_back(AllowedAddress(text, options.allow_non_loopback));
  }
  spec.api_address = AllowedAddress(options.api_address, options.allow_non_loopback);
  spec.ttl_seconds = options.ttl_seconds;
  for (const std::string& text : options.faults) spec.faults.push_back(ParseFault(text));
  spec.instance.instance_id = options.instance_id;
  spec.instance.region = authority.region;
  spec.instance.domain = authority.domain;
  spec.instance.availability_zone =
      options.availability_zone.empty() ? authority.region + "a" : options.availability_zone;
  return spec;
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
  MakeAndSave(options);
  std::cout << "made a throw-away authority in " << options.folder
            << "; its root is anchors.pem; never install it into a system's trust store\n";
  return 0;
}

int RunServe(const ServeOptions& options) {
  const sigset_t signals = BlockEndingSignals();
  issuer::Authority authority = LoadFor(options);
  const ServiceSpec spec = MakeServiceSpec(options, authority);
  Service service(spec, std::move(authority), WallClock);
  std::cerr
      << "eic-emulator: FOR DEVELOPMENT ONLY. Whoever reaches the API of this emulator can log "
         "in wherever an agent trusts "
      << options.folder << "/anchors.pem.\n";
  service.Start();

  std::cout << "ready";
  for (const Address& address : service.metadata_addresses()) {
    std::cout << " metadata=" << Url(address);
  }
  std::cout << " api=" << Url(service.api_address()) << std::endl;

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
  const std::variant<std::string, ApiError> answer = Push(options.api_url, fields);
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
  const issuer::RecordFields fields{options.timestamp, options.instance_id, options.caller,
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
