// The doors to the outside that every subcommand is given.
#pragma once

#include "admin/files/file_system.h"
#include "admin/layout.h"
#include "admin/process/program_runner.h"

namespace eic::admin {

// Tests use doubles. Borrowed.
struct Outside {
  Layout layout;
  ProgramRunner& runner;
  FileSystem& files;
};

}  // namespace eic::admin
