#include "console/worker/ssh_session.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/opensslv.h>

#include "console/limits.h"
#include "core/base64.h"

namespace eic::console {
namespace {

struct FreeText {
  void operator()(char* text) const { ssh_string_free_char(text); }
};
using TextPtr = std::unique_ptr<char, FreeText>;

constexpr int kRsaBits = 2048;
constexpr const char* kTerminal = "xterm-256color";
// The algorithms for each type of a known key.
struct HostKeyAlgorithm {
  const char* type;
  const char* algorithms;
};
constexpr HostKeyAlgorithm kHostKeyAlgorithms[] = {
    {"ssh-ed25519", "ssh-ed25519"},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
    {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
    {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
    {"ssh-rsa", "rsa-sha2-512,rsa-sha2-256"},
};

// AES-GCM first: every processor of the last ten years computes it in hardware, and at both ends it
// is what most of a fast output's time goes into. The others are for servers that lack it.
constexpr const char* kCiphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr,"
    "aes192-ctr,aes128-ctr";

// The known types first, so that a host with several keys shows a known one.
std::string AlgorithmsFor(const std::string& known_types) {
  std::string first;
  std::string others;
  for (const HostKeyAlgorithm& row : kHostKeyAlgorithms) {
    const bool is_known =
        ("," + known_types + ",").find("," + std::string(row.type) + ",") != std::string::npos;
    std::string& list = is_known ? first : others;
    list += (list.empty() ? "" : ",") + std::string(row.algorithms);
  }
  if (first.empty()) return others;
  return others.empty() ? first : first + "," + others;
}

bool SetOptions(ssh_session session, int socket, const Begin& begin) {
  const long seconds = kHandshakeTimeMax.count();
  const bool reads_config = false;
  const int strict = 0;
  const auto set = [session](ssh_options_e option, const void* value) {
    return ssh_options_set(session, option, value) == SSH_OK;
  };
  return set(SSH_OPTIONS_PROCESS_CONFIG, &reads_config) && set(SSH_OPTIONS_HOST, "instance") &&
         set(SSH_OPTIONS_FD, &socket) && set(SSH_OPTIONS_USER, begin.user.c_str()) &&
         set(SSH_OPTIONS_SSH_DIR, "/nonexistent") && set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null") &&
         set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") &&
         set(SSH_OPTIONS_STRICTHOSTKEYCHECK, &strict) && set(SSH_OPTIONS_TIMEOUT, &seconds) &&
         set(SSH_OPTIONS_COMPRESSION, "no") && set(SSH_OPTIONS_CIPHERS_C_S, kCiphers) &&
         set(SSH_OPTIONS_CIPHERS_S_C, kCiphers) &&
         set(SSH_OPTIONS_HOSTKEYS, AlgorithmsFor(begin.host_key_types).c_str());
}

// OpenSSL 3 makes a table of all ciphers when it is asked for one, of all digests likewise, and so
// on. Made before the fork, they are shared by all workers; else each has its own, of some 250 KB.
// Nothing random is made here.
void MakeTables() {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  EVP_CIPHER_free(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  EVP_MD_free(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  EVP_MAC_free(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  EVP_KDF_free(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  EVP_RAND_free(EVP_RAND_fetch(nullptr, "CTR-DRBG", nullptr));
  EVP_KEYMGMT_free(EVP_KEYMGMT_fetch(nullptr, "ED25519", nullptr));
  EVP_KEYEXCH_free(EVP_KEYEXCH_fetch(nullptr, "X25519", nullptr));
  EVP_SIGNATURE_free(EVP_SIGNATURE_fetch(nullptr, "ED25519", nullptr));
#endif
}

}  // namespace

void PrepareSsh() {
  (void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  MakeTables();
  (void)ssh_init();
}

SshKeyPtr MakeKey() {
  ssh_key key = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) == SSH_OK) return SshKeyPtr(key);
  if (ssh_pki_generate(SSH_KEYTYPE_RSA, kRsaBits, &key) == SSH_OK) return SshKeyPtr(key);
  return nullptr;
}

std::string PublicLine(const SshKeyPtr& key) {
  char* encoded = nullptr;
  if (ssh_pki_export_pubkey_base64(key.get(), &encoded) != SSH_OK) return {};
  const TextPtr owner(encoded);
  const char* type = ssh_key_type_to_char(ssh_key_type(key.get()));
  if (type == nullptr) return {};
  return std::string(type) + " " + encoded;
}

SshSession::~SshSession() {
  if (channel_) (void)ssh_remove_channel_callbacks(channel_.get(), &callbacks_);
}

void SshSession::WatchEnding() {
  callbacks_.size = sizeof(callbacks_);
  callbacks_.userdata = this;
  callbacks_.channel_exit_status_function = OnExitStatus;
  callbacks_.channel_exit_signal_function = OnExitSignal;
  (void)ssh_set_channel_callbacks(channel_.get(), &callbacks_);
}

void SshSession::OnExitStatus(ssh_session, ssh_channel, int status, void* self) {
  static_cast<SshSession*>(self)->ending_ =
      Exit{Exit::How::kExited, static_cast<std::uint32_t>(status), {}};
}

void SshSession::OnExitSignal(ssh_session, ssh_channel, const char* signal, int, const char*,
                              const char*, void* self) {
  const std::string name = signal == nullptr ? "" : signal;
  static_cast<SshSession*>(self)->ending_ =
      Exit{Exit::How::kSignalled, 0, name.substr(0, kValueBytesMax)};
}

Exit SshSession::Failed(Exit::How how) const {
  const char* words = ssh_get_error(session_.get());
  return Exit{how, 0, words == nullptr ? "" : words};
}

std::optional<Exit> SshSession::Handshake(int socket, const Begin& begin) {
  session_.reset(ssh_new());
  if (!session_) return Exit{Exit::How::kFailed, 0, "out of memory"};
  if (!SetOptions(session_.get(), socket, begin)) return Failed(Exit::How::kFailed);
  if (ssh_connect(session_.get()) != SSH_OK) return Failed(Exit::How::kHandshake);
  return std::nullopt;
}

std::string SshSession::HostKeyBlob() const {
  ssh_key key = nullptr;
  if (ssh_get_server_publickey(session_.get(), &key) != SSH_OK) return {};
  const SshKeyPtr owner(key);
  char* encoded = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &encoded) != SSH_OK) return {};
  const TextPtr text(encoded);
  return DecodeBase64(encoded).value_or("");
}

std::optional<Exit> SshSession::LogIn(const Begin& begin, const SshKeyPtr& key) {
  const int done = ssh_userauth_publickey(session_.get(), nullptr, key.get());
  if (done == SSH_AUTH_SUCCESS) return std::nullopt;
  if (done == SSH_AUTH_DENIED) {
    return Exit{Exit::How::kRefused, 0, "the instance refused the key for " + begin.user};
  }
  if (done == SSH_AUTH_PARTIAL) {
    return Exit{Exit::How::kPartial, 0,
                "the instance requires a second authentication method in addition to the key for " +
                    begin.user};
  }
  return Failed(Exit::How::kCut);
}

std::optional<Exit> SshSession::StartShell(const Begin& begin) {
  channel_.reset(ssh_channel_new(session_.get()));
  if (!channel_) return Exit{Exit::How::kFailed, 0, "out of memory"};
  if (ssh_channel_open_session(channel_.get()) != SSH_OK) return Failed(Exit::How::kNoShell);
  // Many servers accept it. A refusal does not affect the shell.
  if (!begin.lang.empty()) {
    (void)ssh_channel_request_env(channel_.get(), "LANG", begin.lang.c_str());
  }
  const int has_terminal = ssh_channel_request_pty_size(
      channel_.get(), kTerminal, static_cast<int>(begin.columns), static_cast<int>(begin.rows));
  if (has_terminal != SSH_OK) return Failed(Exit::How::kNoShell);
  // Before the shell, because a shell that ends at once reports that in the same packets.
  WatchEnding();
  if (ssh_channel_request_shell(channel_.get()) != SSH_OK) return Failed(Exit::How::kNoShell);
  return std::nullopt;
}

std::optional<Exit> SshSession::StartSftp() {
  channel_.reset(ssh_channel_new(session_.get()));
  if (!channel_) return Exit{Exit::How::kFailed, 0, "no memory for a channel"};
  if (ssh_channel_open_session(channel_.get()) != SSH_OK) return Failed(Exit::How::kNoShell);
  if (ssh_channel_request_sftp(channel_.get()) != SSH_OK) return Failed(Exit::How::kNoShell);
  return std::nullopt;
}

}  // namespace eic::console
