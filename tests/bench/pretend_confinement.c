// For counting instructions: preloaded into the agent under callgrind, it lets the calls that
// confine a process succeed without an effect. valgrind needs calls and memory that the confinement
// takes away, so the agent cannot be counted confined; and a build without the confinement would
// leave out what it costs to prepare it. This way the program that is shipped is what is counted,
// all of it but the kernel's part.

#include <fcntl.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kLandlockAbi = 4 };  // what Linux 6.7 answers: the longest way through the agent

long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  const long first = va_arg(list, long);
  va_end(list);
  if (number == SYS_landlock_create_ruleset) {
    return first == 0 ? kLandlockAbi : open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  // seccomp, landlock_add_rule, landlock_restrict_self: the agent makes no other call by its number.
  return 0;
}

int prctl(int option, ...) {
  (void)option;
  return 0;
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit* limit) {
  (void)resource;
  (void)limit;
  return 0;
}
