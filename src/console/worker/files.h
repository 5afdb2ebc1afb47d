// Carries out the front's requests for an instance's files over SFTP: one list and one get or put
// at a time. Has no socket: bytes go in and come out, so tests play both ends.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "console/link/packet.h"
#include "console/worker/sftp_wire.h"

namespace eic::console {

// A put writes a new file beside the target and renames it over the target when it is complete, so
// a transfer that is cut leaves the old file as it was. The new file is then deleted, unless the
// connection is lost, or the old file is gone already and the new one is all that is left.
class Files {
 public:
  // `random` makes names of such files: letters and digits, different with each call.
  explicit Files(std::function<std::string()> random);

  // A message from the front. False if it is not allowed now.
  bool Take(const ToWorker& message);
  // Bytes from the instance, in pieces as they come. False if they are not SFTP, or not an answer
  // to a request.
  bool TakeBytes(std::string_view bytes);

  // Bytes for the instance; the sender removes what it has sent.
  std::string& to_instance() { return to_instance_; }
  // Packets for the front, in order; the sender removes them.
  std::deque<std::string>& to_front() { return to_front_; }

  // Whether the instance has confirmed SFTP.
  bool is_ready() const { return is_ready_; }
  // Whether a get or put is in progress.
  bool HasTransfer() const { return transfer_.has_value(); }
  // Whether the instance owes an answer.
  bool IsWaiting() const { return !is_ready_ || !asked_.empty(); }

 private:
  using Then = std::function<bool(const SftpAnswer&)>;
  struct Listing {
    std::string path;
    std::string handle;
    std::size_t names = 0;
    std::size_t answers = 0;
  };
  struct Block {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;  // that are asked for
    std::string data;
    bool is_there = false;
    bool is_end = false;
  };
  struct Transfer {
    bool is_put = false;
    std::string path;
    std::string handle;
    bool is_opening = true;
    std::optional<Done> end;  // why it ends, once nothing is under way
    // A get.
    std::optional<std::uint64_t> size;
    std::uint64_t asked = 0;  // so far, from the file's first byte
    std::deque<Block> blocks;
    // A put.
    bool replaces = false;
    std::optional<std::uint32_t> mode;  // of the file in whose place it comes
    std::string temporary;
    std::uint64_t written = 0;  // or on its way
    std::uint32_t taken = 0;    // and not allowed again
    std::size_t input_room = 0;
    std::size_t writes = 0;  // under way
    bool is_whole = false;
    bool has_removed = false;  // the old file
  };

  bool TakePacket(std::string_view packet);
  std::uint32_t Ask(Then then);
  void Tell(const ToFront& message) { to_front_.push_back(Print(message)); }

  bool StartList(const std::string& path);
  void OpenFolder(const std::string& path);
  void ReadFolder();
  bool TakeNames(const SftpNames& names);
  void EndList(Done::How how, std::string_view words = {});

  bool StartGet(const std::string& path);
  bool OpenToRead(const SftpAnswer& answer);
  void PumpGet();
  bool TakeBlock(std::uint64_t offset, const SftpAnswer& answer);
  void DeliverBlocks();

  bool StartPut(const Put& put);
  bool CreateFile(const SftpAnswer& answer);
  void KeepMode();
  bool TakeInput(std::string_view bytes);
  bool TakeWritten(std::uint32_t bytes, const SftpAnswer& answer);
  void Settle();
  void ClosePut();
  void MoveIntoPlace();
  void RemoveTemporary(const SftpStatus& status);
  void RemoveTemporary(const Done& end);

  void EndTransfer(Done::How how, std::string_view words = {});
  void EndTransferBy(const SftpStatus& status);
  void Finish(const Done& end);

  std::function<std::string()> random_;
  std::string from_instance_;
  std::string to_instance_;
  std::deque<std::string> to_front_;
  bool is_ready_ = false;
  bool renames_over_ = false;
  std::uint32_t next_id_ = 1;
  std::map<std::uint32_t, Then> asked_;
  std::optional<Listing> list_;
  std::optional<Transfer> transfer_;
  std::size_t output_allowed_ = 0;
};

}  // namespace eic::console
