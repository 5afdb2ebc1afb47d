// Runs a target over every file of its committed corpus, without libFuzzer: what a fuzzer found
// once stays found, with any compiler. usage: fuzz_replay TARGET FOLDER
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "issuer/files.h"
#include "tests/fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

const eic::fuzz::Target* FindTarget(std::string_view name) {
  for (const eic::fuzz::Target& target : eic::fuzz::kTargets) {
    if (name == target.name) return &target;
  }
  return nullptr;
}

std::vector<fs::path> FilesOf(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  const eic::fuzz::Target* target = argc == 3 ? FindTarget(argv[1]) : nullptr;
  if (target == nullptr) {
    std::fprintf(stderr, "usage: fuzz_replay TARGET FOLDER\n");
    return 64;
  }
  const std::vector<fs::path> files = FilesOf(argv[2]);
  if (files.empty()) {
    std::fprintf(stderr, "%s holds no input\n", argv[2]);
    return 1;
  }
  target->run("");
  for (const fs::path& file : files) {
    // Named beforehand: a broken property ends the process.
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    target->run(eic::issuer::ReadFile(file));
  }
  return 0;
}
