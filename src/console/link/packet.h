// What front and worker say to each other: one packet in one datagram of a SOCK_SEQPACKET pair.
//
//   packet      := kind:byte fields
//   string      := length:uint32 bytes              // network order, as in RFC 4251 section 5
//
//   to the worker, in this order:
//   begin       := 'B' string(user) string(host key types, comma separated, preferred first)
//                      string(LANG) columns:uint32 rows:uint32
//   log-in      := 'L'                              // the host key is accepted, the key pushed
//   then, as often as needed:
//   input       := 'I' bytes                        // at least one
//   size        := 'S' columns:uint32 rows:uint32
//   more-output := 'O' bytes:uint32                 // so much more output may come
//   end         := 'E'
//
//   to the front, in this order:
//   public-key  := 'K' string(OpenSSH's line)
//   host-key    := 'H' string(wire form)
//   shell       := 'R'                              // logged in, and a shell runs
//   then, as often as needed:
//   output      := 'D' bytes                        // at least one
//   more-input  := 'M' bytes:uint32                 // so much more input may come
//   and at any time, as the last packet:
//   exit        := 'X' how:byte status:uint32 string(words)
// which the forker says in the place of a worker that it could not fork.
//
// Neither side sends more bytes of input or output than the other has allowed, so both always
// read: a full terminal never keeps a packet of another kind waiting.
//
// The front takes what a worker says for hostile. Nothing in a packet names a file, a program or
// an address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace eic::console {

struct Begin {
  std::string user;
  std::string host_key_types;
  std::string lang;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
};
struct LogIn {};
struct Input {
  std::string_view bytes;  // borrowed from the packet
};
struct Size {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
};
struct MoreOutput {
  std::uint32_t bytes = 0;
};
struct End {};

using ToWorker = std::variant<Begin, LogIn, Input, Size, MoreOutput, End>;

struct PublicKey {
  std::string line;
};
struct HostKeyShown {
  std::string blob;
};
struct Shell {};
struct Output {
  std::string_view bytes;  // borrowed from the packet
};
struct MoreInput {
  std::uint32_t bytes = 0;
};
struct Exit {
  enum class How : std::uint8_t {
    kExited = 0,     // the shell, with `status`
    kSignalled = 1,  // the shell; `words` is the signal
    kCut = 2,        // the connection to the instance
    kHandshake = 3,  // no SSH, or none that both speak
    kRefused = 4,    // the instance does not take the key
    kNoShell = 5,    // logged in, and no terminal or shell
    kFailed = 6,     // the worker itself
    kNoProcess = 7,  // the system gives none for a worker
    kPartial = 8,    // the key is accepted, and the instance wants another method too
  };
  How how = How::kFailed;
  std::uint32_t status = 0;
  std::string words;
};

using ToFront = std::variant<PublicKey, HostKeyShown, Shell, Output, MoreInput, Exit>;

// Nothing for what is not the grammar above to its last byte, is larger than kPacketBytesMax and
// the kind, or has a size or text beyond the table of limits.
std::optional<ToWorker> ParseToWorker(std::string_view packet);
std::optional<ToFront> ParseToFront(std::string_view packet);

std::string Print(const ToWorker& message);
std::string Print(const ToFront& message);

}  // namespace eic::console
