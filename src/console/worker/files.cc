#include "console/worker/files.h"

#include <variant>

#include "client/signing/wire.h"
#include "console/limits.h"
#include "console/worker/file_words.h"

namespace eic::console {

Files::Files(std::function<std::string()> random)
    : random_(std::move(random)), to_instance_(SftpInit()) {}

bool Files::Take(const ToWorker& message) {
  if (const auto* list = std::get_if<List>(&message)) return StartList(list->path);
  if (const auto* get = std::get_if<Get>(&message)) return StartGet(get->path);
  if (const auto* put = std::get_if<Put>(&message)) return StartPut(*put);
  if (const auto* input = std::get_if<Input>(&message)) return TakeInput(input->bytes);
  if (const auto* more = std::get_if<MoreOutput>(&message)) {
    output_allowed_ += more->bytes;
    PumpGet();
    return output_allowed_ <= 2 * kFileWindowBytes;
  }
  const bool is_put_end = std::holds_alternative<PutEnd>(message);
  if (!is_put_end && !std::holds_alternative<Cancel>(message)) return false;
  if (!transfer_ || transfer_->end) return true;
  if (is_put_end) transfer_->is_whole = true;
  if (!is_put_end) EndTransfer(Done::How::kCancelled);
  Settle();
  return true;
}

bool Files::TakeBytes(std::string_view bytes) {
  from_instance_.append(bytes);
  std::size_t used = 0;
  while (true) {
    const auto frame =
        client::PeekFrame(std::string_view(from_instance_).substr(used), kSftpPacketBytesMax);
    if (frame.state == client::Frame::State::kTooLong) return false;
    if (frame.state == client::Frame::State::kPartial) break;
    if (!TakePacket(frame.message)) return false;
    used += frame.bytes;
  }
  from_instance_.erase(0, used);
  return true;
}

bool Files::TakePacket(std::string_view packet) {
  if (!is_ready_) {
    const auto version = ParseSftpVersion(packet);
    if (!version) return false;
    is_ready_ = true;
    renames_over_ = version->renames_over;
    Tell(Shell{});
    return true;
  }
  const auto answer = ParseSftpAnswer(packet);
  if (!answer) return false;
  const auto asked = asked_.find(answer->id);
  if (asked == asked_.end()) return false;
  const Then then = std::move(asked->second);
  asked_.erase(asked);
  return then(*answer);
}

// Returns the id of the request whose answer goes to `then`, which returns false if the instance
// breaks SFTP.
std::uint32_t Files::Ask(Then then) {
  const std::uint32_t id = next_id_++;
  asked_[id] = std::move(then);
  return id;
}

// A list: the path as the instance reports it, then its names, one packet of them at a time.

bool Files::StartList(const std::string& path) {
  if (!is_ready_ || list_) return false;
  list_ = Listing{};
  const auto take = [this](const SftpAnswer& answer) {
    const auto* names = As<SftpNames>(answer);
    if (names == nullptr) {
      EndList(HowOf(StatusOf(answer)), StatusOf(answer).words);
      return true;
    }
    if (names->names.size() != 1 || !IsPath(names->names[0].name)) return false;
    OpenFolder(std::string(names->names[0].name));
    return true;
  };
  to_instance_ += SftpAskPath(Ask(take), SftpPathRequest::kRealPath, path.empty() ? "." : path);
  return true;
}

void Files::OpenFolder(const std::string& path) {
  const auto take = [this, path](const SftpAnswer& answer) {
    const auto* handle = As<SftpHandle>(answer);
    if (handle == nullptr) {
      EndList(HowOf(StatusOf(answer)), StatusOf(answer).words);
      return true;
    }
    list_->handle = handle->handle;
    Tell(Folder{path});
    ReadFolder();
    return true;
  };
  to_instance_ += SftpAskPath(Ask(take), SftpPathRequest::kOpenFolder, path);
}

void Files::ReadFolder() {
  const auto take = [this](const SftpAnswer& answer) {
    if (const auto* names = As<SftpNames>(answer)) {
      const bool has_room = TakeNames(*names) && ++list_->answers < kListAnswersMax;
      if (has_room) {
        ReadFolder();
      } else {
        EndList(Done::How::kCutShort);
      }
      return true;
    }
    const SftpStatus status = StatusOf(answer);
    EndList(status.code == kSftpEof ? Done::How::kDone : HowOf(status), status.words);
    return true;
  };
  to_instance_ += SftpReadFolder(Ask(take), list_->handle);
}

// False once the limit of names is reached. Leaves out what is not a name in a folder.
bool Files::TakeNames(const SftpNames& names) {
  Names packet;
  std::size_t bytes = 0;
  const auto flush = [&] {
    if (!packet.names.empty()) Tell(packet);
    packet.names.clear();
    bytes = 0;
  };
  bool has_room = true;
  for (const SftpName& one : names.names) {
    if (!IsName(one.name)) continue;
    has_room = list_->names < kListedNamesMax;
    if (!has_room) break;
    ++list_->names;
    Name name{KindOf(one.attributes), one.attributes.size.value_or(0), one.attributes.modified,
              std::string(one.name)};
    if (bytes + PrintedBytes(name) > kPacketBytesMax) flush();
    bytes += PrintedBytes(name);
    packet.names.push_back(std::move(name));
  }
  flush();
  return has_room;
}

void Files::EndList(Done::How how, std::string_view words) {
  const Done done = DoneOf(Done::Of::kList, how, how == Done::How::kDone ? "" : words);
  if (list_->handle.empty()) {
    list_.reset();
    return Tell(done);
  }
  const auto take = [this, done](const SftpAnswer&) {
    list_.reset();
    Tell(done);
    return true;
  };
  to_instance_ += SftpClose(Ask(take), list_->handle);
}

}  // namespace eic::console
