// Credentials, for how long, and what whoever looks for them needs.
#pragma once

#include <optional>
#include <string>

#include "aws/api.h"
#include "aws/configuration.h"
#include "aws/failure.h"
#include "aws/service_calls.h"
#include "aws/sigv4.h"
#include "aws/world.h"
#include "core/instant.h"

namespace eic::aws {

struct Credentials {
  SigningKey key;
  std::optional<Instant> expires = {};  // nothing: they do not expire
  std::string source = {};              // for people: `profile work`, `environment`
};

// Nothing where this source is not configured: the next one is looked at. A source that is
// configured and fails ends the search.
using MaybeCredentials = Outcome<std::optional<Credentials>>;

// Borrowed by everything that looks for credentials.
struct Search {
  World& world;
  const Configuration& configuration;
  ServiceCalls& calls;
  Prompter& prompter;
};

}  // namespace eic::aws
