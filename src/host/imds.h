// The instance metadata service, version 2 only. doc/design.md steps 3, 4 and 6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/request.h"
#include "core/result.h"
#include "host/clock.h"
#include "host/confinement.h"
#include "host/dial.h"
#include "host/http.h"

namespace eic {

// `http://169.254.169.254`, then `http://[fd00:ec2::254]`: the second is tried if the first has no
// route or nobody answers its connect.
std::vector<std::string> DefaultImdsEndpoints();

// Fetches over one session: a token with the first request, kept for the rest of the run.
//
// Each request has kRequestTimeMax, two tries to connect in it, and one retry after a lost
// connection, 429 or 5xx. The first 401 fetches a new token, once a run. Nothing is retried after a
// time-out. Everything ends at the deadline. Fails, besides what each call names, with
//   kImdsUnreachable, kImdsTimeout, kImdsConnectionLost, kImdsThrottled, kImdsForbidden,
//   kImdsTokenRefused, kImdsStatus, kImdsResponseTooLarge, kImdsResponseMalformed, kTimeBudgetSpent
class Imds {
 public:
  // `transport` is borrowed and outlives this. `endpoints`: one or more, tried in order, without a
  // slash at the end.
  Imds(HttpTransport& transport, std::vector<std::string> endpoints, Deadline deadline);

  // Begins to connect to the first endpoint, for the first request. Reads nothing: reading needs
  // the proof of confinement.
  void Dial();

  // The blob for `user`, at most kBlobBytesMax bytes. kNoKey if there is none (404).
  Result<std::string> FetchBlob(const Confined& confined, const UserName& user);

  // The id of this instance, if DMI does not have it. kImdsResponseMalformed if it is not one.
  Result<std::string> FetchInstanceId(const Confined& confined);

  // All the rest, in two round trips: region, domain, chain and the list of staples; then those
  // staples whose name is the digest of a served certificate. A staple that cannot be fetched is
  // passed on as its error. Fails with kChainMalformed, kChainTooLong, too.
  Result<Evidence> FetchEvidence(const Confined& confined);

 private:
  struct Resource {
    std::string path;  // below /latest/meta-data/
    std::size_t bytes_max;
  };
  struct Attempt;

  Result<std::string> Get(const Confined& confined, const Resource& resource);
  std::vector<Result<std::string>> GetAll(const Confined& confined,
                                          const std::vector<Resource>& resources);
  std::vector<std::size_t> PerformPending(const Confined& confined, std::vector<Attempt>& attempts,
                                          const std::vector<std::size_t>& pending);
  Result<std::string> BodyOf(Attempt& attempt);
  Error ErrorFor(const HttpOutcome& outcome, const std::string& what) const;
  // The token, fetched if there is none yet; kTimeBudgetSpent once the deadline has passed.
  Result<std::string> EnsureToken(const Confined& confined);
  Result<std::string> FetchToken(const Confined& confined);
  HttpOutcome PutToken(const Confined& confined);
  std::vector<HttpOutcome> Perform(const Confined& confined, std::vector<HttpRequest> requests);
  HttpRequest TokenRequest() const;
  HttpRequest GetRequest(const Resource& resource) const;
  HttpRequest RequestFor(std::string_view path) const;
  void PauseBeforeRetry() const;

  HttpTransport& transport_;
  std::vector<std::string> endpoints_;
  std::size_t endpoint_ = 0;
  Deadline deadline_;
  std::shared_ptr<PendingConnection> dialed_;  // for the first request
  std::string token_;                          // empty until fetched
  bool renewed_ = false;
};

// The TCP port of `endpoint`: 80 if it names none.
std::uint16_t PortOf(std::string_view endpoint);

// `user` as one segment of a path: bytes that RFC 3986 section 3.3 allows there stay as they are,
// every other byte becomes %HH.
std::string PathSegment(std::string_view user);

// Which names of `list` (one a line) are those of a staple for a certificate of `chain`: each once,
// in order, at most kStaplesMax. Everything else in the list is ignored.
std::vector<std::string> SelectStapleNames(std::string_view list, const ServedChain& chain);

}  // namespace eic
