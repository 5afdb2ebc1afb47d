// What the policy of SELinux would deny the agent: the kernel answers, before anything is denied.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace eic::admin {

// Contexts are `user:role:type[:range]`; nothing where the kernel does not answer.
class SelinuxPolicy {
 public:
  virtual ~SelinuxPolicy() = default;
  // Whether the policy lets `source` do that, or only logs that it does.
  virtual std::optional<bool> Allows(const std::string& source, const std::string& target,
                                     const std::string& object_class,
                                     const std::string& permission) = 0;
  // The context of a program that `source` starts from a file with the label `file`.
  virtual std::optional<std::string> ContextAfter(const std::string& source,
                                                  const std::string& file) = 0;
};

// Of the running kernel: the files of selinuxfs below `folder`, as libselinux uses them
// (security_compute_av(3)).
class KernelPolicy : public SelinuxPolicy {
 public:
  explicit KernelPolicy(std::string folder) : folder_(std::move(folder)) {}
  std::optional<bool> Allows(const std::string& source, const std::string& target,
                             const std::string& object_class,
                             const std::string& permission) override;
  std::optional<std::string> ContextAfter(const std::string& source,
                                          const std::string& file) override;

 private:
  const std::string folder_;
};

struct Prediction {
  std::string denial;   // what would be denied; empty: nothing
  std::string why_not;  // the kernel could not be asked; empty: it was
  std::string context;  // how far the way went: the agent's, if nothing is in it
};

// The way from `context`, systemd's, through programs whose files have `labels` (sshd first, the
// agent last) to metadata.
Prediction PredictDenial(SelinuxPolicy& policy, std::string context,
                         const std::vector<std::string>& labels);

// The last line of a log that says what this kernel denied the agent: in a process of its name and
// of the type of `context`, if that is known. What a domain was denied that the agent no longer
// has, or what was only logged, is no trouble of today.
std::string LastDenial(std::istream& log, const std::string& context);

// The label of a file; empty where it has none.
std::string LabelOf(const std::string& path);

}  // namespace eic::admin
