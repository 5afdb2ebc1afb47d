// Carries SFTP between an instance, a worker's Files and the link to the front.
#pragma once

#include <chrono>
#include <memory>

#include "console/link/packet.h"
#include "console/worker/files.h"
#include "console/worker/ssh_session.h"

namespace eic::console {

class FileRelay {
 public:
  // Borrows both. The session has started SFTP.
  FileRelay(int link, SshSession& ssh);

  // Runs until the front ends it or the connection ends; returns the reason.
  Exit Run();

 private:
  bool ReadLink();
  bool FlushLink();
  void SendToInstance();
  bool ReadInstance();
  void Retire();
  Exit Cut() const;
  bool IsSilent() const;
  void Wait(int link);

  int link_;
  SshSession& ssh_;
  int socket_;
  struct FreeEvents {
    void operator()(ssh_event events) const { ssh_event_free(events); }
  };
  std::unique_ptr<ssh_event_struct, FreeEvents> events_;  // of the session, which outlives it
  Files files_;
  std::chrono::steady_clock::time_point heard_ = std::chrono::steady_clock::now();
  bool has_moved_ = false;
  bool needs_room_ = false;
  bool is_asked_to_end_ = false;
};

}  // namespace eic::console
