// The entry of eic-authorized-keys: it keeps one variable of the chain's and clears the environment
// before anything else reads it.
#include <cstdlib>
#include <string>

#include "agent/program.h"
#include "host/sshd_process.h"

int main(int argc, char** argv) {
  const char* told = std::getenv(eic::kSshdPidVariable);
  const std::string sshd_pid = told == nullptr ? "" : told;
  // No proxy, SSL_CERT_*, OPENSSL_* or TZ of the caller's has a say in what follows.
  if (clearenv() != 0) return EXIT_FAILURE;
  return eic::RunProgram(argc, argv, sshd_pid);
}
