// sessions: who is and was logged in, by IAM principal.
#pragma once

#include <string>

#include "admin/outside.h"
#include "admin/report.h"

namespace eic::admin {

struct SessionsOptions {
  bool json = false;
  std::string since = "-7d";  // as journalctl(1) takes it
};

// Changes nothing; fails with kFailed where the journal cannot be read, with kUsage where
// journalctl does not take `since`.
Report Sessions(const Outside& outside, const SessionsOptions& options);

}  // namespace eic::admin
