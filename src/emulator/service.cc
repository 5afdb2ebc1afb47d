#include "emulator/service.h"

#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/random.h"
#include "emulator/server/fault_bytes.h"

namespace eic::emulator {

Service::Service(ServiceSpec spec, const Clock& clock, const Clock& signature_clock)
    : clock_(clock),
      instances_(MakeInstances(spec.instances, clock, spec.throttle_per_second)),
      api_(std::move(spec.api), clock, signature_clock, instances_),
      control_(instances_, faults_, events_) {
  for (Fault& fault : spec.faults) {
    if (!faults_.Add(std::move(fault))) throw EmulatorError("too many faults");
  }
  for (const auto& owned : instances_) {
    for (const Address& address : owned->instance().metadata_addresses) {
      metadata_listeners_.push_back(ListenForMetadata(address, *owned));
    }
  }
  api_listener_ = ListenForApi(spec.api_address);
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

std::unique_ptr<Listener> Service::ListenForApi(const Address& address) {
  return std::make_unique<Listener>(
      address, [this](const HttpRequest& request) { return AnswerApi(request); },
      [this](const HttpRequest& request, int status) {
        HttpAnswer answer = MalformedAnswer(request, status, RandomUuid());
        Note("api", "", request, answer, std::nullopt);
        return answer;
      });
}

InstanceList Service::MakeInstances(std::vector<InstanceSpec>& specs, const Clock& clock,
                                    std::int64_t throttle_per_second) {
  InstanceList instances;
  for (InstanceSpec& spec : specs) {
    instances.push_back(std::make_unique<EmulatedInstance>(std::move(spec.instance),
                                                           std::move(spec.authority), clock,
                                                           spec.chain, throttle_per_second));
  }
  return instances;
}

void Service::Start() {
  for (const auto& listener : metadata_listeners_) listener->Start();
  api_listener_->Start();
}

void Service::Stop() {
  for (const auto& listener : metadata_listeners_) listener->Stop();
  api_listener_->Stop();
}

std::vector<Address> Service::metadata_addresses() const {
  std::vector<Address> addresses;
  for (const auto& listener : metadata_listeners_) addresses.push_back(listener->address());
  return addresses;
}

HttpAnswer Service::AnswerMetadata(EmulatedInstance& instance, const HttpRequest& request) {
  HttpAnswer answer = instance.metadata().Answer(request);
  const std::optional<Fault> fault = faults_.Take(request);
  if (fault) answer = SpoiledAnswer(*fault, answer);
  Note("metadata", instance.instance().instance_id, request, answer, fault);
  return answer;
}

HttpAnswer Service::AnswerApi(const HttpRequest& request) {
  if (ControlRoutes::Takes(request)) return control_.Answer(request);
  const std::optional<Fault> fault = faults_.Take(request);
  HttpAnswer answer;
  if (fault && fault->kind == FaultKind::kStatus) {
    // The API fails in its own words, and does nothing.
    answer = ErrorAnswer(FailureOf(fault->status), RandomUuid());
  } else {
    answer = api_.Answer(request);
    if (fault) answer = SpoiledAnswer(*fault, answer);
  }
  Note("api", "", request, answer, fault);
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
  events_.Add(std::move(event));
}

}  // namespace eic::emulator
