// The three standard descriptors, which a program needs whoever starts it.
#pragma once

#include <string_view>

namespace eic {

// Opens standard input, output and error on /dev/null if they are closed. Otherwise the next
// descriptor that is opened would take the place of a closed one, and printed text would go there.
// Call this before anything else is opened.
void OpenStandardDescriptors();

// Writes all of `text` to standard output, however slowly it is read: a partial line would be a
// different line. Standard output may be non-blocking, because the process at its other end may
// have set that. Text that cannot be written, such as after the reader has left, is dropped.
void PrintAll(std::string_view text);

}  // namespace eic
