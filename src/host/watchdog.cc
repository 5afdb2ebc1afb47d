#include "host/watchdog.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace eic {
namespace {

// What the handler may use: set before the timer starts, and not changed while it runs.
struct LastWords {
  int descriptor = -1;
  std::string text;
};

// Never destroyed, so that a signal during exit finds it intact.
LastWords& TheLastWords() {
  static auto* words = new LastWords;
  return *words;
}
const LastWords* handler_words = nullptr;

// Async-signal-safe: send(2), poll(2), write(2) and _exit(2) only (signal-safety(7)). Status 0,
// because sshd logs an error of its own for any other.
extern "C" void OnTimeout(int) {
  const LastWords* words = handler_words;
  if (words != nullptr && words->descriptor >= 0) {
    const char* text = words->text.data();
    const std::size_t length = words->text.size();
    // send(2) can refuse to wait. For anything but a socket, use write(2) if it need not wait.
    pollfd writable{words->descriptor, POLLOUT, 0};
    const bool sent = send(words->descriptor, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (!sent && words->descriptor == STDERR_FILENO && poll(&writable, 1, 0) == 1) {
      (void)!write(words->descriptor, text, length);
    }
  }
  _exit(0);
}

// setitimer(2) rather than timer_create(2): it needs no library but libc, and nothing that the
// kernel may lack for this user (RLIMIT_SIGPENDING). Linux runs it by the monotonic clock, so
// setting the clock does not affect it.
void SetTimer(std::chrono::milliseconds time_max) {
  itimerval when{};
  when.it_value.tv_sec = static_cast<time_t>(time_max.count() / 1000);
  when.it_value.tv_usec = static_cast<suseconds_t>(time_max.count() % 1000) * 1000;
  if (setitimer(ITIMER_REAL, &when, nullptr) != 0) std::abort();
}

// What this process inherited: exec(2) keeps a running timer, and a signal that is pending because
// it is blocked. Neither is from this run. Ignoring a signal drops it.
void DropInherited() {
  SetTimer(std::chrono::milliseconds::zero());
  (void)std::signal(SIGALRM, SIG_IGN);
}

// The process inherits sshd's signal mask, so the signal may be blocked.
void InstallHandler() {
  struct sigaction action {};
  action.sa_handler = &OnTimeout;
  sigfillset(&action.sa_mask);
  sigset_t alarm_only;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  if (sigaction(SIGALRM, &action, nullptr) != 0) std::abort();
  if (sigprocmask(SIG_UNBLOCK, &alarm_only, nullptr) != 0) std::abort();
}

}  // namespace

Watchdog::Watchdog(std::chrono::milliseconds time_max, int descriptor, std::string last_words) {
  TheLastWords() = {descriptor, std::move(last_words)};
  handler_words = &TheLastWords();
  DropInherited();
  InstallHandler();
  SetTimer(time_max);
}

Watchdog::~Watchdog() {
  SetTimer(std::chrono::milliseconds::zero());
  handler_words = nullptr;
  (void)std::signal(SIGALRM, SIG_IGN);
}

}  // namespace eic
