// The three descriptors that every program has, whoever starts it.
#pragma once

#include <string_view>

namespace eic {

// Opens those of standard input, output and error that are closed, on /dev/null. Were one of them
// closed, the next descriptor that is opened would take its place, and what is printed would go
// there. To be called before anything else is opened.
void OpenStandardDescriptors();

// Writes `text` to standard output, to its last byte, however slowly it is read: a line that is cut
// would be another line. Standard output may be non-blocking, since whoever is at its other end may
// have made it so. What cannot be written, as where the reader has left, is dropped.
void PrintAll(std::string_view text);

}  // namespace eic
