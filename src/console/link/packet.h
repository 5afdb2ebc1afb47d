// The messages between front and worker: one packet per datagram of a SOCK_SEQPACKET pair.
//
//   packet      := kind:byte fields
//   string      := length:uint32 bytes              // network order, as in RFC 4251 section 5
//
//   to the worker, in this order:
//   begin       := 'B' string(user) string(host key types, comma separated, preferred first)
//                      string(LANG) columns:uint32 rows:uint32 files:byte
//   log-in      := 'L'                              // the host key is accepted, the key pushed
//   then, as often as needed:
//   input       := 'I' bytes                        // at least one
//   size        := 'S' columns:uint32 rows:uint32
//   more-output := 'O' bytes:uint32                 // this many more bytes of output may come
//   end         := 'E'
//   and if `files` is 1, instead of size:
//   list        := 'l' string(path)                 // empty: where a login starts
//   get         := 'g' string(path)                 // output is the file's
//   put         := 'p' replaces:byte string(path)   // input is the file's
//   put-end     := 'z'                              // the file is complete
//   cancel      := 'c'                              // the get or put
//
//   to the front, in this order:
//   public-key  := 'K' string(OpenSSH's line)
//   host-key    := 'H' string(wire form)
//   shell       := 'R'                              // logged in, and a shell (SFTP) runs
//   then, as often as needed:
//   output      := 'D' bytes                        // at least one
//   more-input  := 'M' bytes:uint32                 // this many more bytes of input may come
//   and about files:
//   folder      := 'f' string(path)                 // whose names follow
//   names       := 'n' name+
//   name        := kind:byte size:uint64 modified:uint32 string(name)
//   opened      := 'o' has-size:byte size:uint64    // the get or put has begun
//   done        := 'd' of:byte how:byte string(words)   // of: 0 list, 1 get or put
//   and at any time, as the last packet:
//   exit        := 'X' how:byte status:uint32 string(words)
// which the forker sends if it could not fork a worker.
//
// Neither side sends more bytes of input or output than the other has allowed, so both can always
// read. A full terminal never delays a packet of another kind.
//
// A worker of files does one list and one get or put at a time, and answers each with one `done`.
// Put-end, cancel and input that arrive after a get or put has ended have no effect.
//
// The front treats a worker's packets as hostile. Nothing in a packet names a program or an
// address; a path is one on the instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eic::console {

struct Begin {
  std::string user;
  std::string host_key_types;
  std::string lang;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  bool wants_files = false;
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
struct List {
  std::string path;
};
struct Get {
  std::string path;
};
struct Put {
  bool replaces = false;
  std::string path;
};
struct PutEnd {};
struct Cancel {};

using ToWorker =
    std::variant<Begin, LogIn, Input, Size, MoreOutput, End, List, Get, Put, PutEnd, Cancel>;

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
    kRefused = 4,    // the instance refused the key
    kNoShell = 5,    // logged in, but no terminal or shell
    kFailed = 6,     // the worker itself
    kNoProcess = 7,  // the system could not start one for a worker
    kPartial = 8,    // the key is accepted, but the instance requires another method too
  };
  How how = How::kFailed;
  std::uint32_t status = 0;
  std::string words;
};

struct Folder {
  std::string path;
};
struct Name {
  enum class Kind : std::uint8_t { kFile = 0, kFolder = 1, kLink = 2, kOther = 3 };
  Kind kind = Kind::kOther;
  std::uint64_t size = 0;      // as the instance reports it
  std::uint32_t modified = 0;  // seconds since 1970
  std::string name;            // IsName holds
};
struct Names {
  std::vector<Name> names;
};
struct Opened {
  std::optional<std::uint64_t> size;  // of a get; the output is exactly as long
};
struct Done {
  enum class Of : std::uint8_t { kList = 0, kTransfer = 1 };
  enum class How : std::uint8_t {
    kDone = 0,
    kCutShort = 1,      // the folder has more names than are listed
    kNotFound = 2,      // no such file or folder
    kNotPermitted = 3,  // the user on the instance may not
    kExists = 4,        // a put that does not replace
    kIsFolder = 5,
    kNotFile = 6,      // a device, a pipe; of a put also a link
    kChanged = 7,      // the file ended before its size
    kTooLarge = 8,     // more than kUnsizedBytesMax of a file without a size
    kCancelled = 9,    // by the front
    kFailed = 10,      // `words` are the instance's
    kNotRenamed = 11,  // a put: the old file is removed; the new one is whole, as `words` names it
  };
  Of of = Of::kList;
  How how = How::kFailed;
  std::string words;
};

using ToFront = std::variant<PublicKey, HostKeyShown, Shell, Output, MoreInput, Exit, Folder, Names,
                             Opened, Done>;

// One name in a folder: of 1 to kNameBytesMax bytes, without `/` and NUL, and not `.` or `..`.
bool IsName(std::string_view name);
// A path from the root: of kPathBytesMax bytes at most, without NUL.
bool IsPath(std::string_view path);
// The bytes that `name` takes in a packet of names.
std::size_t PrintedBytes(const Name& name);

// Nothing if the packet does not match the grammar above to its last byte, is larger than
// kPacketBytesMax and the kind, or has a size or text beyond the table of limits.
std::optional<ToWorker> ParseToWorker(std::string_view packet);
std::optional<ToFront> ParseToFront(std::string_view packet);

std::string Print(const ToWorker& message);
std::string Print(const ToFront& message);

}  // namespace eic::console
