// The paths from a signer to an anchor other than the one that OpenSSL takes. doc/design.md step 7.
//
// OpenSSL takes the first issuer that fits and never goes back, so a path that fails hides those
// that would pass: with a reissued intermediate in the store, or a cross-signed twin served first.
// Here the paths are built from names and key ids alone, the shortest first. Then each is tried:
// first its signatures from the anchor downwards, so that a certificate which no authority vouches
// for costs one check; then, as the path of step 7, by OpenSSL with all its rules.
//
// Bounded by kOtherPathsMax, kOtherPathStepsMax, kOtherPathSignaturesMax, kOtherPathKeyBitsMax and
// the time that is left.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/instant.h"
#include "core/openssl_handles.h"
#include "core/signer_chain.h"

namespace eic {

// Whether there is time for one more path. core/ reads no clock, so its caller supplies this.
using HasTime = std::function<bool()>;

class OtherPaths {
 public:
  // All is borrowed and outlives this. The signer is the first of `served`, and has been checked.
  // Costs nothing until a path is asked for.
  OtherPaths(const ServedChain& served, X509_STORE* anchors, Instant now, const HasTime& has_time);

  // The next path that passes, anchor included; nothing if there is none, or a limit is reached.
  std::optional<VerifiedChain> Next();

  // From now on, no path over `certificate`. All paths lead over the signer.
  void Avoid(X509* certificate);

  // Whether the signer itself is to be avoided.
  bool IsOver() const { return nodes_.front().is_refused; }

  int signatures_checked() const { return signatures_checked_; }
  std::size_t paths_tried() const { return paths_tried_; }

 private:
  // A certificate that may be on a path; each is listed once, wherever it was found.
  struct Node {
    X509Ptr certificate;
    bool is_of_store = false;
    bool is_anchor = false;   // by the store's trust settings, or self-signed in the store
    bool is_refused = false;  // by the store's trust settings, or by Avoid
    bool is_expanded = false;
    std::vector<std::size_t> issuers;  // possible issuers; the store's before the served
  };
  using Path = std::vector<std::size_t>;  // nodes, the signer first

  std::size_t NodeOf(X509* certificate, bool is_of_store);
  void AddIssuer(std::size_t of, X509* candidate, bool is_of_store);
  const std::vector<std::size_t>& IssuersOf(std::size_t node);
  bool MayFollow(const Path& path, std::size_t issuer) const;
  void LayOut();
  bool HoldsBySignatures(const Path& path);
  bool IsSignedBy(std::size_t node, std::size_t issuer);
  std::optional<VerifiedChain> Verify(const Path& path);

  const ServedChain& served_;
  X509_STORE* anchors_;
  Instant now_;
  const HasTime& has_time_;
  std::vector<Node> nodes_;
  bool is_laid_out_ = false;
  std::vector<Path> paths_;
  std::size_t next_ = 0;
  std::map<std::pair<std::size_t, std::size_t>, bool> signed_;
  int signatures_checked_ = 0;
  std::size_t paths_tried_ = 0;
};

}  // namespace eic
