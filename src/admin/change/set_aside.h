// Turns lines of sshd's configuration into comments, in a plan: which files may be written, and
// what happens to a link that leads to a package's file.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "admin/change/plan.h"
#include "admin/failure.h"

namespace eic::admin {

// A file below /etc is changed in place. A link in /etc that leads outside is replaced by a copy
// without the line; its target belongs to a package and is not written. Fails with kRefused,
// `outside-etc`, for any other file.
Outcome<Nothing> SetAsideLines(const std::string& file, const std::set<std::size_t>& lines,
                               Plan* plan);

// Whether the name is a link in a folder below /etc to a file outside /etc. Such a link can be
// replaced.
bool IsLinkOutOfEtc(const Tree& tree, const std::string& path);

// Replaces the link by a file, with the bytes of the link's target or with better ones.
void SetLinkAside(const std::string& path, const std::string& text, Plan* plan);

Failure OutsideEtc(const std::string& path, const std::string& way);

}  // namespace eic::admin
