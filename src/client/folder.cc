#include "client/folder.h"

#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

namespace eic::client {
namespace {

aws::Failure BadFolder(const std::string& message, const std::string& advice) {
  return aws::Failure{"BadFolder", message, advice};
}

// The home that passwd names: ssh looks there, too.
std::optional<std::string> HomeOfPasswd() {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0) return std::nullopt;
  if (found == nullptr || found->pw_dir == nullptr || found->pw_dir[0] != '/') return std::nullopt;
  return std::string(found->pw_dir);
}

void RemoveFinalSlashes(std::string& path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
}

aws::Outcome<Nothing> MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Nothing{};
  return BadFolder("cannot make the folder " + path + ": " + std::strerror(errno),
                   "Make it, or set EIC_HOME to a folder that you can write to.");
}

aws::Outcome<Nothing> CheckFolder(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    return BadFolder("cannot check the folder " + path + ": " + std::strerror(errno), "");
  }
  if (S_ISLNK(status.st_mode)) {
    return BadFolder(path + " is a link", "Remove it, or set EIC_HOME to the folder itself.");
  }
  if (!S_ISDIR(status.st_mode)) return BadFolder(path + " is not a folder", "Remove it.");
  if (status.st_uid != geteuid()) {
    return BadFolder(path + " belongs to another user", "Set EIC_HOME to a folder of your own.");
  }
  if ((status.st_mode & 0077U) != 0) {
    return BadFolder("others have access to " + path, "Run: chmod 700 " + path);
  }
  return Nothing{};
}

aws::Outcome<std::string> PathOfFolder() {
  const char* chosen = std::getenv("EIC_HOME");
  if (chosen != nullptr && chosen[0] != '\0') {
    if (chosen[0] != '/') {
      return BadFolder("EIC_HOME is not an absolute path: " + std::string(chosen),
                       "Start it with a slash.");
    }
    return std::string(chosen);
  }
  const std::optional<std::string> home = HomeOfPasswd();
  if (!home) {
    return BadFolder("this user has no home directory in the passwd database",
                     "Set EIC_HOME to a folder of your own.");
  }
  if (aws::Outcome<Nothing> made = MakeFolder(*home + "/.ssh"); !made) return made.error();
  return *home + "/.ssh/eic";
}

}  // namespace

aws::Outcome<Folder> OpenFolder() {
  aws::Outcome<std::string> path = PathOfFolder();
  if (!path) return path.error();
  RemoveFinalSlashes(*path);
  const Folder folder{*path};
  // The longest name that a socket has for a moment (ListenAt).
  const std::size_t longest = folder.ControlSocket().size() + std::strlen(".new");
  constexpr std::size_t kNameMax = sizeof(sockaddr_un::sun_path) - 1;
  if (longest > kNameMax) {
    return BadFolder("the path " + folder.path + " is too long for a socket's name, by " +
                         std::to_string(longest - kNameMax) + " bytes",
                     "Set EIC_HOME to a shorter one.");
  }
  if (aws::Outcome<Nothing> made = MakeFolder(folder.path); !made) return made.error();
  if (aws::Outcome<Nothing> checked = CheckFolder(folder.path); !checked) return checked.error();
  return folder;
}

}  // namespace eic::client
