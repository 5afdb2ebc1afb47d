// The program ec2-instance-connect: its process, its streams, its exit status.
#pragma once

namespace eic::admin {

// What main does once the environment is cleared. Returns an ExitStatus (admin/failure.h).
int RunProgram(int argc, const char* const* argv);

}  // namespace eic::admin
