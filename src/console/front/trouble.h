// Why something came to nothing, as the page shows it: the step, one slug, what to do.
#pragma once

#include <string>

#include "aws/failure.h"

namespace eic::console {

struct Trouble {
  std::string slug;
  std::string step;   // list, address, connect, host-key, push, login, session
  std::string words;  // what happened; safe to show
  std::string next;   // what to do; may be empty
};

// What AWS, or what a call to it needs, fails with.
Trouble TroubleOf(const aws::Failure& failure, const std::string& step);

// The status of HTTP that a slug goes with.
int StatusOf(const Trouble& trouble);

}  // namespace eic::console
