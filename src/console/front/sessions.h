// All sessions, by their ids. On the loop's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "console/front/session.h"

namespace eic::console {

class Sessions {
 public:
  // Borrows `doors`, whose `forget` leads to Forget.
  explicit Sessions(const SessionDoors& doors) : doors_(doors) {}

  // Begins a login; null where kSessionsMax are there already.
  std::shared_ptr<Session> Begin(LoginRequest request);

  // Null where there is none.
  std::shared_ptr<Session> Find(const std::string& id) const;
  // In the order in which they began.
  std::vector<std::shared_ptr<Session>> All() const;
  void Forget(const std::string& id);
  // Ends each at once, for the audit; nothing is sent any more.
  void AbandonAll(const Trouble& why);

 private:
  const SessionDoors& doors_;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
};

}  // namespace eic::console
