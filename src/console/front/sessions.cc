#include "console/front/sessions.h"

#include <algorithm>

#include "console/front/secrets.h"
#include "console/limits.h"

namespace eic::console {

std::size_t SessionsFor(std::uint64_t descriptors) {
  if (descriptors <= kDescriptorsOfOthers) return 0;
  const std::uint64_t count = (descriptors - kDescriptorsOfOthers) / kDescriptorsOfSession;
  return static_cast<std::size_t>(std::min<std::uint64_t>(count, kSessionsMax));
}

std::shared_ptr<Session> Sessions::Begin(LoginRequest request) {
  if (sessions_.size() >= count_max_) return nullptr;
  auto session = std::make_shared<Session>(RandomName(), std::move(request), doors_);
  sessions_[session->id()] = session;
  session->Start();
  return session;
}

std::shared_ptr<Session> Sessions::Find(const std::string& id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Session>> Sessions::All() const {
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) all.push_back(session);
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return one->started_at() < other->started_at();
  });
  return all;
}

void Sessions::Forget(const std::string& id) { sessions_.erase(id); }

void Sessions::AbandonAll(const Trouble& why) {
  for (const std::shared_ptr<Session>& session : All()) session->Abandon(why);
}

}  // namespace eic::console
