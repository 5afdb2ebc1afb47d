// eic-console as a process.
#pragma once

namespace eic::console {

// Serves until a signal ends it; the exit status: 0, 1 where it could not begin, 64 for wrong
// usage. Call it first of all in main: it forks before there is a second thread.
int RunConsole(int argc, const char* const* argv);

}  // namespace eic::console
