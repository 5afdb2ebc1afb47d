// What the chain's processes give up. doc/design.md, "The chain". What the kernel lacks is left
// out, and the rest applies. Builds with sanitizers or for coverage give up nothing.
#pragma once

namespace eic {

// The collector, before the first byte of a member: it keeps its open descriptors, and may read,
// wait and write. It can get no file, socket, process or privilege any more, and no process of the
// same user can inspect it.
void ConfineForPipes();

// A member that asked for it, before it executes its program: no privileges from that or any other
// program, no capabilities, no file that it can change but /dev/null, no core file, no signals to
// processes outside. No more than that, so that a program which knows nothing of it keeps working:
// it still reads, executes and connects as its user.
void ConfineForExec();

}  // namespace eic
