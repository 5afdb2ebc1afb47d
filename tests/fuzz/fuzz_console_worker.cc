// What a worker of the console says, which may have been taken over; and what the front says.
#include "console/limits.h"
#include "console/link/packet.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {

void ConsoleWorker(std::string_view input) {
  if (const auto message = console::ParseToFront(input)) {
    Hold(console::Print(*message) == input, "a worker's packet is all of it");
    Hold(input.size() <= console::kPacketBytesMax + 1, "a packet has its limit");
    if (const auto* exit = std::get_if<console::Exit>(&*message)) {
      Hold(exit->words.size() <= console::kWordsBytesMax, "words have their limit");
    }
  }
  if (const auto message = console::ParseToWorker(input)) {
    Hold(console::Print(*message) == input, "a front's packet is all of it");
    if (const auto* size = std::get_if<console::Size>(&*message)) {
      Hold(size->columns <= console::kColumnsMax && size->rows > 0, "a possible size");
    }
  }
}

}  // namespace eic::fuzz
