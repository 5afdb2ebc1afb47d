// The live records of each OS user, in memory, each until its own expiry. Thread-safe and bounded.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "emulator/clock.h"

namespace eic::emulator {

class KeyStore {
 public:
  explicit KeyStore(Clock clock);

  // Keeps `record` (its text, without a blank line at its end) for `user` while `expiry` > now.
  // False when the store is full.
  [[nodiscard]] bool Add(const std::string& user, std::string record, Instant expiry);

  // What metadata gives for `user`: the hand-made blob if there is one, else the live records,
  // oldest first, a blank line between two. Nothing when no key is live.
  std::optional<std::string> Blob(const std::string& user);

  // Lets a blob, good or bad, stand in place of the records of `user`. False when there are too
  // many.
  [[nodiscard]] bool SetHandMade(const std::string& user, std::string blob);
  // False when there was none.
  bool ClearHandMade(const std::string& user);

 private:
  struct LiveRecord {
    std::string text;
    Instant expiry;
  };

  void DropExpired();  // with mutex_ held

  const Clock clock_;
  std::mutex mutex_;
  std::map<std::string, std::vector<LiveRecord>> records_;
  std::map<std::string, std::string> hand_made_;
};

}  // namespace eic::emulator
