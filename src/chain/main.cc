// The entry of eic-chain: it keeps PATH and LANG and clears the rest of the environment.
#include <unistd.h>

#include <cstdlib>

#include "chain/program.h"

int main(int argc, char** argv) {
  const eic::chain::Inherited inherited = eic::chain::InheritedFrom(environ);
  // No LD_*, OPENSSL_* or TZ of the caller's has a say in what follows.
  if (clearenv() != 0) return EXIT_FAILURE;
  return eic::chain::RunProgram(argc, argv, inherited);
}
