// The entry of eic-authorized-keys: it clears the environment before anything reads it.
#include <cstdlib>

#include "agent/program.h"

int main(int argc, char** argv) {
  // First of all: no proxy, SSL_CERT_*, OPENSSL_* or TZ of the caller's has a say in what follows.
  if (clearenv() != 0) return EXIT_FAILURE;
  return eic::RunProgram(argc, argv);
}
