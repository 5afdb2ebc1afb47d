#include "console/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "aws/configuration.h"
#include "aws/profiles.h"
#include "aws/world.h"
#include "client/commands/place.h"
#include "client/folder.h"
#include "client/real_outside.h"
#include "client/system/linux_process.h"
#include "client/terminal_text.h"
#include "console/forker/forker.h"
#include "console/front/app.h"
#include "console/front/audit.h"
#include "console/front/peer_user.h"
#include "console/limits.h"
#include "console/open_browser.h"
#include "console/options.h"

namespace eic::console {
namespace {

constexpr int kStatusFailed = 1;

// Resets process state that whoever started us may have changed.
void TakePlace() {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (null >= 0 && null <= STDERR_FILENO) null = open("/dev/null", O_RDWR);
  if (null >= 0) close(null);
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)std::signal(SIGCHLD, SIG_DFL);
}

// Raises the limit as far as the system allows; returns for how many sessions that is enough.
std::size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  rlimit raised = limit;
  raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, kDescriptorsMax);
  if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return SessionsFor(limit.rlim_cur);
}

constexpr rlim_t kDescriptorsWanted = kDescriptorsOfOthers + kSessionsMax * kDescriptorsOfSession;

aws::Settings SettingsFor(const Options& options, const client::Folder& folder) {
  aws::Settings settings;
  settings.profile = options.profile;
  settings.region = options.region;
  settings.endpoint_url = options.endpoint_url;
  settings.ca_bundle = options.ca_bundle;
  settings.mfa_lock_path = folder.MfaLock();
  settings.is_verbose = options.is_verbose;
  return settings;
}

aws::Settings At(aws::Settings settings, const Place& place) {
  if (!place.profile.empty()) {
    // The environment's region belongs to the environment's profile.
    if (place.profile != settings.profile) settings.region.clear();
    settings.profile = place.profile;
  }
  if (!place.region.empty()) settings.region = place.region;
  return settings;
}

aws::Outcome<Profiles> ReadProfiles(const aws::Settings& settings) {
  const std::unique_ptr<aws::World> world = aws::OpenWorld(false);
  const auto configuration = aws::ReadConfiguration(settings, *world);
  if (!configuration) return configuration.error();
  Profiles profiles{{}, configuration->profile, configuration->region};
  for (const auto& [name, profile] : configuration->profiles.profiles) {
    profiles.names.push_back(name);
  }
  return profiles;
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The LANG for remote shells: ours if it is UTF-8.
std::string ShellLang() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = Variable(name);
    if (value.empty()) continue;
    const bool is_utf8 =
        value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos;
    return is_utf8 && value.size() <= kValueBytesMax ? value : "C.UTF-8";
  }
  return "C.UTF-8";
}

int Fail(const aws::Failure& failure) {
  const auto line = [](const std::string& text) {
    if (text.empty()) return;
    std::cerr << "eic-console: " << client::TerminalLines(text, kWordsBytesMax) << std::endl;
  };
  line(failure.message);
  line(failure.advice);
  return kStatusFailed;
}

aws::Failure TooFewDescriptors(std::size_t sessions_max) {
  const std::string all = std::to_string(kSessionsMax);
  return {"TooFewDescriptors",
          sessions_max == 0
              ? "the limit of open files is too low for any session"
              : "the limit of open files allows only " + std::to_string(sessions_max) +
                    " sessions at once instead of " + all,
          "To allow " + all + ", raise the hard limit of open files to " +
              std::to_string(kDescriptorsWanted) + " (ulimit -Hn) and start eic-console again."};
}

class Console {
 public:
  Console(const Options& options, client::Folder folder, Forker& forker, Server& server,
          std::size_t sessions_max)
      : options_(options),
        folder_(std::move(folder)),
        settings_(SettingsFor(options, folder_)),
        forker_(forker),
        server_(server),
        admission_(server.port()),
        desk_(questions_,
              [this](const Place& place, aws::Prompter& prompter) {
                return aws::OpenApi(At(settings_, place), prompter);
              }),
        session_doors_{
            server,
            {desk_, questions_, folder_, ShellLang(), [] { return ReadSettings(); },
             [this](Descriptor instance) { return forker_.StartWorker(std::move(instance)); }},
            SyslogAudit(),
            [this](std::function<void()> job) { return logins_.Run(std::move(job)); },
            [this](const std::string& id) { sessions_.Forget(id); },
            options.idle_max},
        sessions_(session_doors_, sessions_max),
        panels_(session_doors_),
        app_({server, admission_, lists_, logins_, desk_, questions_, sessions_, panels_,
              [](const Ends& ends) { return UserOfPeer(ends) == geteuid(); },
              [this] { return ReadProfiles(settings_); }, [] { return ReadSettings(); }}) {}

  int Run() {
    std::cout << admission_.Url() << std::endl;
    if (options_.opens_browser) Open();
    server_.Run(app_, [this] { SayFarewell(); });
    if (options_.opens_browser) RemoveRedirect(folder_.path);
    return 0;
  }

 private:
  // Beside the server: a browser that is just starting asks for the page before xdg-open ends.
  void Open() {
    const bool is_running = logins_.Run([this] {
      const auto opened = OpenBrowser(folder_.path, admission_.Url());
      if (!opened) (void)Fail(opened.error());
    });
    if (!is_running)
      (void)Fail({"NoBrowser", "could not open a browser", "Open the URL above in your browser."});
  }

  // Notifies pages, writes the audit lines, then ends the loop.
  void SayFarewell() {
    const Trouble stopped{"ended", "session", "eic-console was stopped.",
                          "Start eic-console again."};
    panels_.AbandonAll(stopped);
    sessions_.AbandonAll(stopped);
    farewell_ = server_.After(kFarewellTimeMax, [this] { server_.Stop(); });
  }

  static aws::Outcome<client::SettingsFile> ReadSettings() {
    const client::RealOutside outside;
    return client::ReadSettings(outside);
  }

  const Options& options_;
  client::Folder folder_;
  aws::Settings settings_;
  Forker& forker_;
  Server& server_;
  Admission admission_;
  Jobs lists_{kListsMax};
  Jobs logins_{kLoginsMax};
  Questions questions_;
  AwsDesk desk_;
  SessionDoors session_doors_;
  Sessions sessions_;
  FilePanels panels_;
  App app_;
  std::unique_ptr<Timer> farewell_;
};

int Serve(const Options& options, Forker& forker) {
  // This process has the credentials: no core, and no other process of this user may read its
  // memory. Programs that it starts, a browser or a credential_process, keep their own rights.
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || !client::ForbidCore()) {
    return Fail({"NotOpaque",
                 "cannot turn off core dumps and memory access by other processes on this system",
                 "eic-console does not run without that, because it holds AWS credentials."});
  }
  const std::size_t sessions_max = RaiseDescriptorLimit();
  if (sessions_max == 0) return Fail(TooFewDescriptors(sessions_max));
  if (sessions_max < kSessionsMax) (void)Fail(TooFewDescriptors(sessions_max));
  auto folder = client::OpenFolder();
  if (!folder) return Fail(folder.error());
  const auto server = Server::Listen(options.port);
  if (!server) return Fail(server.error());
  Console console(options, *std::move(folder), forker, **server, sessions_max);
  const int status = console.Run();
  std::cout << std::flush;
  // A job may still wait for AWS in a thread that uses objects which would be destroyed.
  _exit(status);
}

}  // namespace

int RunConsole(int argc, const char* const* argv) {
  TakePlace();
  aws::Outcome<Forker> forker = Forker::Start();
  if (!forker) return Fail(forker.error());
  const std::variant<Options, int> parsed = ParseOptions(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  try {
    return Serve(std::get<Options>(parsed), *forker);
  } catch (const std::exception& exception) {
    std::cerr << "eic-console: " << exception.what() << std::endl;
    return kStatusFailed;
  }
}

}  // namespace eic::console
