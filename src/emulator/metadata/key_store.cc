#include "emulator/metadata/key_store.h"

#include <algorithm>
#include <utility>

#include "emulator/limits.h"

namespace eic::emulator {

KeyStore::KeyStore(Clock clock) : clock_(std::move(clock)) {}

bool KeyStore::Add(const std::string& user, std::string record, Instant expiry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DropExpired();
  const bool known = records_.count(user) != 0;
  if (!known && records_.size() >= kUsersMax) return false;
  std::vector<LiveRecord>& records = records_[user];
  if (records.size() >= kKeysPerUserMax) return false;
  records.push_back(LiveRecord{std::move(record), expiry});
  return true;
}

std::optional<std::string> KeyStore::Blob(const std::string& user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto hand_made = hand_made_.find(user);
  if (hand_made != hand_made_.end()) return hand_made->second;

  DropExpired();
  const auto found = records_.find(user);
  if (found == records_.end()) return std::nullopt;
  std::string blob;
  for (const LiveRecord& record : found->second) {
    if (!blob.empty()) blob.append("\n");
    blob.append(record.text);
  }
  return blob;
}

bool KeyStore::SetHandMade(const std::string& user, std::string blob) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool known = hand_made_.count(user) != 0;
  if (!known && hand_made_.size() >= kHandMadeBlobsMax) return false;
  hand_made_[user] = std::move(blob);
  return true;
}

bool KeyStore::ClearHandMade(const std::string& user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return hand_made_.erase(user) != 0;
}

void KeyStore::DropExpired() {
  const Instant now = clock_();
  for (auto user = records_.begin(); user != records_.end();) {
    std::vector<LiveRecord>& records = user->second;
    records.erase(std::remove_if(records.begin(), records.end(),
                                 [now](const LiveRecord& record) { return record.expiry <= now; }),
                  records.end());
    user = records.empty() ? records_.erase(user) : std::next(user);
  }
}

}  // namespace eic::emulator
