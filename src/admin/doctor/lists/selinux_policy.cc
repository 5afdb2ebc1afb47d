#include "admin/doctor/lists/selinux_policy.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "admin/files/file_system.h"
#include "admin/process/descriptor.h"

namespace eic::admin {
namespace {

// The label of port 80 in the reference policy and in Fedora's; with a range where `context` has
// one.
std::string MetadataPort(const std::string& context) {
  const bool has_range = std::count(context.begin(), context.end(), ':') >= 3;
  return std::string("system_u:object_r:http_port_t") + (has_range ? ":s0" : "");
}

// Of `user:role:type[:range]`; empty where it has none.
std::string TypeIn(const std::string& context) {
  const std::size_t role = context.find(':');
  const std::size_t type = role == std::string::npos ? role : context.find(':', role + 1);
  if (type == std::string::npos) return "";
  return context.substr(type + 1, context.find(':', type + 1) - type - 1);
}

std::optional<unsigned> ParseNumber(std::string_view text, int base) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\0')) text.remove_suffix(1);
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [used_up_to, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc() || used_up_to != end) return std::nullopt;
  return number;
}

std::optional<unsigned> NumberIn(const std::string& path) {
  const Outcome<std::optional<std::string>> text = ReadWhole(path);
  if (!text || !*text) return std::nullopt;
  return ParseNumber(**text, 10);
}

// A file of selinuxfs answers what was written to it, once for each time that it is opened.
std::optional<std::string> Ask(const std::string& path, const std::string& question) {
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.IsOpen()) return std::nullopt;
  if (write(file.Get(), question.data(), question.size()) !=
      static_cast<ssize_t>(question.size())) {
    return std::nullopt;
  }
  std::array<char, 4096> answer{};
  const ssize_t length = pread(file.Get(), answer.data(), answer.size(), 0);
  if (length <= 0) return std::nullopt;
  std::string text(answer.data(), static_cast<std::size_t>(length));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

// Asks one question after the other until something is denied or unknown.
class Way {
 public:
  Way(SelinuxPolicy& policy, std::string context) : policy_(policy), context_(std::move(context)) {}

  // False where it ends.
  bool May(const std::string& target, const char* object_class, const char* permission) {
    const std::optional<bool> allowed = policy_.Allows(context_, target, object_class, permission);
    if (!allowed) {
      prediction_.why_not = "the kernel does not say whether " + context_ + " has " + permission +
                            " of " + object_class + " " + target;
    } else if (!*allowed) {
      prediction_.denial = std::string("the policy denies { ") + permission + " } from " +
                           context_ + " to " + target + " (" + object_class + ")";
    }
    return allowed.value_or(false);
  }

  bool Runs(const std::string& label) {
    const std::optional<std::string> next = policy_.ContextAfter(context_, label);
    if (!next) {
      prediction_.why_not = "the kernel does not say what " + context_ + " becomes by " + label;
      return false;
    }
    if (!May(label, "file", "execute")) return false;
    if (*next == context_) return May(label, "file", "execute_no_trans");
    if (!May(*next, "process", "transition")) return false;
    context_ = *next;
    return true;
  }

  bool MayReachMetadata() { return May(MetadataPort(context_), "tcp_socket", "name_connect"); }

  Prediction TakePrediction() {
    prediction_.context = context_;
    return std::move(prediction_);
  }

 private:
  SelinuxPolicy& policy_;
  std::string context_;
  Prediction prediction_;
};

}  // namespace

std::optional<bool> KernelPolicy::Allows(const std::string& source, const std::string& target,
                                         const std::string& object_class,
                                         const std::string& permission) {
  const std::string about = folder_ + "/class/" + object_class;
  const std::optional<unsigned> index = NumberIn(about + "/index");
  const std::optional<unsigned> number = NumberIn(about + "/perms/" + permission);
  if (!index || !number || *number < 1 || *number > 32) return std::nullopt;
  const std::optional<std::string> answer =
      Ask(folder_ + "/access", source + " " + target + " " + std::to_string(*index));
  if (!answer) return std::nullopt;
  // `ALLOWED DECIDED AUDITALLOW AUDITDENY SEQUENCE FLAGS`, in hexadecimal but for the sequence.
  const std::size_t last = answer->rfind(' ');
  if (last == std::string::npos) return std::nullopt;
  const std::optional<unsigned> allowed =
      ParseNumber(std::string_view(*answer).substr(0, answer->find(' ')), 16);
  const std::optional<unsigned> flags = ParseNumber(std::string_view(*answer).substr(last + 1), 16);
  if (!allowed || !flags) return std::nullopt;
  constexpr unsigned kPermissiveDomain = 1;
  return (*allowed >> (*number - 1) & 1U) != 0 || (*flags & kPermissiveDomain) != 0;
}

std::optional<std::string> KernelPolicy::ContextAfter(const std::string& source,
                                                      const std::string& file) {
  const std::optional<unsigned> process = NumberIn(folder_ + "/class/process/index");
  if (!process) return std::nullopt;
  return Ask(folder_ + "/create", source + " " + file + " " + std::to_string(*process));
}

Prediction PredictDenial(SelinuxPolicy& policy, std::string context,
                         const std::vector<std::string>& labels) {
  Way way(policy, std::move(context));
  for (const std::string& label : labels) {
    if (!way.Runs(label)) return way.TakePrediction();
  }
  (void)way.MayReachMetadata();
  return way.TakePrediction();
}

std::string LastDenial(std::istream& log, const std::string& context) {
  const std::string type = TypeIn(context);
  std::string denial;
  for (std::string line; std::getline(log, line);) {
    // A process's name is cut to 15 bytes.
    if (line.find("denied") == std::string::npos ||
        line.find("permissive=1") != std::string::npos ||
        line.find("comm=\"eic-authorized-\"") == std::string::npos) {
      continue;
    }
    const std::size_t source = line.find("scontext=");
    const bool is_anothers = !type.empty() && source != std::string::npos &&
                             TypeIn(line.substr(source, line.find(' ', source) - source)) != type;
    if (!is_anothers) denial = line;
  }
  return denial;
}

std::string LabelOf(const std::string& path) {
  std::array<char, 256> label{};
  const ssize_t length = getxattr(path.c_str(), "security.selinux", label.data(), label.size());
  if (length <= 0) return "";
  std::string text(label.data(), static_cast<std::size_t>(length));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

}  // namespace eic::admin
