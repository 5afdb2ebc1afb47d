// The service on one machine: its instances, its API and its listeners, wired.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/api/api_routes.h"
#include "emulator/clock.h"
#include "emulator/control_routes.h"
#include "emulator/emulated_instance.h"
#include "emulator/event_log.h"
#include "emulator/instance.h"
#include "emulator/metadata/container_routes.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/metadata/role_credentials.h"
#include "emulator/server/address.h"
#include "emulator/server/faults.h"
#include "emulator/server/listener.h"
#include "issuer/authority.h"
#include "issuer/server_identity.h"

namespace eic::emulator {

struct InstanceSpec {
  Instance instance;  // with the addresses of its metadata
  ChainSettings chain;
  issuer::Authority authority;  // of its region and domain
};

struct ServiceSpec {
  std::vector<InstanceSpec> instances;  // one at least; the roles that they name are those of `api`
  Address api_address;
  std::optional<issuer::ServerIdentity> api_tls;  // nothing: plain HTTP
  ApiSettings api;
  // Credentials of a container, of a role of `api`: served at the API's address and at these.
  std::optional<ContainerRole> container;
  std::vector<Address> container_addresses;
  std::vector<Fault> faults;
  std::int64_t throttle_per_second = 0;  // of each instance's metadata; 0: no limit
};

class Service {
 public:
  // Takes every address, or throws EmulatorError. `clock` is the service's, `signature_clock` that
  // of the API: by it callers sign, temporary credentials expire and answers have their Date.
  Service(ServiceSpec spec, const Clock& clock, const Clock& signature_clock);

  void Start();
  void Stop();

  std::vector<Address> metadata_addresses() const;
  std::vector<Address> container_addresses() const;
  const Address& api_address() const { return api_listener_->address(); }
  // `http://127.0.0.1:1339`, or `https://` with TLS.
  std::string api_url() const;

 private:
  InstanceList MakeInstances(ServiceSpec& spec);
  // Credentials of the role `arn` for sessions of that name. Throws EmulatorError when there is no
  // such role.
  std::unique_ptr<RoleCredentials> MakeRoleCredentials(const ServiceSpec& spec,
                                                       const std::string& arn,
                                                       const std::string& session_name);

  HttpAnswer AnswerMetadata(EmulatedInstance& instance, const HttpRequest& request);
  HttpAnswer AnswerContainer(const HttpRequest& request);
  HttpAnswer AnswerApi(const HttpRequest& request);
  HttpAnswer AnswerAtApi(const HttpRequest& request);
  std::unique_ptr<Listener> ListenForMetadata(const Address& address, EmulatedInstance& instance);
  std::unique_ptr<Listener> ListenForContainer(const Address& address);
  std::unique_ptr<Listener> ListenForApi(const ServiceSpec& spec);
  HttpAnswer Dated(HttpAnswer answer) const;
  // Says in the log what was asked and what goes out.
  void Note(const char* kind, const std::string& instance_id, const HttpRequest& request,
            const HttpAnswer& answer, const std::optional<Fault>& fault);

  const Clock clock_;
  const Clock signature_clock_;
  const bool has_tls_;
  EventLog events_;
  FaultPlan faults_;
  const InstanceList instances_;
  ApiRoutes api_;
  const std::unique_ptr<RoleCredentials> container_credentials_;
  std::optional<ContainerRoutes> container_;
  ControlRoutes control_;
  // Last, so that their threads end before what they use.
  std::vector<std::unique_ptr<Listener>> metadata_listeners_;
  std::vector<std::unique_ptr<Listener>> container_listeners_;
  std::unique_ptr<Listener> api_listener_;
};

}  // namespace eic::emulator
