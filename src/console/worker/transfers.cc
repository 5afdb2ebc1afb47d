// Gets and puts of Files.
#include <algorithm>
#include <variant>

#include "console/limits.h"
#include "console/worker/file_words.h"
#include "console/worker/files.h"

namespace eic::console {
namespace {

constexpr std::uint32_t kPermissionBits = 0777;  // of a mode
// Room for input is granted again in pieces of this size, or when no input waits.
constexpr std::uint32_t kAllowBytes = kFileWindowBytes / 8;

}  // namespace

// A get: stats the file, then reads it in blocks, several at a time, and delivers them in order.

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
      // A short answer is not the end of the file; asks for the rest again.
      const std::uint64_t next = offset + data->bytes.size();
      to_instance_ +=
          SftpRead(Ask([this, next](const SftpAnswer& more) { return TakeBlock(next, more); }),
                   transfer_->handle, next, static_cast<std::uint32_t>(left - data->bytes.size()));
    }
    // Drops the rest if the transfer is ending.
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

// A put: stats the target, makes a new file beside it, writes its bytes, and renames it last.

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
      if (transfer_->mode) KeepMode();
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

// Where the instance cannot, the new file has the narrower permissions that it was made with.
void Files::KeepMode() {
  ++transfer_->writes;
  const auto take = [this](const SftpAnswer&) {
    --transfer_->writes;
    Settle();
    return true;
  };
  to_instance_ += SftpSetMode(Ask(take), transfer_->handle, *transfer_->mode);
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

// Finishes a transfer once none of its requests is pending.
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
    // The close may report that the disk was full.
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
    const std::string& part = transfer_->temporary;
    if (!transfer_->has_removed) {
      RemoveTemporary(StatusOf(renamed));
    } else {
      // It is all that is left.
      Finish(DoneOf(Done::Of::kTransfer, Done::How::kNotRenamed, part.substr(part.rfind('/') + 1)));
    }
    return true;
  };
  const auto rename = [this, take] {
    to_instance_ += SftpRename(Ask(take), transfer_->temporary, transfer_->path,
                               transfer_->replaces && renames_over_);
  };
  if (!transfer_->replaces || renames_over_) return rename();
  // If the instance cannot rename over a file, deletes that file first.
  const auto removed = [this, rename](const SftpAnswer& answer) {
    transfer_->has_removed = IsOk(answer);
    if (transfer_->has_removed || StatusOf(answer).code == kSftpNoSuchFile) {
      rename();
    } else {
      RemoveTemporary(StatusOf(answer));
    }
    return true;
  };
  to_instance_ += SftpAskPath(Ask(removed), SftpPathRequest::kRemove, transfer_->path);
}

void Files::RemoveTemporary(const SftpStatus& status) {
  EndTransferBy(status);
  RemoveTemporary(*transfer_->end);
}

void Files::RemoveTemporary(const Done& end) {
  const auto take = [this, end](const SftpAnswer&) {
    Finish(end);
    return true;
  };
  to_instance_ += SftpAskPath(Ask(take), SftpPathRequest::kRemove, transfer_->temporary);
}

// The first reason counts. Settle continues from there.
void Files::EndTransfer(Done::How how, std::string_view words) {
  if (!transfer_->end) transfer_->end = DoneOf(Done::Of::kTransfer, how, words);
}

void Files::EndTransferBy(const SftpStatus& status) {
  const Done::How how =
      status.code == kSftpOk || status.code == kSftpEof ? Done::How::kFailed : HowOf(status);
  EndTransfer(how, status.words);
}

void Files::Finish(const Done& end) {
  Tell(end);  // first: mostly it is the transfer's own
  transfer_.reset();
}

}  // namespace eic::console
