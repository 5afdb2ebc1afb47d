#include "emulator/service.h"

#include <utility>

#include "emulator/emulator_error.h"
#include "emulator/fault_bytes.h"

namespace eic::emulator {

Service::Service(const ServiceSpec& spec, issuer::Authority authority, const Clock& clock)
    : clock_(clock),
      tokens_(clock),
      keys_(clock),
      signer_(std::move(authority), clock),
      metadata_(spec.instance, tokens_, keys_, signer_),
      api_(spec.instance, spec.ttl_seconds, clock, keys_, signer_),
      control_(keys_, faults_, events_) {
  for (const Fault& fault : spec.faults) {
    if (!faults_.Add(fault)) throw EmulatorError("too many faults");
  }
  for (const Address& address : spec.metadata_addresses) {
    metadata_listeners_.push_back(std::make_unique<Listener>(
        address, [this](const HttpRequest& request) { return AnswerMetadata(request); }));
  }
  api_listener_ = std::make_unique<Listener>(
      spec.api_address, [this](const HttpRequest& request) { return AnswerApi(request); });
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

HttpAnswer Service::AnswerMetadata(const HttpRequest& request) {
  return Finish("metadata", request, metadata_.Answer(request));
}

HttpAnswer Service::AnswerApi(const HttpRequest& request) {
  if (ControlRoutes::Takes(request)) return control_.Answer(request);
  return Finish("api", request, api_.Answer(request));
}

HttpAnswer Service::Finish(const char* kind, const HttpRequest& request, HttpAnswer answer) {
  const std::optional<Fault> fault = faults_.Take(request);
  if (fault) answer = SpoiledAnswer(*fault, answer);
  events_.Add(
      Event{clock_(), kind, request.method, request.path, answer.status, fault ? fault->text : ""});
  return answer;
}

}  // namespace eic::emulator
