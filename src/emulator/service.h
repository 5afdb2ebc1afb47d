// The service on one machine: its stores, its routes and its listeners, wired.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "emulator/address.h"
#include "emulator/api_routes.h"
#include "emulator/clock.h"
#include "emulator/control_routes.h"
#include "emulator/event_log.h"
#include "emulator/faults.h"
#include "emulator/instance.h"
#include "emulator/key_store.h"
#include "emulator/listener.h"
#include "emulator/metadata_routes.h"
#include "emulator/record_signer.h"
#include "emulator/token_mint.h"
#include "issuer/authority.h"

namespace eic::emulator {

struct ServiceSpec {
  Instance instance;
  std::int64_t ttl_seconds = 60;  // of a pushed key
  std::vector<Address> metadata_addresses;
  Address api_address;
  std::vector<Fault> faults;
};

class Service {
 public:
  // Takes every address, or throws EmulatorError.
  Service(const ServiceSpec& spec, issuer::Authority authority, const Clock& clock);

  void Start();
  void Stop();

  std::vector<Address> metadata_addresses() const;
  const Address& api_address() const { return api_listener_->address(); }

 private:
  HttpAnswer AnswerMetadata(const HttpRequest& request);
  HttpAnswer AnswerApi(const HttpRequest& request);
  // What goes out in place of `answer`: itself, or what a fault makes of it; and says so in the
  // log.
  HttpAnswer Finish(const char* kind, const HttpRequest& request, HttpAnswer answer);

  const Clock clock_;
  EventLog events_;
  FaultPlan faults_;
  TokenMint tokens_;
  KeyStore keys_;
  RecordSigner signer_;
  MetadataRoutes metadata_;
  ApiRoutes api_;
  ControlRoutes control_;
  // Last, so that their threads end before what they use.
  std::vector<std::unique_ptr<Listener>> metadata_listeners_;
  std::unique_ptr<Listener> api_listener_;
};

}  // namespace eic::emulator
