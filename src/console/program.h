// eic-console as a process.
#pragma once

namespace eic::console {

// Serves until a signal ends it. Returns the exit status: 0; 1 if it could not start; 64 for wrong
// usage. Call it first in main, because it forks before there is a second thread.
int RunConsole(int argc, const char* const* argv);

}  // namespace eic::console
