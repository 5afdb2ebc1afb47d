// Lines of sshd's configuration turned into comments, in a plan: whose files are written, and what
// becomes of a link that leads to a package's.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "admin/change/plan.h"
#include "admin/failure.h"

namespace eic::admin {

// A file below /etc is changed where it stands. A link of /etc that leads elsewhere gives its place
// to a copy without the line; what it leads to is a package's, and is not written. Fails with
// kRefused, `outside-etc`, for any other file.
Outcome<Nothing> SetAsideLines(const std::string& file, const std::set<std::size_t>& lines,
                               Plan* plan);

// Whether the name is a link, in a folder below /etc, to a file that is not: it can be set aside.
bool IsLinkOutOfEtc(const Tree& tree, const std::string& path);

// A file in the link's place, with the bytes that the link leads to, or what is better than those.
void SetLinkAside(const std::string& path, const std::string& text, Plan* plan);

Failure OutsideEtc(const std::string& path, const std::string& way);

}  // namespace eic::admin
