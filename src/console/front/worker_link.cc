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
    : loop_(loop),
      channel_(std::move(channel)),
      watch_(loop.WatchDescriptor(channel_.get())),
      on_message_(std::move(on_message)),
      on_gone_(std::move(on_gone)) {
  watch_->WhenReadable([this] { Read(); });
}

void WorkerLink::Read() {
  if (is_gone_) return;
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
  if (is_resized_again) {
    waiting_bytes_ -= waiting_.back().size();
    waiting_.pop_back();
  }
  waiting_.push_back(Print(message));
  waiting_bytes_ += waiting_.back().size();
  if (waiting_.size() > kPacketsWaitingMax || waiting_bytes_ > kBytesWaitingMax) return Gone();
  if (was_empty) Write();
}

void WorkerLink::Write() {
  while (!waiting_.empty()) {
    const Sent sent = SendPacket(channel_.get(), waiting_.front());
    if (sent == Sent::kAgain) return watch_->WhenWritable([this] { Write(); });
    // Reading reports that the worker has gone, after its last message.
    if (sent == Sent::kGone) return Drop();
    waiting_bytes_ -= waiting_.front().size();
    waiting_.pop_front();
  }
}

void WorkerLink::Drop() {
  waiting_.clear();
  waiting_bytes_ = 0;
}

// Whoever sends is in the midst of something that the end would take away: so it comes later.
void WorkerLink::Gone() {
  if (is_gone_) return;
  is_gone_ = true;
  Drop();
  loop_.Post([this, lives = std::weak_ptr<bool>(lives_)] {
    if (!lives.expired()) on_gone_();
  });
}

}  // namespace eic::console
