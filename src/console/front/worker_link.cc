#include "console/front/worker_link.h"

#include "console/limits.h"
#include "console/link/channel.h"

namespace eic::console {
namespace {

// Messages of one worker before other sessions get their turn.
constexpr int kPacketsAtOnce = 16;

}  // namespace

WorkerLink::WorkerLink(Loop& loop, Descriptor channel,
                       std::function<void(const ToFront&)> on_message,
                       std::function<void()> on_gone)
    : channel_(std::move(channel)),
      watch_(loop.WatchDescriptor(channel_.get())),
      on_message_(std::move(on_message)),
      on_gone_(std::move(on_gone)) {
  watch_->WhenReadable([this] { Read(); });
}

void WorkerLink::Read() {
  const std::weak_ptr<bool> lives = lives_;
  for (int count = 0; count < kPacketsAtOnce; ++count) {
    const Received received = ReceivePacket(channel_.get());
    if (received.state == Received::State::kAgain) break;
    const auto message =
        received.state == Received::State::kPacket ? ParseToFront(received.packet) : std::nullopt;
    if (!message) return Gone();
    on_message_(*message);
    if (lives.expired() || is_gone_) return;
  }
  watch_->WhenReadable([this] { Read(); });
}

void WorkerLink::Send(const ToWorker& message) {
  if (is_gone_) return;
  const bool was_empty = waiting_.empty();
  // If several sizes wait in a row, only the last counts.
  const bool is_resized_again = std::holds_alternative<Size>(message) && waiting_.size() > 1 &&
                                std::holds_alternative<Size>(*ParseToWorker(waiting_.back()));
  if (is_resized_again) waiting_.pop_back();
  waiting_.push_back(Print(message));
  if (waiting_.size() > kPacketsWaitingMax) return Gone();
  if (was_empty) Write();
}

void WorkerLink::Write() {
  while (!waiting_.empty()) {
    const Sent sent = SendPacket(channel_.get(), waiting_.front());
    if (sent == Sent::kAgain) return watch_->WhenWritable([this] { Write(); });
    // Reading reports that the worker has gone, after its last message.
    if (sent == Sent::kGone) return waiting_.clear();
    waiting_.pop_front();
  }
}

void WorkerLink::Gone() {
  if (is_gone_) return;
  is_gone_ = true;
  on_gone_();
}

}  // namespace eic::console
