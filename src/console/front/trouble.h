// A failure as the page shows it: the step, one slug, what to do.
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

// From a failure of AWS, or of what a call to AWS needs.
Trouble TroubleOf(const aws::Failure& failure, const std::string& step);

// The HTTP status for a slug.
int StatusOf(const Trouble& trouble);

}  // namespace eic::console
