// The front's end of a worker's link, on the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "aws/system/descriptor.h"
#include "console/front/server.h"
#include "console/link/packet.h"

namespace eic::console {

class WorkerLink {
 public:
  // `on_message` gets the worker's messages. `on_gone` is called once, when the worker has ended,
  // broken the protocol or takes nothing. Either may destroy this object. The loop calls them,
  // never Send.
  WorkerLink(Loop& loop, Descriptor channel, std::function<void(const ToFront&)> on_message,
             std::function<void()> on_gone);

  // Never blocks. Messages for which the link has no room wait here.
  void Send(const ToWorker& message);

 private:
  void Read();
  void Write();
  void Drop();
  void Gone();

  Loop& loop_;
  Descriptor channel_;
  std::unique_ptr<Watch> watch_;  // ends before its descriptor
  std::function<void(const ToFront&)> on_message_;
  std::function<void()> on_gone_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool is_gone_ = false;
  // Expires with this object, to notice a callback that destroys it.
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
};

}  // namespace eic::console
