#include "console/open_browser.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "aws/system/files.h"

extern char** environ;

namespace eic::console {
namespace {

// How long to wait for xdg-open to report that it found no browser. It may become the browser
// itself.
constexpr std::chrono::seconds kFailsWithin{5};

std::string RedirectIn(const std::string& folder) { return folder + "/console.html"; }

// A session of its own, so that Ctrl+C in our terminal does not end the browser too; and no signal
// that we ignore.
bool SetAttributes(posix_spawnattr_t* attributes) {
  sigset_t signals;
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, SIGPIPE);
  return posix_spawnattr_setsigdefault(attributes, &signals) == 0 &&
         posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF) == 0;
}

// Starts it without our input and output. -1 if it does not exist.
pid_t StartXdgOpen(const std::string& path) {
  std::string program = "xdg-open";
  std::string argument = path;
  char* words[] = {program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t files;
  if (posix_spawn_file_actions_init(&files) != 0) return -1;
  posix_spawnattr_t attributes;
  if (posix_spawnattr_init(&attributes) != 0) {
    (void)posix_spawn_file_actions_destroy(&files);
    return -1;
  }
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    (void)posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0);
  }
  pid_t pid = -1;
  if (!SetAttributes(&attributes) ||
      posix_spawnp(&pid, program.c_str(), &files, &attributes, words, environ) != 0) {
    pid = -1;
  }
  (void)posix_spawnattr_destroy(&attributes);
  (void)posix_spawn_file_actions_destroy(&files);
  return pid;
}

bool HasFailed(pid_t pid) {
  const auto ends = std::chrono::steady_clock::now() + kFailsWithin;
  while (std::chrono::steady_clock::now() < ends) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) return status != 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace

aws::Outcome<Nothing> OpenBrowser(const std::string& folder, const std::string& url) {
  const std::string path = RedirectIn(folder);
  const std::string html =
      "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">"
      "<meta http-equiv=\"refresh\" content=\"0; url=" +
      url + "\"><title>eic-console</title>\n";
  const auto stored = StoreFile(path, html, 0600, Durability::kMayBeLost);
  if (!stored) return stored.error();
  const pid_t pid = StartXdgOpen(path);
  if (pid > 0 && !HasFailed(pid)) return Nothing{};
  return aws::Failure{"NoBrowser", "xdg-open did not open a browser",
                      "Open the URL above in your browser."};
}

void RemoveRedirect(const std::string& folder) { (void)unlink(RedirectIn(folder).c_str()); }

}  // namespace eic::console
