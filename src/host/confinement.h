// What the process gives up before it reads hostile bytes. doc/design.md, "Confinement".
//
// The agent's process is assumed to be taken over one day by what it parses. Each stage narrows the
// one before and nothing is widened; what the kernel lacks is left out, and the rest holds.
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

// That the process has been through the first stage. Made by ConfineForNetwork alone: whatever
// reads from the network asks for it, so that nothing is read before.
class Confined {
 public:
  const Confinement& how() const { return how_; }

 private:
  explicit Confined(const Confinement& how) : how_(how) {}
  friend Confined ConfineForNetwork(const std::vector<std::string>& readable, std::uint16_t port);
  friend class ForTests;  // tests/fakes/for_tests.h

  Confinement how_;
};

// First stage, before the first byte from the network. What libraries still want to load or open
// outside `readable` has been loaded before: NSS, the time zone, OpenSSL's configuration, the log's
// socket. `port` is the metadata service's. In builds with sanitizers or for coverage, which write
// files and map memory as it forbids, nothing is given up.
Confined ConfineForNetwork(const std::vector<std::string>& readable, std::uint16_t port);

// Second stage, after the last answer: no new connections.
void ConfineForVerification();

}  // namespace eic
