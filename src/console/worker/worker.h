// The process that speaks SSH with one instance: it makes the key, gives out the public half, and
// relays. It has a link to the front and a connected socket, and nothing else.
#pragma once

#include "aws/system/descriptor.h"

namespace eic::console {

// The life of a worker, from the key to the last byte; doc in console/link/packet.h. Confines this
// process first. The key dies with it.
void RunWorker(Descriptor link, Descriptor instance);

// The same without the confinement, for tests.
void ServeSession(int link, int instance);

}  // namespace eic::console
