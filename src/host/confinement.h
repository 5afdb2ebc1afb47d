// What the process gives up before it reads hostile bytes. doc/design.md, "Confinement".
//
// The design assumes that hostile input takes over the agent's process one day. Each stage narrows
// the one before, and nothing is given back; what the kernel lacks is left out, the rest applies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eic {

// What was achieved, for --self-test and tests.
struct Confinement {
  bool no_new_privileges = false;
  bool not_dumpable = false;
  bool resource_limits = false;
  bool system_calls = false;  // seccomp
  int landlock_abi = 0;       // 0: the kernel has none
};

// Proof that the process has been through the first stage. Made by ConfineForNetwork alone:
// whatever reads from the network requires it, so that nothing is read before.
class Confined {
 public:
  const Confinement& how() const { return how_; }

 private:
  explicit Confined(const Confinement& how) : how_(how) {}
  friend Confined ConfineForNetwork(const std::vector<std::string>& readable, std::uint16_t port);
  friend class ForTests;  // tests/fakes/for_tests.h

  Confinement how_;
};

// First stage, before the first byte from the network. Whatever libraries load or open outside
// `readable` must be loaded before: NSS, the time zone, OpenSSL's configuration, the log's socket.
// `port` is the metadata service's. Builds with sanitizers or for coverage give up nothing, because
// they write files and map memory as this forbids.
Confined ConfineForNetwork(const std::vector<std::string>& readable, std::uint16_t port);

// Second stage, after the last answer: no new connections.
void ConfineForVerification();

}  // namespace eic
