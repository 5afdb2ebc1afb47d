// The entry of eic-emulator.
#include "emulator/commands.h"

int main(int argc, char** argv) { return eic::emulator::Main(argc, argv); }
