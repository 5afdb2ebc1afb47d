// A set-user-id program as a wrapper may use one: runs the agent as this file's owner, and nothing
// where the kernel did not give it that user's rights.
#include <unistd.h>

int main(int argc, char** argv) {
  (void)argc;
  const uid_t owner = geteuid();
  if (owner == getuid() || setresuid(owner, owner, owner) != 0) return 0;
  return execv("/usr/libexec/ec2-instance-connect/eic-authorized-keys", argv);
}
