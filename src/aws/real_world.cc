// The real environment, files, clock, programs and HTTP behind the doors of world.h.
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>
#include <utility>

#include "aws/curl_door.h"
#include "aws/system/descriptor.h"
#include "aws/system/files.h"
#include "aws/world.h"
#include "core/printable.h"

namespace eic::aws {
namespace {

using Fault = FileText::Fault;
using std::chrono::milliseconds;

constexpr std::size_t kToldBytesMax = 400;
constexpr milliseconds kLockPause{50};
constexpr mode_t kSecretMode = 0600;

Failure CannotRead(const std::string& path, const std::string& why) {
  return {"BadConfiguration", "cannot read " + path + ": " + why,
          "Correct the file, or name another."};
}

// The folders above `path`, each of mode 0700 where it is new.
void MakeFoldersAbove(const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos;
       end = path.find('/', end + 1)) {
    mkdir(path.substr(0, end).c_str(), 0700);  // most are there; writing the file says the rest
  }
}

class FileLock : public Lock {
 public:
  explicit FileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // closing it lets go of the lock
};

class RealWorld : public World {
 public:
  explicit RealWorld(bool is_verbose) : is_verbose_(is_verbose) {}

  std::optional<std::string> Env(const std::string& name) override {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  }

  std::string Home() override {
    const auto home = Env("HOME");
    if (home && !home->empty()) return *home;
    std::array<char, 16384> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    const int error = getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
    return error != 0 || found == nullptr || found->pw_dir == nullptr ? "/" : found->pw_dir;
  }

  // What is not a regular file counts as missing, as with botocore: AWS_CONFIG_FILE=/dev/null is
  // none.
  Outcome<std::optional<std::string>> ReadFile(const std::string& path,
                                               std::size_t bytes_max) override {
    FileText file = eic::ReadFile(path, bytes_max);
    switch (file.fault) {
      case Fault::kNone:
        break;
      case Fault::kMissing:
      case Fault::kNotRegular:
        return std::optional<std::string>();
      case Fault::kNotOpened:
      case Fault::kNotRead:
        return CannotRead(path, std::strerror(file.error_number));
      case Fault::kTooLarge:
        return CannotRead(path, "it is larger than " + std::to_string(bytes_max) + " bytes");
    }
    return std::optional<std::string>(std::move(file.text));
  }

  bool WriteSecretFile(const std::string& path, const std::string& text) override {
    MakeFoldersAbove(path);
    return static_cast<bool>(StoreFile(path, text, kSecretMode, Durability::kMayBeLost));
  }

  std::unique_ptr<Lock> TakeLock(const std::string& path, milliseconds time_max) override {
    MakeFoldersAbove(path);
    Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return nullptr;
    const milliseconds end = Elapsed() + time_max;
    while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      const bool is_held = errno == EWOULDBLOCK || errno == EINTR;
      if (!is_held || Elapsed() >= end) return nullptr;
      std::this_thread::sleep_for(kLockPause);
    }
    return std::make_unique<FileLock>(std::move(file));
  }

  Instant Now() override { return Instant(std::time(nullptr)); }

  milliseconds Elapsed() override {
    return std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
  }

  double Random() override {
    std::uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != sizeof bits) {
      bits = static_cast<std::uint32_t>(Elapsed().count() * 2654435761);  // spread, nothing secret
    }
    return bits / 4294967296.0;
  }

  ProgramEnd Run(const ProgramRun& run) override { return RunProgram(run); }

  HttpDoor& http() override { return http_; }

  void Tell(const std::string& line) override {
    if (is_verbose_) std::fprintf(stderr, "eic: %s\n", Printable(line, kToldBytesMax).c_str());
  }

 private:
  bool is_verbose_;
  CurlDoor http_;
};

}  // namespace

std::unique_ptr<World> OpenWorld(bool is_verbose) {
  return std::make_unique<RealWorld>(is_verbose);
}

}  // namespace eic::aws
