#include "admin/doctor/tried/pam_account.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "admin/process/child.h"
#include "core/printable.h"

// The part of Linux-PAM's interface that is used, pam(3). It is declared here, since libpam is the
// host's and is loaded: so neither headers nor library are needed to build, and a host without PAM
// runs this program, too.
extern "C" {
struct pam_handle;
struct pam_message {
  int msg_style;
  const char* msg;
};
struct pam_response {
  char* resp;
  int resp_retcode;
};
struct pam_conv {
  int (*conv)(int count, const pam_message** messages, pam_response** responses, void* data);
  void* appdata_ptr;
};
}

namespace eic::admin {
namespace {

constexpr const char* kLibrary = "libpam.so.0";

// <security/_pam_types.h>
constexpr int kPamSuccess = 0;
constexpr int kPamTty = 3;
constexpr int kPamRhost = 4;
constexpr int kPamErrorMessage = 3;
constexpr int kPamTextInfo = 4;
constexpr int kPamMessagesMax = 32;
constexpr int kPamConvError = 19;

// The first byte that the child writes; the rest is text.
constexpr char kLetsIn = '+';
constexpr char kRefuses = '-';
constexpr char kNotAsked = '?';

// As sshd's own conversation before a session: text is kept, a question fails.
int TakeText(int count, const pam_message** messages, pam_response** responses, void* data) {
  if (count <= 0 || count > kPamMessagesMax) return kPamConvError;
  for (int i = 0; i < count; ++i) {
    const int style = messages[i]->msg_style;
    if (style != kPamErrorMessage && style != kPamTextInfo) return kPamConvError;
    auto* const text = static_cast<std::string*>(data);
    *text += ": ";
    *text += messages[i]->msg == nullptr ? "" : messages[i]->msg;
  }
  // The module frees them.
  *responses = static_cast<pam_response*>(
      std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  return *responses == nullptr ? kPamConvError : kPamSuccess;
}

struct Pam {
  int (*start)(const char* service, const char* user, const pam_conv* conv, pam_handle** handle);
  int (*set_item)(pam_handle* handle, int item, const void* value);
  int (*acct_mgmt)(pam_handle* handle, int flags);
  const char* (*strerror)(pam_handle* handle, int result);
  int (*end)(pam_handle* handle, int result);
};

template <typename Function>
bool Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

// Empty, or why there is none.
std::string Load(Pam* pam) {
  // Some modules count on it that libpam's names are there.
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) return dlerror();
  const bool has_all =
      Find(library, "pam_start", &pam->start) && Find(library, "pam_set_item", &pam->set_item) &&
      Find(library, "pam_acct_mgmt", &pam->acct_mgmt) &&
      Find(library, "pam_strerror", &pam->strerror) && Find(library, "pam_end", &pam->end);
  return has_all ? "" : std::string(kLibrary) + " lacks a function of PAM";
}

std::string Ask(const std::string& service, const std::string& user, const std::string& from) {
  Pam pam{};
  const std::string why_not = Load(&pam);
  if (!why_not.empty()) return kNotAsked + why_not;
  std::string shown;
  const pam_conv conversation{&TakeText, &shown};
  pam_handle* handle = nullptr;
  int result = pam.start(service.c_str(), user.c_str(), &conversation, &handle);
  if (result != kPamSuccess || handle == nullptr) {
    return std::string(1, kNotAsked) + "pam_start failed with error " + std::to_string(result);
  }
  result = pam.set_item(handle, kPamRhost, from.c_str());
  if (result == kPamSuccess) result = pam.set_item(handle, kPamTty, "ssh");
  char first = kNotAsked;
  if (result == kPamSuccess) {
    result = pam.acct_mgmt(handle, 0);
    first = result == kPamSuccess ? kLetsIn : kRefuses;
  }
  std::string answer(1, first);
  answer.append(pam.strerror(handle, result)).append(shown);
  pam.end(handle, result);
  return answer;
}

// Modules get nothing of the caller's: no terminal, no descriptor, and the environment that sshd
// has.
void Work(const std::function<std::string()>& ask, int output) {
  setsid();
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, stream);
  clearenv();
  setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
  std::string answer;
  try {
    answer = ask();
  } catch (...) {
    _exit(EX_OSERR);  // Never back into doctor's copy.
  }
  if (write(output, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size())) _exit(0);
}

std::string HowItEnded(const ChildResult& child) {
  switch (child.end) {
    case ChildResult::End::kTimedOut:
      return "did not finish in time, and was ended";
    case ChildResult::End::kSignalled:
      return "was ended by signal " + std::to_string(child.status);
    case ChildResult::End::kNotStarted:
      return std::string("could not be started: ") + std::strerror(child.status);
    case ChildResult::End::kTooMuch:
    case ChildResult::End::kExited:
      return "ended unexpectedly";
  }
  return "";
}

}  // namespace

PamAccount AskPam(const std::string& service, const std::string& user, const std::string& from,
                  std::chrono::milliseconds time_limit) {
  PamAccount account;
  account.service = service;
  account.from = from;
  const ChildResult child = RunChild(
      [&](int output, int /*errors*/) { Work([&] { return Ask(service, user, from); }, output); },
      time_limit, Excess::kEndsIt);
  const std::string& output = child.output;
  if (child.end != ChildResult::End::kExited || child.status != 0 || output.empty()) {
    account.why_not = "the process that asked PAM " + HowItEnded(child);
    return account;
  }
  const std::string text = output.substr(1);
  if (output[0] == kNotAsked) {
    account.why_not = text;
  } else {
    account.lets_in = output[0] == kLetsIn;
    account.text = text;
  }
  return account;
}

}  // namespace eic::admin
