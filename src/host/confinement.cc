#include "host/confinement.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>

#include <ctime>

#include "host/landlock.h"
#include "host/resource_limits.h"
#include "host/seccomp_filter.h"

namespace eic {

#if EIC_CONFINEMENT

namespace {

// While it still can, the system's OpenSSL reads the system's configuration and loads the providers
// that it names. A bundled OpenSSL has nothing to load and is another version than the host's
// configuration was written for: a line that it does not know would make it fail.
void SetUpOpenssl() {
#ifdef EIC_BUNDLED_OPENSSL
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
#else
  (void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
#endif
}

}  // namespace

Confined ConfineForNetwork(const std::vector<std::string>& readable, std::uint16_t port) {
  tzset();
  SetUpOpenssl();

  Confinement done;
  done.no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  done.not_dumpable = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  done.resource_limits = LimitResources();
  done.landlock_abi = RestrictFilesAndPorts(readable, port);
  // Last, because it removes the calls that the others need.
  done.system_calls = FilterForNetwork();
  return Confined(done);
}

void ConfineForVerification() { (void)FilterForVerification(); }

#else

Confined ConfineForNetwork(const std::vector<std::string>&, std::uint16_t) {
  return Confined(Confinement{});
}

void ConfineForVerification() {}

#endif

}  // namespace eic
