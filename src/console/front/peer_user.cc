#include "console/front/peer_user.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "aws/system/descriptor.h"
#include "core/bytes.h"

namespace eic::console {
namespace {

// A machine with a hundred thousand connections.
constexpr std::size_t kTableBytesMax = std::size_t{32} * 1024 * 1024;

// `0100007F:1F90`: words of 32 bits as this machine has them in memory; empty for no address.
std::string Shown(const std::string& address, std::uint16_t port) {
  std::array<std::uint32_t, 4> words{};
  std::size_t count = 1;
  if (inet_pton(AF_INET, address.c_str(), words.data()) != 1) {
    count = 4;
    if (inet_pton(AF_INET6, address.c_str(), words.data()) != 1) return {};
  }
  std::string text;
  std::array<char, 16> part{};
  for (std::size_t i = 0; i < count; ++i) {
    (void)std::snprintf(part.data(), part.size(), "%08X", words[i]);
    text += part.data();
  }
  (void)std::snprintf(part.data(), part.size(), ":%04X", static_cast<unsigned>(port));
  return text + part.data();
}

std::string_view NextWord(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

std::string ReadTable(const char* path) {
  const Descriptor file(open(path, O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 65536> part{};
  while (file && text.size() < kTableBytesMax) {
    const ssize_t count = read(file.get(), part.data(), part.size());
    if (count <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

std::optional<uid_t> UserInTable(std::string_view table, const Ends& ends) {
  const std::string local = Shown(ends.peer_address, ends.peer_port);
  const std::string remote = Shown(ends.own_address, ends.own_port);
  if (local.empty() || remote.empty()) return std::nullopt;
  LineCursor lines(table);
  while (!lines.AtEnd()) {
    std::string_view line = lines.Next();
    (void)NextWord(line);  // its number
    if (NextWord(line) != local || NextWord(line) != remote) continue;
    // State, queues, timer, retransmissions.
    for (int skipped = 0; skipped < 4; ++skipped) (void)NextWord(line);
    const std::string_view word = NextWord(line);
    uid_t user = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), user);
    if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    // A socket that nobody has any more belongs to root there.
    (void)NextWord(line);  // timeout
    if (NextWord(line) == "0") return std::nullopt;
    return user;
  }
  return std::nullopt;
}

std::optional<uid_t> UserOfPeer(const Ends& ends) {
  const bool is_v6 = ends.peer_address.find(':') != std::string::npos;
  return UserInTable(ReadTable(is_v6 ? "/proc/net/tcp6" : "/proc/net/tcp"), ends);
}

}  // namespace eic::console
