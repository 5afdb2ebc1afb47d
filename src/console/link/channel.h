// One end of a SOCK_SEQPACKET pair: packets, and descriptors that go with them.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/system/descriptor.h"

namespace eic::console {

// Two ends, closed by exec. If that failed, no descriptors, and errno is set.
std::pair<Descriptor, Descriptor> MakeChannel();

// kAgain: nothing could be sent now. kGone: the other end is closed.
enum class Sent { kDone, kAgain, kGone };

// Sends one packet. Never blocks. Without SIGPIPE.
Sent SendPacket(int channel, std::string_view packet, const std::vector<int>& descriptors = {});

struct Received {
  enum class State { kPacket, kAgain, kGone };
  State state = State::kGone;
  std::string packet = {};
  std::vector<Descriptor> descriptors = {};
};

// The next packet, of at most kPacketBytesMax and its kind. A larger one, or more descriptors than
// `descriptors_max`, count as kGone, because the other end breaks the protocol. Never blocks.
Received ReceivePacket(int channel, std::size_t descriptors_max = 0);

// Waits for the next packet; kAgain once `time_max` has passed.
Received AwaitPacket(int channel, std::chrono::milliseconds time_max,
                     std::size_t descriptors_max = 0);

// Waits until the packet is sent; false if that takes longer than `time_max`.
bool SendWithin(int channel, std::string_view packet, std::chrono::milliseconds time_max);

}  // namespace eic::console
