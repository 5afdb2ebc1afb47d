/* A clock that is off: time(2) of whatever is started with this library, moved by SHIFT_SECONDS. Without
   headers and a C library of its own, so that it loads in any tree of this architecture. */
struct timespec_like {
  long seconds;
  long nanoseconds;
};
extern int clock_gettime(int clock, struct timespec_like* now);

long time(long* out) {
  struct timespec_like now;
  clock_gettime(0, &now);
  now.seconds += SHIFT_SECONDS;
  if (out) *out = now.seconds;
  return now.seconds;
}
