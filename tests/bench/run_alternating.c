// Runs commands by turns and says what each run cost.
//
//   eic-run-alternating ROUNDS AT_ONCE COMMAND... [--- COMMAND...]...
//
// ROUNDS times, each COMMAND is started AT_ONCE times at once (ABAB, so that what else the machine
// does falls on all alike). One line a round and command:
//
//   INDEX WALL_US CPU_US FAULTS PEAK_KIB BYTES
//
// WALL_US until the last of them has ended, CPU_US (user and system), FAULTS and PEAK_KIB of the
// one that was waited for first, BYTES of output of all. A run that ends with another status than 0
// ends it with 1.
//
// In C, and small, since the kernel counts a program's peak memory from that of who started it.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

enum { kCommandsMax = 8, kAtOnceMax = 64 };

static long NowUs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long Us(struct timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

static void Die(const char* what) {
  fprintf(stderr, "eic-run-alternating: %s\n", what);
  exit(1);
}

// Starts `command` with its output in `*output`, a pipe that holds what these programs print.
static pid_t Start(char** command, int* output) {
  int ends[2];
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (pipe2(ends, O_CLOEXEC) != 0) Die("no pipe");
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (posix_spawn(&child, command[0], &actions, NULL, command, environ) != 0)
    Die("no such program");
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  *output = ends[0];
  return child;
}

static long ReadAll(int output) {
  char bytes[65536];
  long total = 0;
  ssize_t got;
  while ((got = read(output, bytes, sizeof bytes)) > 0) total += got;
  close(output);
  return total;
}

static void Measure(int index, char** command, int at_once) {
  int outputs[kAtOnceMax];
  struct rusage first;
  long bytes = 0;
  const long start = NowUs();
  for (int i = 0; i < at_once; ++i) (void)Start(command, &outputs[i]);
  for (int i = 0; i < at_once; ++i) {
    int status = 0;
    struct rusage usage;
    if (wait4(-1, &status, 0, &usage) < 0) Die("nothing to wait for");
    if (status != 0) Die("a run did not end with status 0");
    if (i == 0) first = usage;
  }
  const long wall = NowUs() - start;
  for (int i = 0; i < at_once; ++i) bytes += ReadAll(outputs[i]);
  printf("%d %ld %ld %ld %ld %ld\n", index, wall, Us(first.ru_utime) + Us(first.ru_stime),
         first.ru_minflt + first.ru_majflt, first.ru_maxrss, bytes);
}

int main(int argc, char** argv) {
  char** commands[kCommandsMax];
  int count = 0;
  if (argc < 4) Die("usage: eic-run-alternating ROUNDS AT_ONCE COMMAND... [--- COMMAND...]...");
  const int rounds = atoi(argv[1]);
  const int at_once = atoi(argv[2]);
  if (at_once < 1 || at_once > kAtOnceMax) Die("AT_ONCE is 1 to 64");
  commands[count++] = argv + 3;
  for (int i = 3; i < argc; ++i) {
    if (strcmp(argv[i], "---") != 0 || count == kCommandsMax) continue;
    argv[i] = NULL;
    commands[count++] = argv + i + 1;
  }
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < count; ++i) Measure(i, commands[i], at_once);
  }
  return 0;
}
