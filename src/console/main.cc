// The entry of eic-console.
#include "console/program.h"

int main(int argc, char** argv) { return eic::console::RunConsole(argc, argv); }
