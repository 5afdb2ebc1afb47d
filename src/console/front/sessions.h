// All sessions, by their ids. On the loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "console/front/session.h"

namespace eic::console {

// How many sessions a front with this limit of descriptors can have at once; at most kSessionsMax.
std::size_t SessionsFor(std::uint64_t descriptors);

class Sessions {
 public:
  // Borrows `doors`, whose `forget` leads to Forget.
  Sessions(const SessionDoors& doors, std::size_t count_max)
      : doors_(doors), count_max_(count_max) {}

  // Begins a login; null if the limit of sessions is reached.
  std::shared_ptr<Session> Begin(LoginRequest request);

  // Null if there is none.
  std::shared_ptr<Session> Find(const std::string& id) const;
  // In the order of their starts.
  std::vector<std::shared_ptr<Session>> All() const;
  void Forget(const std::string& id);
  // Ends each at once, for the audit; sends nothing.
  void AbandonAll(const Trouble& why);

 private:
  const SessionDoors& doors_;
  const std::size_t count_max_;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
};

}  // namespace eic::console
