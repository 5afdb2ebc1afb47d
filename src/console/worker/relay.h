// The terminal's bytes between link and instance, in both directions at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "console/link/packet.h"
#include "console/worker/ssh_session.h"

namespace eic::console {

// Neither direction waits for the other. It never blocks, takes only as much input from the link as
// it has allowed, and only as much output from the instance as the front has allowed.
class Relay {
 public:
  // Borrows both.
  Relay(int link, SshSession& ssh);

  // Returns how the shell ended, after its last byte was sent; kFailed if the front has gone or
  // breaks the protocol.
  Exit Run();

 private:
  bool ReadLink();
  bool Take(const ToWorker& message);
  bool MoveInput();
  bool MoveOutput();
  void FillPacket();
  void KeepRest();
  bool MoveStream(bool is_stderr);
  int Read(bool is_stderr, char* buffer, std::uint32_t room);
  bool FlushLink();
  bool HasUnread() const;
  bool IsSilent() const;
  bool MayRead() const;
  bool HasOutputEnded() const;
  bool IsWritePending() const;
  void Wait() const;

  int link_;
  SshSession& ssh_;
  int socket_;
  struct FreeEvents {
    void operator()(ssh_event events) const { ssh_event_free(events); }
  };
  std::unique_ptr<ssh_event_struct, FreeEvents> events_;  // of the session, which outlives it
  std::string input_;              // from the link, not taken by the instance yet
  std::string packet_;             // for the link, which was full
  std::string rest_;               // of a connection that has ended: what libssh had read of it
  std::uint32_t input_taken_ = 0;  // not yet allowed again
  std::size_t output_allowed_ = 0;
  std::chrono::steady_clock::time_point output_moved_ = std::chrono::steady_clock::now();
  bool has_moved_ = false;
  bool needs_room_ = false;  // input waits for the socket
  bool is_asked_to_end_ = false;
  bool is_cut_ = false;
  bool has_read_error_ = false;  // libssh gives nothing any more
};

}  // namespace eic::console
