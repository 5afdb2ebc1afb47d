#include "emulator/service.h"

#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/random.h"
#include "emulator/server/fault_bytes.h"
#include "emulator/time_text.h"

namespace eic::emulator {
namespace {

// As ECS calls the session of a task: by its id.
constexpr const char* kContainerSession = "0123456789abcdef0123456789abcdef";

}  // namespace

Service::Service(ServiceSpec spec, const Clock& clock, const Clock& signature_clock)
    : clock_(clock),
      signature_clock_(signature_clock),
      has_tls_(spec.api_tls.has_value()),
      instances_(MakeInstances(spec)),
      api_(spec.api, clock, signature_clock, instances_),
      container_credentials_(
          spec.container ? MakeRoleCredentials(spec, spec.container->role_arn, kContainerSession)
                         : nullptr),
      control_(instances_, faults_, events_) {
  if (spec.container) container_.emplace(*spec.container, *container_credentials_);
  for (Fault& fault : spec.faults) {
    if (!faults_.Add(std::move(fault))) throw EmulatorError("too many faults");
  }
  for (const auto& owned : instances_) {
    for (const Address& address : owned->instance().metadata_addresses) {
      metadata_listeners_.push_back(ListenForMetadata(address, *owned));
    }
  }
  for (const Address& address : spec.container_addresses) {
    container_listeners_.push_back(ListenForContainer(address));
  }
  api_listener_ = ListenForApi(spec);
}

std::unique_ptr<Listener> Service::ListenForMetadata(const Address& address,
                                                     EmulatedInstance& instance) {
  return std::make_unique<Listener>(
      address,
      [this, &instance](const HttpRequest& request) { return AnswerMetadata(instance, request); },
      [this, &instance](const HttpRequest& request, int status) {
        HttpAnswer answer = StatusAnswer(status);
        Note("metadata", instance.instance().instance_id, request, answer, std::nullopt);
        return answer;
      });
}

std::unique_ptr<Listener> Service::ListenForContainer(const Address& address) {
  return std::make_unique<Listener>(
      address, [this](const HttpRequest& request) { return AnswerContainer(request); },
      [this](const HttpRequest& request, int status) {
        HttpAnswer answer = StatusAnswer(status);
        Note("container", "", request, answer, std::nullopt);
        return answer;
      });
}

std::unique_ptr<Listener> Service::ListenForApi(const ServiceSpec& spec) {
  ListenerOptions options;
  options.keep_alive = true;
  if (spec.api_tls) {
    options.certificate = spec.api_tls->certificate.get();
    options.key = spec.api_tls->key.get();
  }
  return std::make_unique<Listener>(
      spec.api_address, [this](const HttpRequest& request) { return AnswerAtApi(request); },
      [this](const HttpRequest& request, int status) {
        HttpAnswer answer = Dated(MalformedAnswer(request, status, RandomUuid()));
        Note("api", "", request, answer, std::nullopt);
        return answer;
      },
      options);
}

InstanceList Service::MakeInstances(ServiceSpec& spec) {
  InstanceList instances;
  for (InstanceSpec& of_one : spec.instances) {
    Instance& instance = of_one.instance;
    std::unique_ptr<RoleCredentials> role;
    if (!instance.role_arn.empty()) {
      role = MakeRoleCredentials(spec, instance.role_arn, instance.instance_id);
    }
    instances.push_back(std::make_unique<EmulatedInstance>(
        std::move(instance), std::move(of_one.authority), clock_, of_one.chain,
        spec.throttle_per_second, std::move(role)));
  }
  return instances;
}

std::unique_ptr<RoleCredentials> Service::MakeRoleCredentials(const ServiceSpec& spec,
                                                              const std::string& arn,
                                                              const std::string& session_name) {
  const Role* role = FindRole(spec.api.roles, arn);
  if (role == nullptr) throw EmulatorError("there is no role " + arn);
  // Called when somebody asks, and the API is there by then.
  const MintCredentials mint = [this](const Role& of, const std::string& session,
                                      std::int64_t seconds) {
    return api_.callers().Mint(of, session, seconds);
  };
  return std::make_unique<RoleCredentials>(*role, session_name, mint, signature_clock_);
}

void Service::Start() {
  for (const auto& listener : metadata_listeners_) listener->Start();
  for (const auto& listener : container_listeners_) listener->Start();
  api_listener_->Start();
}

void Service::Stop() {
  for (const auto& listener : metadata_listeners_) listener->Stop();
  for (const auto& listener : container_listeners_) listener->Stop();
  api_listener_->Stop();
}

std::vector<Address> Service::metadata_addresses() const {
  std::vector<Address> addresses;
  for (const auto& listener : metadata_listeners_) addresses.push_back(listener->address());
  return addresses;
}

std::vector<Address> Service::container_addresses() const {
  std::vector<Address> addresses;
  for (const auto& listener : container_listeners_) addresses.push_back(listener->address());
  return addresses;
}

std::string Service::api_url() const {
  std::string url = Url(api_address());
  if (has_tls_) url.insert(4, "s");
  return url;
}

HttpAnswer Service::AnswerMetadata(EmulatedInstance& instance, const HttpRequest& request) {
  HttpAnswer answer = instance.metadata().Answer(request);
  const std::optional<Fault> fault = faults_.Take(request);
  if (fault) answer = SpoiledAnswer(*fault, answer);
  Note("metadata", instance.instance().instance_id, request, answer, fault);
  return answer;
}

HttpAnswer Service::AnswerContainer(const HttpRequest& request) {
  HttpAnswer answer = container_->Answer(request);
  const std::optional<Fault> fault = faults_.Take(request);
  if (fault) answer = SpoiledAnswer(*fault, answer);
  Note("container", "", request, answer, fault);
  return answer;
}

HttpAnswer Service::AnswerAtApi(const HttpRequest& request) {
  if (ControlRoutes::Takes(request)) return Dated(control_.Answer(request));
  if (container_ && container_->Takes(request)) return Dated(AnswerContainer(request));
  return AnswerApi(request);
}

HttpAnswer Service::AnswerApi(const HttpRequest& request) {
  const std::optional<Fault> fault = faults_.Take(request, ActionOf(request));
  HttpAnswer answer;
  if (fault && fault->kind == FaultKind::kStatus) {
    // The API fails in its own words, and does nothing.
    answer = Dated(FailureAnswer(request, fault->status, RandomUuid()));
  } else {
    answer = Dated(api_.Answer(request));
    if (fault) {
      std::string caller = std::move(answer.caller);
      answer = Dated(SpoiledAnswer(*fault, answer));
      answer.caller = std::move(caller);
    }
  }
  Note("api", "", request, answer, fault);
  return answer;
}

HttpAnswer Service::Dated(HttpAnswer answer) const {
  answer.headers.emplace("Date", HttpDate(signature_clock_()));
  return answer;
}

void Service::Note(const char* kind, const std::string& instance_id, const HttpRequest& request,
                   const HttpAnswer& answer, const std::optional<Fault>& fault) {
  Event event;
  event.time = clock_();
  event.kind = kind;
  event.instance_id = instance_id;
  event.method = request.method;
  event.path = request.path;
  event.status = answer.status;
  if (fault) event.fault = fault->text;
  event.note = answer.note;
  if (event.kind == "api") event.action = ActionOf(request);
  event.caller = answer.caller;
  events_.Add(std::move(event));
}

}  // namespace eic::emulator
