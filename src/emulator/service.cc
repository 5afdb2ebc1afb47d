#include "emulator/service.h"

#include <utility>

namespace eic::emulator {

Service::Service(const ServiceSpec& spec, issuer::Authority authority, const Clock& clock)
    : clock_(clock),
      tokens_(clock),
      keys_(clock),
      signer_(std::move(authority), clock),
      metadata_(spec.instance, tokens_, keys_, signer_),
      api_(spec.instance, spec.ttl_seconds, clock, keys_, signer_),
      control_(keys_, events_) {
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
  HttpAnswer answer = metadata_.Answer(request);
  Note("metadata", request, answer);
  return answer;
}

HttpAnswer Service::AnswerApi(const HttpRequest& request) {
  if (ControlRoutes::Takes(request)) return control_.Answer(request);
  HttpAnswer answer = api_.Answer(request);
  Note("api", request, answer);
  return answer;
}

void Service::Note(const char* kind, const HttpRequest& request, const HttpAnswer& answer) {
  events_.Add(Event{clock_(), kind, request.method, request.path, answer.status});
}

}  // namespace eic::emulator
