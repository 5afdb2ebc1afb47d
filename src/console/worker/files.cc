#include "console/worker/files.h"

#include <algorithm>
#include <variant>

#include "client/signing/wire.h"
#include "console/limits.h"

namespace eic::console {
namespace {

// Of a mode, as stat(2) has it.
constexpr std::uint32_t kTypeBits = 0170000;
constexpr std::uint32_t kFolderType = 0040000;
constexpr std::uint32_t kFileType = 0100000;
constexpr std::uint32_t kLinkType = 0120000;
constexpr std::uint32_t kPermissionBits = 0777;

constexpr std::uint32_t kAllowBytes = kFileWindowBytes / 8;

Done::How HowOf(const SftpStatus& status) {
  if (status.code == kSftpNoSuchFile) return Done::How::kNotFound;
  if (status.code == kSftpPermissionDenied) return Done::How::kNotPermitted;
  return Done::How::kFailed;
}

Done DoneOf(Done::Of of, Done::How how, std::string_view words) {
  return {of, how, std::string(words.substr(0, kValueBytesMax))};
}

Name::Kind KindOf(const SftpAttributes& attributes) {
  switch (attributes.mode.value_or(0) & kTypeBits) {
    case kFolderType:
      return Name::Kind::kFolder;
    case kFileType:
      return Name::Kind::kFile;
    case kLinkType:
      return Name::Kind::kLink;
    default:
      return Name::Kind::kOther;
  }
}

bool IsFolder(const SftpAttributes& attributes) {
  return KindOf(attributes) == Name::Kind::kFolder;
}
bool IsFile(const SftpAttributes& attributes) { return KindOf(attributes) == Name::Kind::kFile; }

template <typename T>
const T* As(const SftpAnswer& answer) {
  return std::get_if<T>(&answer.body);
}

bool IsOk(const SftpAnswer& answer) {
  const auto* status = As<SftpStatus>(answer);
  return status != nullptr && status->code == kSftpOk;
}

// Of an answer that is no status, what it should have been.
SftpStatus StatusOf(const SftpAnswer& answer) {
  const auto* status = As<SftpStatus>(answer);
  return status != nullptr ? *status : SftpStatus{UINT32_MAX, "an answer of another kind"};
}

}  // namespace

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
  if (is_put_end) {
    transfer_->is_whole = true;
    Settle();
  } else {
    EndTransfer(Done::How::kCancelled);
    Settle();
  }
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

// The id of the request whose answer `then` is given; false of it: the instance breaks SFTP.
std::uint32_t Files::Ask(Then then) {
  const std::uint32_t id = next_id_++;
  asked_[id] = std::move(then);
  return id;
}

// A list: the path as the instance has it, then its names, a packet of them at a time.

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

// False once there are as many as are listed. What can be no name in a folder is left out.
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

// A get: what it is, then its bytes in blocks, several under way, delivered in their order.

bool Files::StartGet(const std::string& path) {
  if (!is_ready_ || transfer_) return false;
  transfer_ = Transfer{};
  transfer_->path = path;
  output_allowed_ = 0;
  // Before it is opened: the open of a pipe would wait for its other end.
  to_instance_ += SftpAskPath(Ask([this](const SftpAnswer& answer) { return OpenToRead(answer); }),
                              SftpPathRequest::kStat, path);
  return true;
}

bool Files::OpenToRead(const SftpAnswer& answer) {
  const auto* attributes = As<SftpAttributes>(answer);
  if (attributes == nullptr) {
    EndTransferBy(StatusOf(answer));
  } else if (!IsFile(*attributes)) {
    EndTransfer(IsFolder(*attributes) ? Done::How::kIsFolder : Done::How::kNotFile);
  }
  if (transfer_->end) {
    transfer_->is_opening = false;
    Settle();
    return true;
  }
  const std::uint64_t size = attributes->size.value_or(0);
  if (size != 0) transfer_->size = size;
  const auto take = [this](const SftpAnswer& opened) {
    transfer_->is_opening = false;
    const auto* handle = As<SftpHandle>(opened);
    if (handle == nullptr) {
      EndTransferBy(StatusOf(opened));
    } else {
      transfer_->handle = handle->handle;
      if (!transfer_->end) Tell(Opened{transfer_->size});
      PumpGet();
    }
    Settle();
    return true;
  };
  to_instance_ += SftpOpenToRead(Ask(take), transfer_->path);
  return true;
}

// Asks for as much as the front has allowed, and no byte beyond the file's size.
void Files::PumpGet() {
  if (!transfer_ || transfer_->is_put || transfer_->is_opening || transfer_->end) return;
  const std::uint64_t size = transfer_->size.value_or(kUnsizedBytesMax + 1);
  while (transfer_->blocks.size() < kFileBlocksMax && transfer_->asked < size) {
    const std::uint64_t left = size - transfer_->asked;
    const auto bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kFileBlockBytes));
    if (bytes > output_allowed_) return;
    output_allowed_ -= bytes;
    const std::uint64_t offset = transfer_->asked;
    transfer_->asked += bytes;
    transfer_->blocks.push_back({offset, bytes, {}, false, false});
    to_instance_ += SftpRead(
        Ask([this, offset](const SftpAnswer& answer) { return TakeBlock(offset, answer); }),
        transfer_->handle, offset, bytes);
  }
}

bool Files::TakeBlock(std::uint64_t offset, const SftpAnswer& answer) {
  auto& blocks = transfer_->blocks;
  const auto block = std::find_if(blocks.begin(), blocks.end(), [offset](const Block& one) {
    return !one.is_there && one.offset + one.data.size() == offset;
  });
  if (block == blocks.end()) return false;
  const auto* data = As<SftpData>(answer);
  if (data == nullptr) {
    block->is_there = block->is_end = true;
    const SftpStatus status = StatusOf(answer);
    if (status.code != kSftpEof) EndTransferBy(status);
  } else {
    const std::size_t left = block->bytes - block->data.size();
    if (data->bytes.empty() || data->bytes.size() > left) return false;
    block->data.append(data->bytes);
    block->is_there = block->data.size() == block->bytes;
    if (!block->is_there && !transfer_->end) {
      // Less than was asked for is no end; the rest is asked for again.
      const std::uint64_t next = offset + data->bytes.size();
      to_instance_ +=
          SftpRead(Ask([this, next](const SftpAnswer& more) { return TakeBlock(next, more); }),
                   transfer_->handle, next, static_cast<std::uint32_t>(left - data->bytes.size()));
    }
    // Of one that ends, nobody wants the rest.
    if (transfer_->end) block->is_there = true;
  }
  DeliverBlocks();
  Settle();
  return true;
}

void Files::DeliverBlocks() {
  auto& blocks = transfer_->blocks;
  while (!blocks.empty() && blocks.front().is_there) {
    Block block = std::move(blocks.front());
    blocks.pop_front();
    if (transfer_->end) continue;
    if (!block.data.empty()) Tell(Output{block.data});
    const std::uint64_t end = block.offset + block.data.size();
    if (transfer_->size ? end == *transfer_->size : block.is_end) {
      EndTransfer(Done::How::kDone);
    } else if (block.is_end) {
      EndTransfer(Done::How::kChanged);
    } else if (!transfer_->size && end > kUnsizedBytesMax) {
      EndTransfer(Done::How::kTooLarge);
    }
  }
  PumpGet();
}

// A put: what is there, a new file beside it, its bytes, and the name last.

bool Files::StartPut(const Put& put) {
  const std::size_t slash = put.path.rfind('/');
  const bool has_name = IsName(std::string_view(put.path).substr(slash + 1));
  if (!is_ready_ || transfer_ || !has_name) return false;
  transfer_ = Transfer{};
  transfer_->is_put = true;
  transfer_->path = put.path;
  transfer_->replaces = put.replaces;
  transfer_->temporary = put.path.substr(0, slash + 1) + ".eic-upload-" + random_() + ".part";
  to_instance_ += SftpAskPath(Ask([this](const SftpAnswer& answer) { return CreateFile(answer); }),
                              SftpPathRequest::kStatLink, put.path);
  return true;
}

bool Files::CreateFile(const SftpAnswer& answer) {
  transfer_->is_opening = false;
  if (const auto* there = As<SftpAttributes>(answer)) {
    if (IsFolder(*there)) {
      EndTransfer(Done::How::kIsFolder);
    } else if (!transfer_->replaces) {
      EndTransfer(Done::How::kExists);
    } else if (!IsFile(*there)) {
      EndTransfer(Done::How::kNotFile);
    }
    transfer_->mode = there->mode.value_or(0) & kPermissionBits;
  } else if (StatusOf(answer).code != kSftpNoSuchFile) {
    EndTransferBy(StatusOf(answer));
  } else {
    transfer_->replaces = false;
  }
  if (transfer_->end) {
    Settle();
    return true;
  }
  transfer_->is_opening = true;
  const auto take = [this](const SftpAnswer& created) {
    transfer_->is_opening = false;
    const auto* handle = As<SftpHandle>(created);
    if (handle == nullptr) {
      EndTransferBy(StatusOf(created));
    } else {
      transfer_->handle = handle->handle;
    }
    if (!transfer_->end) {
      Tell(Opened{});
      transfer_->input_room = kFileWindowBytes;
      Tell(MoreInput{kFileWindowBytes});
    }
    Settle();
    return true;
  };
  to_instance_ += SftpCreate(Ask(take), transfer_->temporary, transfer_->mode);
  return true;
}

bool Files::TakeInput(std::string_view bytes) {
  if (!transfer_ || transfer_->end) return true;  // it was on its way
  if (!transfer_->is_put || transfer_->is_whole || bytes.size() > transfer_->input_room)
    return false;
  transfer_->input_room -= bytes.size();
  ++transfer_->writes;
  const auto count = static_cast<std::uint32_t>(bytes.size());
  to_instance_ +=
      SftpWrite(Ask([this, count](const SftpAnswer& answer) { return TakeWritten(count, answer); }),
                transfer_->handle, transfer_->written, bytes);
  transfer_->written += bytes.size();
  return true;
}

bool Files::TakeWritten(std::uint32_t bytes, const SftpAnswer& answer) {
  --transfer_->writes;
  if (!IsOk(answer)) {
    if (!transfer_->end) EndTransferBy(StatusOf(answer));
  } else {
    transfer_->taken += bytes;
    const bool is_due = transfer_->taken >= kAllowBytes || transfer_->writes == 0;
    if (is_due && !transfer_->is_whole && !transfer_->end) {
      transfer_->input_room += transfer_->taken;
      Tell(MoreInput{transfer_->taken});
      transfer_->taken = 0;
    }
  }
  Settle();
  return true;
}

// Goes on to the end of a transfer once nothing of it is under way.
void Files::Settle() {
  if (!transfer_ || transfer_->is_opening) return;
  if (!transfer_->end && !(transfer_->is_put && transfer_->is_whole)) return;
  if (transfer_->writes != 0 || !transfer_->blocks.empty()) return;
  if (transfer_->handle.empty()) return Finish(*transfer_->end);
  if (transfer_->is_put) return ClosePut();
  const auto take = [this](const SftpAnswer&) {
    Finish(*transfer_->end);
    return true;
  };
  transfer_->is_opening = true;  // or closing: nothing is begun any more
  to_instance_ += SftpClose(Ask(take), transfer_->handle);
}

void Files::ClosePut() {
  transfer_->is_opening = true;
  const auto take = [this](const SftpAnswer& closed) {
    // The close may be what says that the disk was full.
    if (!transfer_->end && !IsOk(closed)) EndTransferBy(StatusOf(closed));
    if (transfer_->end) {
      RemoveTemporary(*transfer_->end);
    } else {
      MoveIntoPlace();
    }
    return true;
  };
  to_instance_ += SftpClose(Ask(take), transfer_->handle);
}

void Files::MoveIntoPlace() {
  const auto take = [this](const SftpAnswer& renamed) {
    if (IsOk(renamed)) {
      Finish(DoneOf(Done::Of::kTransfer, Done::How::kDone, {}));
      return true;
    }
    const SftpStatus status = StatusOf(renamed);
    RemoveTemporary(DoneOf(Done::Of::kTransfer, HowOf(status), status.words));
    return true;
  };
  const auto rename = [this, take] {
    to_instance_ += SftpRename(Ask(take), transfer_->temporary, transfer_->path,
                               transfer_->replaces && renames_over_);
  };
  if (!transfer_->replaces || renames_over_) return rename();
  // An instance that cannot rename over a file has it removed first.
  const auto removed = [rename](const SftpAnswer&) {
    rename();
    return true;
  };
  to_instance_ += SftpAskPath(Ask(removed), SftpPathRequest::kRemove, transfer_->path);
}

void Files::RemoveTemporary(const Done& end) {
  const auto take = [this, end](const SftpAnswer&) {
    Finish(end);
    return true;
  };
  to_instance_ += SftpAskPath(Ask(take), SftpPathRequest::kRemove, transfer_->temporary);
}

// The first reason counts. Settle goes on from there.
void Files::EndTransfer(Done::How how, std::string_view words) {
  if (!transfer_->end) transfer_->end = DoneOf(Done::Of::kTransfer, how, words);
}

void Files::EndTransferBy(const SftpStatus& status) {
  const Done::How how =
      status.code == kSftpOk || status.code == kSftpEof ? Done::How::kFailed : HowOf(status);
  EndTransfer(how, status.words);
}

void Files::Finish(const Done& end) {
  transfer_.reset();
  Tell(end);
}

}  // namespace eic::console
