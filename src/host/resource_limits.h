// What a confined process may use of memory, descriptors and files. doc/design.md, "Confinement".
#pragma once

namespace eic {

// No core file, no file written to (but one that is standard output or error already),
// kDescriptorsMax descriptors, and kDataBytesMax of memory on top of what is in use. False if one
// of them could not be set; the others apply.
bool LimitResources();

}  // namespace eic
