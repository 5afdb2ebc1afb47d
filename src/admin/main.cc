// The entry of ec2-instance-connect: it clears the environment before anything reads it.
#include <cstdlib>

#include "admin/program.h"

int main(int argc, char** argv) {
  // The caller's environment must not affect what root does to sshd.
  if (clearenv() != 0) return EXIT_FAILURE;
  return eic::admin::RunProgram(argc, argv);
}
