#include "host/watchdog.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace eic {
namespace {

// What the handler may touch: set before the timer is, and not changed while it runs.
struct LastWords {
  int descriptor = -1;
  std::string text;
};

// Never destroyed, so that a signal during exit finds it whole.
LastWords& TheLastWords() {
  static auto* words = new LastWords;
  return *words;
}
const LastWords* handler_words = nullptr;
timer_t timer{};
bool has_timer = false;

// Async-signal-safe: send(2), poll(2), write(2) and _exit(2) only (signal-safety(7)). Status 0,
// since sshd logs an error of its own for any other.
extern "C" void OnTimeout(int) {
  const LastWords* words = handler_words;
  if (words != nullptr && words->descriptor >= 0) {
    const char* text = words->text.data();
    const std::size_t length = words->text.size();
    // send(2) can refuse to wait. On what is no socket, write(2) is left, if it need not wait.
    pollfd writable{words->descriptor, POLLOUT, 0};
    const bool sent = send(words->descriptor, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (!sent && words->descriptor == STDERR_FILENO && poll(&writable, 1, 0) == 1) {
      (void)!write(words->descriptor, text, length);
    }
  }
  _exit(0);
}

// sshd's signal mask is inherited, so the signal may arrive blocked.
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

// CLOCK_MONOTONIC, so that a clock that is set does not move it.
void StartTimer(std::chrono::milliseconds time_max) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(time_max.count() / 1000);
  when.it_value.tv_nsec = static_cast<long>(time_max.count() % 1000) * 1'000'000;
  has_timer = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
              timer_settime(timer, 0, &when, nullptr) == 0;
  // The kernel may be out of timers for this user (RLIMIT_SIGPENDING). alarm(2) needs none.
  if (!has_timer) alarm(static_cast<unsigned>((time_max.count() + 999) / 1000));
}

}  // namespace

Watchdog::Watchdog(std::chrono::milliseconds time_max, int descriptor, std::string last_words) {
  TheLastWords() = {descriptor, std::move(last_words)};
  handler_words = &TheLastWords();
  InstallHandler();
  StartTimer(time_max);
}

Watchdog::~Watchdog() {
  if (has_timer) timer_delete(timer);
  alarm(0);
  has_timer = false;
  handler_words = nullptr;
  (void)std::signal(SIGALRM, SIG_IGN);
}

}  // namespace eic
