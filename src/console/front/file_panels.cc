#include "console/front/file_panels.h"

#include <algorithm>

#include "console/limits.h"

namespace eic::console {

std::shared_ptr<WebSocketEvents> FilePanels::Begin(const std::shared_ptr<Session>& session) {
  panels_.erase(std::remove_if(panels_.begin(), panels_.end(),
                               [](const auto& panel) { return panel.expired(); }),
                panels_.end());
  if (panels_.size() >= kFilePanelsMax) return nullptr;
  auto panel = std::make_shared<FilePanel>(session, doors_);
  panels_.push_back(panel);
  return panel;
}

std::optional<Download> FilePanels::Fetch(const std::string& id) {
  for (const std::weak_ptr<FilePanel>& weak : panels_) {
    const std::shared_ptr<FilePanel> panel = weak.lock();
    if (!panel) continue;
    if (auto download = panel->Fetch(id)) return download;
  }
  return std::nullopt;
}

void FilePanels::AbandonAll(const Trouble& why) {
  for (const std::weak_ptr<FilePanel>& weak : panels_) {
    if (const std::shared_ptr<FilePanel> panel = weak.lock()) panel->Abandon(why);
  }
}

}  // namespace eic::console
