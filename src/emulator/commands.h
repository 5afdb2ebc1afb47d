// What the program does. Each command gives the exit status, or throws what main prints.
#pragma once

#include "emulator/cli.h"

namespace eic::emulator {

int RunInit(const InitOptions& options);
int RunServe(const ServeOptions& options);
int RunPush(const PushOptions& options);
int RunSign(const SignOptions& options);

// Parses, runs and reports: 0 done, 1 failed, 64 (EX_USAGE, sysexits.h) for wrong usage.
int Main(int argc, const char* const* argv);

}  // namespace eic::emulator
