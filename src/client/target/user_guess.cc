// Guesses the OS user from the image of an instance.
#include <algorithm>
#include <array>

#include "client/target/resolve.h"
#include "client/target/wildcard.h"

namespace eic::client {
namespace {

constexpr const char* kUserTag = "eic:user";
constexpr std::size_t kUserBytesMax = 32;  // instanceOSUser of SendSSHPublicKey

struct Row {
  const char* name_pattern;
  const char* os_user;
  const char* looks_like;
};

// Public images by the pattern of their names (DescribeImages), the first that fits. A private copy
// keeps the name and changes the owner, so the owner is not asked: what a name can bring about is a
// push for another user of an instance that the person chose.
// RHEL before 6.4 wants root; those images are gone.
constexpr Row kRows[] = {
    {"al2023-ami-*", "ec2-user", "Amazon Linux 2023"},
    {"amzn2-ami-*", "ec2-user", "Amazon Linux 2"},
    {"amzn-ami-*", "ec2-user", "Amazon Linux"},
    {"amzn-ec2-macos-*", "ec2-user", "macOS"},
    {"ubuntu/images*/*", "ubuntu", "Ubuntu"},
    {"ubuntu-pro*", "ubuntu", "Ubuntu Pro"},
    {"debian-*", "admin", "Debian"},
    {"RHEL-*", "ec2-user", "Red Hat Enterprise Linux"},
    {"CentOS Stream 8*", "centos", "CentOS Stream 8"},
    {"CentOS Stream *", "ec2-user", "CentOS Stream"},
    {"CentOS *", "centos", "CentOS"},
    {"CentOS-*", "centos", "CentOS"},
    {"Fedora-Cloud-Base-*", "fedora", "Fedora"},
    {"Rocky-*", "rocky", "Rocky Linux"},
    {"AlmaLinux OS *", "ec2-user", "AlmaLinux"},
    {"FreeBSD *", "ec2-user", "FreeBSD"},
    {"suse-sles-*", "ec2-user", "SUSE Linux Enterprise"},
    {"openSUSE-*", "ec2-user", "openSUSE"},
    {"OL7*", "ec2-user", "Oracle Linux"},
    {"OL8*", "ec2-user", "Oracle Linux"},
    {"OL9*", "ec2-user", "Oracle Linux"},
    {"OL10*", "ec2-user", "Oracle Linux"},
    {"bitnami-*", "bitnami", "Bitnami"},
};

// PlatformDetails, for images that are private or deleted.
constexpr Row kPlatforms[] = {
    {"Ubuntu Pro*", "ubuntu", "Ubuntu Pro"},
    {"Red Hat Enterprise Linux*", "ec2-user", "Red Hat Enterprise Linux"},
    {"SUSE Linux*", "ec2-user", "SUSE Linux Enterprise"},
};

template <std::size_t size>
std::optional<UserGuess> GuessBy(const Row (&rows)[size], const std::string& text) {
  for (const Row& row : rows) {
    if (MatchesWildcard(row.name_pattern, text)) return UserGuess{row.os_user, row.looks_like};
  }
  return std::nullopt;
}

std::optional<UserGuess> GuessByImage(const aws::Instance& instance,
                                      const std::vector<aws::Image>& images) {
  for (const aws::Image& image : images) {
    if (image.image_id != instance.image_id) continue;
    if (auto guess = GuessBy(kRows, image.name)) return guess;
  }
  return GuessBy(kPlatforms, instance.platform_details);
}

}  // namespace

bool IsPlainUser(const std::string& user) {
  return !user.empty() && user.size() <= kUserBytesMax && user[0] != '-' && user[0] != '.' &&
         std::all_of(user.begin(), user.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

std::string TaggedUser(const aws::Instance& instance) {
  const auto tag = instance.tags.find(kUserTag);
  return tag != instance.tags.end() && IsPlainUser(tag->second) ? tag->second : "";
}

UserGuess GuessUser(const aws::Instance& instance, const std::vector<aws::Image>& images) {
  UserGuess guess = GuessByImage(instance, images).value_or(UserGuess{kDefaultUser, ""});
  const std::string tagged = TaggedUser(instance);
  if (!tagged.empty()) guess.os_user = tagged;
  return guess;
}

}  // namespace eic::client
