// usage: eic-make-vectors [SOURCE_ROOT]
//
// Writes the vectors of SOURCE_ROOT/tests/vectors anew, and makes keys that are missing from
// SOURCE_ROOT/tests/testkit/keys. Without a change to the cases, nothing changes.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include "issuer/files.h"
#include "tests/testkit/fixed_random.h"
#include "tests/testkit/make_vectors.h"

namespace {

namespace fs = std::filesystem;

// What no case makes any more is to go.
void RemoveGenerated(const fs::path& vectors) {
  for (const char* folder : eic::testkit::kGeneratedFolders) fs::remove_all(vectors / folder);
  for (const auto& entry : fs::directory_iterator(vectors)) {
    if (entry.path().extension() == ".vec") fs::remove(entry.path());
  }
}

void WriteAll(const fs::path& root) {
  const fs::path keys_folder = root / "tests/testkit/keys";
  for (const std::string& name : eic::testkit::MakeMissingKeys(keys_folder)) {
    std::cout << "made the key " << name << '\n';
  }
  eic::testkit::FixRandomness();
  eic::testkit::KeyRing keys(keys_folder);
  const auto files = eic::testkit::MakeVectors(keys);

  const fs::path vectors = root / "tests/vectors";
  RemoveGenerated(vectors);
  for (const auto& [name, bytes] : files) {
    fs::create_directories((vectors / name).parent_path());
    eic::issuer::WriteNewFile(vectors / name, bytes, eic::issuer::Secrecy::kPublic);
  }
  std::cout << "wrote " << files.size() << " files to " << vectors.string() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    WriteAll(argc > 1 ? argv[1] : ".");
  } catch (const std::exception& error) {
    std::cerr << "eic-make-vectors: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
