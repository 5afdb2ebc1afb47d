// What the chain's processes give up. doc/design.md, "The chain". What the kernel lacks is left
// out, and the rest holds. In builds with sanitizers or for coverage nothing is given up.
#pragma once

namespace eic {

// The collector, before the first byte of a member: it keeps its open descriptors, and may read,
// wait and write. No file, socket, process or privilege can be had any more, and no process of the
// same user can look into it.
void ConfineForPipes();

// A member that asked for it, before its program takes its place: no privileges by that or any
// other program, no capabilities, no file that it can change but /dev/null, no core file, no
// signals to processes outside. Only as far as a program that knows nothing of it goes on working:
// it still reads, executes and connects as its user.
void ConfineForExec();

}  // namespace eic
