// The entry of eic, mssh and msftp.
#include "client/program.h"

int main(int argc, char** argv) { return eic::client::RunClient(argc, argv); }
