// The process that speaks SSH with one instance: makes the key, returns the public half, and
// relays. It has only a link to the front and a connected socket.
#pragma once

#include "aws/system/descriptor.h"

namespace eic::console {

// Runs a worker, from the key to the last byte; console/link/packet.h describes the messages. First
// confines this process. The key is lost when the process ends.
void RunWorker(Descriptor link, Descriptor instance);

// The same without the confinement, for tests.
void ServeSession(int link, int instance);

}  // namespace eic::console
