#include "agent/doors.h"

#include "host/imds.h"
#include "host/trust_anchors.h"
#include "host/users.h"

namespace eic {

Outside DoorsOf(const Options& options, HttpTransport& http, AuditLog& audit) {
  const Result<TrustStore> store = FindTrustStore(options.ca_store);
  Outside outside{http,
                  audit,
                  &WallClockNow,
                  &LookUpUser,
                  [root = options.sysfs_root] { return IdentifyInstance(root); },
                  [store] { return store ? OpenTrustStore(*store) : store.error(); }};
#if EIC_CONFINEMENT
  outside.confine_for_network = [reads = store ? store->reads : std::vector<std::string>(),
                                 port = PortOf(options.imds_endpoints.front())] {
    return ConfineForNetwork(reads, port);
  };
  outside.confine_for_verification = &ConfineForVerification;
#endif
  return outside;
}

}  // namespace eic
