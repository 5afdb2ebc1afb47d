#include "console/front/host_keys.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "aws/system/descriptor.h"
#include "client/signing/host_key.h"
#include "client/signing/known_hosts.h"
#include "core/base64.h"
#include "core/bytes.h"

namespace eic::console {
namespace {

bool Has(const std::vector<std::string>& blobs, const std::string& blob) {
  return std::find(blobs.begin(), blobs.end(), blob) != blobs.end();
}

aws::Failure NotKept(const std::string& path) {
  return {"KnownHosts", "cannot add the host key to " + path + ": " + std::strerror(errno),
          "Check the file's owner and mode, and the free space on its disk."};
}

// Whether a line of its own needs a line feed before it.
bool EndsWithinLine(int file) {
  struct stat status {};
  if (fstat(file, &status) != 0 || status.st_size == 0) return false;
  char last = '\n';
  return pread(file, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

std::string TypeOfKey(const std::string& blob) {
  const auto type = SshWireCursor(blob).NextString();
  return type ? std::string(*type) : "";
}

std::string FingerprintOfBlob(const std::string& blob) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  (void)SHA256(reinterpret_cast<const unsigned char*>(blob.data()), blob.size(), digest.data());
  std::string text = EncodeBase64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

aws::Outcome<HostKeyVerdict> JudgeHostKey(const std::string& path, const std::string& instance_id,
                                          const std::string& blob) {
  const auto known = client::ReadKnownKeys(path, {instance_id});
  if (!known) return known.error();
  if (Has(known->revoked, blob)) return HostKeyVerdict::kRevoked;
  if (Has(known->blobs, blob)) return HostKeyVerdict::kKnown;
  return known->blobs.empty() ? HostKeyVerdict::kNew : HostKeyVerdict::kChanged;
}

std::string KnownTypes(const std::string& path, const std::string& instance_id) {
  const auto known = client::ReadKnownKeys(path, {instance_id});
  std::string types;
  if (!known) return types;
  for (const std::string& blob : known->blobs) {
    // A type that is not one of ours would only make the list long.
    if (!client::ParseHostKey(blob)) continue;
    types += (types.empty() ? "" : ",") + TypeOfKey(blob);
    if (types.size() > 128) break;
  }
  return types;
}

aws::Outcome<Nothing> KeepHostKey(const std::string& path, const std::string& instance_id,
                                  const std::string& blob) {
  const auto key = client::ParseHostKey(blob);
  if (!key || key->is_certificate) {
    return aws::Failure{"KnownHosts", "the instance did not send a usable host key",
                        "On the instance, check the HostKey lines of sshd_config."};
  }
  const Descriptor file(
      open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return NotKept(path);
  std::string line = EndsWithinLine(file.get()) ? "\n" : "";
  line += instance_id + " " + key->type + " " + EncodeBase64(blob) + "\n";
  // One write: another login may add a line at the same time.
  const ssize_t written = write(file.get(), line.data(), line.size());
  if (written != static_cast<ssize_t>(line.size())) return NotKept(path);
  return Nothing{};
}

}  // namespace eic::console
