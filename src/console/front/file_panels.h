// All panels of files, and the downloads that they offer. On the loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console/front/file_panel.h"

namespace eic::console {

class FilePanels {
 public:
  // Borrows `doors`.
  explicit FilePanels(const SessionDoors& doors) : doors_(doors) {}

  // The receiver of the events of a new panel's websocket; null if the limit is reached.
  std::shared_ptr<WebSocketEvents> Begin(const std::shared_ptr<Session>& session);
  // The download that was offered as `id`, once; nothing if there is none.
  std::optional<Download> Fetch(const std::string& id);
  void AbandonAll(const Trouble& why);

 private:
  const SessionDoors& doors_;
  std::vector<std::weak_ptr<FilePanel>> panels_;
};

}  // namespace eic::console
