// The three descriptors that every program has, whoever starts it.
#pragma once

namespace eic {

// Opens those of standard input, output and error that are closed, on /dev/null. Were one of them
// closed, the next descriptor that is opened would take its place, and what is printed would go
// there. To be called before anything else is opened.
void OpenStandardDescriptors();

}  // namespace eic
