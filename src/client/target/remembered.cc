// remembered.json: {"version": 1, "instances": {ID: {"user": ..., "when": UNIX SECONDS, ...}}}.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "aws/system/files.h"
#include "client/limits.h"
#include "client/target/resolve.h"
#include "core/instance_id.h"

namespace eic::client {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr int kRetryMs = 10;
constexpr mode_t kPrivateMode = 0600;

std::string Text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t When(const Json& entry) {
  const auto found = entry.find("when");
  return found != entry.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// The object of instances; an empty one where the file is not what Remember writes.
Json ReadInstances(const std::string& file) {
  const auto text = LoadFile(file, kRememberedBytesMax);
  if (!text) return Json::object();
  const Json whole = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!whole.is_object() || whole.value("version", Json()) != kVersion) return Json::object();
  const auto instances = whole.find("instances");
  if (instances == whole.end() || !instances->is_object()) return Json::object();
  Json kept = Json::object();
  for (const auto& [id, entry] : instances->items()) {
    if (IsInstanceId(id) && entry.is_object()) kept[id] = entry;
  }
  return kept;
}

Remembered FromJson(const Json& entry) {
  Remembered known;
  known.os_user = Text(entry, "user");
  if (!IsPlainUser(known.os_user)) known.os_user.clear();
  known.is_user_from_tag = entry.value("user_is_from_tag", Json()) == true;
  known.image_looks_like = Text(entry, "image_looks_like");
  known.name = Text(entry, "name");
  known.address = Text(entry, "address");
  known.region = Text(entry, "region");
  known.availability_zone = Text(entry, "availability_zone");
  known.last_user = Text(entry, "last_user");
  return known;
}

void Merge(const Remembered& what, Json* entry) {
  const std::pair<const char*, const std::string&> fields[] = {
      {"user", what.os_user},       {"image_looks_like", what.image_looks_like},
      {"name", what.name},          {"address", what.address},
      {"region", what.region},      {"availability_zone", what.availability_zone},
      {"last_user", what.last_user}};
  for (const auto& [key, value] : fields) {
    if (!value.empty()) (*entry)[key] = value;
  }
  if (!what.os_user.empty()) (*entry)["user_is_from_tag"] = what.is_user_from_tag;
  (*entry)["when"] = static_cast<std::int64_t>(std::time(nullptr));
}

void DropOldest(Json* instances) {
  while (instances->size() > kRememberedMax) {
    auto oldest = instances->begin();
    for (auto one = instances->begin(); one != instances->end(); ++one) {
      if (When(*one) < When(*oldest)) oldest = one;
    }
    instances->erase(oldest);
  }
}

// What ssh_config(5) takes. ec2-user is what the block that includes this says anyway.
std::string UsersConfig(const Json& instances) {
  std::string text = "# Written by eic: whom a login to an instance means. Changes are lost.\n";
  for (const auto& [id, entry] : instances.items()) {
    const std::string user = Text(entry, "user");
    if (!IsPlainUser(user) || user == kDefaultUser) continue;
    text.append("Match host ").append(id).append(",").append(id).append(".*\n");
    text.append("  User ").append(user).append("\n");
  }
  return text;
}

std::string FolderOf(const std::string& file) { return file.substr(0, file.rfind('/') + 1); }

// Held for as long as one process changes the file. The lock is a file of its own, since a rename
// takes the other one's inode away.
class Lock {
 public:
  explicit Lock(const std::string& file)
      : fd_(open((file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                 kPrivateMode)) {
    for (int waited = 0; fd_ >= 0 && flock(fd_, LOCK_EX | LOCK_NB) != 0; waited += kRetryMs) {
      if (waited >= kRememberedWaitMs) {
        close(fd_);
        fd_ = -1;
        return;
      }
      usleep(kRetryMs * 1000);
    }
  }
  ~Lock() {
    if (fd_ >= 0) close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  bool is_held() const { return fd_ >= 0; }

 private:
  int fd_;
};

void Write(const std::string& file, const Json& instances, const std::string& users_before) {
  // A name that is no UTF-8 is remembered with a mark in its place.
  const std::string text = Json{{"version", kVersion}, {"instances", instances}}.dump(
      1, ' ', false, Json::error_handler_t::replace);
  if (!StoreFile(file, text, kPrivateMode, Durability::kMayBeLost)) return;
  const std::string users = UsersConfig(instances);
  if (users == users_before) return;
  (void)StoreFile(FolderOf(file) + "users.conf", users, kPrivateMode, Durability::kMayBeLost);
}

}  // namespace

std::optional<Remembered> Recall(const std::string& remembered_file,
                                 const std::string& instance_id) {
  const Json instances = ReadInstances(remembered_file);
  const auto found = instances.find(instance_id);
  if (found == instances.end()) return std::nullopt;
  return FromJson(*found);
}

std::optional<LatestLogin> RecallLatest(const std::string& remembered_file) {
  const Json instances = ReadInstances(remembered_file);
  auto latest = instances.begin();
  if (latest == instances.end()) return std::nullopt;
  for (auto one = instances.begin(); one != instances.end(); ++one) {
    if (When(*one) > When(*latest)) latest = one;
  }
  return LatestLogin{latest.key(), FromJson(*latest), When(*latest)};
}

void Remember(const std::string& remembered_file, const std::string& instance_id,
              const Remembered& what) {
  if (!IsInstanceId(instance_id)) return;
  const Lock lock(remembered_file);
  if (!lock.is_held()) return;
  Json instances = ReadInstances(remembered_file);
  const std::string users_before = UsersConfig(instances);
  if (!instances.contains(instance_id)) instances[instance_id] = Json::object();
  Merge(what, &instances[instance_id]);
  DropOldest(&instances);
  Write(remembered_file, instances, users_before);
}

bool Forget(const std::string& remembered_file, const std::string& instance_id) {
  const Lock lock(remembered_file);
  if (!lock.is_held()) return false;
  Json instances = ReadInstances(remembered_file);
  const std::string users_before = UsersConfig(instances);
  if (instances.erase(instance_id) == 0) return false;
  Write(remembered_file, instances, users_before);
  return true;
}

}  // namespace eic::client
