#include "agent/doors.h"

#include <memory>
#include <optional>

#include "host/imds.h"
#include "host/trust_anchors.h"

namespace eic {
namespace {

// The CA store, looked for once: before the confinement, which must know its place, or when it is
// opened.
class LazyStore {
 public:
  explicit LazyStore(std::optional<std::string> path) : path_(std::move(path)) {}

  const Result<TrustStore>& Find() {
    if (!found_) found_ = FindTrustStore(path_);
    return *found_;
  }

 private:
  std::optional<std::string> path_;
  std::optional<Result<TrustStore>> found_;
};

}  // namespace

Outside DoorsOf(const Options& options, HttpTransport& http, AuditLog& audit) {
  const auto store = std::make_shared<LazyStore>(options.ca_store);
  return {http,
          audit,
          &WallClockNow,
          [root = options.sysfs_root] { return IdentifyInstance(root); },
          [store] {
            const Result<TrustStore>& found = store->Find();
            return found ? OpenTrustStore(*found) : found.error();
          },
          [store, port = PortOf(options.imds_endpoints.front())] {
            const Result<TrustStore>& found = store->Find();
            return ConfineForNetwork(found ? found->reads : std::vector<std::string>(), port);
          },
          &ConfineForVerification};
}

}  // namespace eic
