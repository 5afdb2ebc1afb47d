// The service on one machine: its instances, its API and its listeners, wired.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emulator/api/api_routes.h"
#include "emulator/clock.h"
#include "emulator/control_routes.h"
#include "emulator/emulated_instance.h"
#include "emulator/event_log.h"
#include "emulator/instance.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/server/address.h"
#include "emulator/server/faults.h"
#include "emulator/server/listener.h"
#include "issuer/authority.h"

namespace eic::emulator {

struct InstanceSpec {
  Instance instance;  // with the addresses of its metadata
  ChainSettings chain;
  issuer::Authority authority;  // of its region and domain
};

struct ServiceSpec {
  std::vector<InstanceSpec> instances;  // one at least
  Address api_address;
  ApiSettings api;
  std::vector<Fault> faults;
  std::int64_t throttle_per_second = 0;  // of each instance's metadata; 0: no limit
};

class Service {
 public:
  // Takes every address, or throws EmulatorError. `clock` is the service's, `signature_clock` that
  // by which callers sign.
  Service(ServiceSpec spec, const Clock& clock, const Clock& signature_clock);

  void Start();
  void Stop();

  std::vector<Address> metadata_addresses() const;
  const Address& api_address() const { return api_listener_->address(); }

 private:
  static InstanceList MakeInstances(std::vector<InstanceSpec>& specs, const Clock& clock,
                                    std::int64_t throttle_per_second);

  HttpAnswer AnswerMetadata(EmulatedInstance& instance, const HttpRequest& request);
  HttpAnswer AnswerApi(const HttpRequest& request);
  std::unique_ptr<Listener> ListenForMetadata(const Address& address, EmulatedInstance& instance);
  std::unique_ptr<Listener> ListenForApi(const Address& address);
  // Says in the log what was asked and what goes out.
  void Note(const char* kind, const std::string& instance_id, const HttpRequest& request,
            const HttpAnswer& answer, const std::optional<Fault>& fault);

  const Clock clock_;
  EventLog events_;
  FaultPlan faults_;
  const InstanceList instances_;
  ApiRoutes api_;
  ControlRoutes control_;
  // Last, so that their threads end before what they use.
  std::vector<std::unique_ptr<Listener>> metadata_listeners_;
  std::unique_ptr<Listener> api_listener_;
};

}  // namespace eic::emulator
