// The keeper's door: client/keeper/control_protocol, and the frames of client/signing/wire.
#include "client/keeper/control_protocol.h"
#include "client/signing/wire.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {

void ControlProtocol(std::string_view input) {
  if (const auto request = client::ParseControlRequest(input)) {
    Hold(client::PrintControlRequest(*request) == input, "a parsed request is all of it");
    Hold(request->about.ssh_pid > 0, "a request names a process");
  }
  if (const auto answer = client::ParseControlAnswer(input)) {
    Hold(client::PrintControlAnswer(*answer) == input, "a parsed answer is all of it");
  }
  const client::Frame frame = client::PeekFrame(input, 64);
  if (frame.state != client::Frame::State::kWhole) return;
  Hold(frame.bytes == frame.message.size() + 4 && frame.bytes <= input.size(),
       "a frame is in what has arrived");
  Hold(client::Framed(frame.message) == input.substr(0, frame.bytes), "a frame is all of it");
}

}  // namespace eic::fuzz
