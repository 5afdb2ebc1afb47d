// Runs a program for its output: no shell, a limit of time and of output.
#pragma once

#include "aws/world.h"

namespace eic::aws {

// The program may ask its person: it stays in our process group, and where our standard input is a
// terminal it has that; else /dev/null, so that it takes nothing of what ssh is to read.
ProgramEnd RunProgram(const ProgramRun& run);

}  // namespace eic::aws
