#include "chain/member_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>

#include "chain/limits.h"

namespace eic::chain {
namespace {

constexpr mode_t kWritableByOthers = 022;

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::optional<std::string> WhyNotOwners(const struct stat& status, const Trust& trust) {
  if (status.st_uid != trust.owner) {
    return "is owned by uid " + std::to_string(status.st_uid) + ", not by uid " +
           std::to_string(trust.owner);
  }
  if ((status.st_mode & kWritableByOthers) != 0) return "is writable by its group or by others";
  return std::nullopt;
}

std::string System() { return std::strerror(errno); }

Outcome<std::string> ReadText(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t length = read(descriptor, piece.data(), piece.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return Wrong{"the file cannot be read: " + System()};
    if (length == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(length));
    if (text.size() > kMemberFileBytesMax) return TooLarge();
  }
}

// The same open file is checked and read, whatever happens to its name.
Outcome<Member> ReadMember(int folder, const std::string& name, const Trust& trust) {
  const Descriptor file(
      openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) {
    return Wrong{errno == ELOOP ? "the file is a symbolic link, which is not allowed"
                                : "the file cannot be opened: " + System()};
  }
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return Wrong{"the file cannot be checked: " + System()};
  if (!S_ISREG(status.st_mode)) return Wrong{"the file is not a regular file"};
  if (const auto why = WhyNotOwners(status, trust)) return Wrong{"the file " + *why};
  const Outcome<std::string> text = ReadText(file.get());
  if (!text) return text.error();
  Outcome<Member> member = ParseMemberFile(name, *text);
  if (!member) return member;
  const auto changed = WhoElseCanChange(member->words.front(), trust);
  if (changed) return Wrong{"its program cannot be trusted: " + *changed};
  return member;
}

// The names of members' files, sorted as bytes. Nothing if there are too many.
std::optional<std::vector<std::string>> Names(DIR* folder) {
  std::vector<std::string> names;
  // cppcheck-suppress readdirCalled ; one thread
  while (const dirent* entry = readdir(folder)) {
    const std::string_view name = entry->d_name;
    const bool is_conf = name.size() > 5 && name.substr(name.size() - 5) == ".conf";
    if (is_conf && name.front() != '.') names.emplace_back(name);
    if (names.size() > kFolderEntriesMax) return std::nullopt;
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::optional<std::string> WhoElseCanChange(const std::string& path, const Trust& trust) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
  if (!real) return path + ": " + System();
  const std::string text = real.get();
  for (std::size_t at = trust.top.size();; ++at) {
    at = std::min(text.find('/', at), text.size());
    const std::string part = at == 0 ? "/" : text.substr(0, at);
    struct stat status {};
    if (lstat(part.c_str(), &status) != 0) return part + ": " + System();
    if (const auto why = WhyNotOwners(status, trust)) return part + " " + *why;
    if (at == text.size()) return std::nullopt;
  }
}

Outcome<MemberFolder> ReadMemberFolder(const std::string& path, const Trust& trust) {
  const auto changed = WhoElseCanChange(path, trust);
  if (changed) return Wrong{*changed};
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return Wrong{path + ": " + System()};
  MemberFolder found;
  const std::optional<std::vector<std::string>> names = Names(folder.get());
  if (!names) {
    return Wrong{path + " has more than " + std::to_string(kFolderEntriesMax) + " member files"};
  }
  for (const std::string& name : *names) {
    if (found.members.size() == kMembersMax) {
      found.refused.push_back(
          {name, std::to_string(kMembersMax) + " members come before it, which is the maximum"});
      continue;
    }
    Outcome<Member> member = ReadMember(dirfd(folder.get()), name, trust);
    if (member) {
      found.members.push_back(*std::move(member));
    } else {
      found.refused.push_back({name, member.error().text});
    }
  }
  return found;
}

}  // namespace eic::chain
