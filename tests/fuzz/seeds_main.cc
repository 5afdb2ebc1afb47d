// Writes the first inputs of every target, made of tests/vectors. usage: eic-fuzz-seeds FOLDER
#include <cstdio>
#include <filesystem>
#include <set>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/signer_chain.h"
#include "issuer/files.h"
#ifdef EIC_FUZZ_EMULATOR
#include "tests/fuzz/api_request.h"
#endif
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/shorthand.h"
#include "tests/fuzz/targets.h"

namespace {

namespace fs = std::filesystem;
using eic::fuzz::kSectionEnd;

// Larger inputs cost a fuzzer more than they show it; the vectors hold those limits already.
constexpr std::size_t kSeedBytesMax = 4096;

class Seeds {
 public:
  explicit Seeds(fs::path folder) : folder_(std::move(folder)) {
    for (const eic::fuzz::Target& target : eic::fuzz::kTargets) {
      fs::create_directories(folder_ / target.name);
    }
  }

  void Add(const std::string& target, std::string_view input) {
    if (input.size() > kSeedBytesMax ||
        !written_.insert(target + '/' + std::string(input)).second) {
      return;
    }
    const std::string name = std::to_string(written_.size());
    eic::issuer::WriteNewFile(folder_ / target / name, input, eic::issuer::Secrecy::kPublic);
  }

 private:
  fs::path folder_;
  std::set<std::string> written_;
};

// Key lines as they stand, and their wire bytes behind the number of their type (fuzz_key_line.cc).
void AddKeyLines(const std::string& blob, Seeds& seeds) {
  eic::LineCursor lines(blob);
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next();
    if (line.find(' ') == std::string_view::npos || line[0] == '#') {
      seeds.Add("base64", line);
      continue;
    }
    seeds.Add("key_line", line);
    const std::size_t begin = line.find(' ') + 1;
    const auto wire = eic::DecodeBase64(line.substr(begin, line.find(' ', begin) - begin));
    constexpr char kTypes = 5;
    for (char type = 0; wire && type < kTypes; ++type) seeds.Add("key_line", type + *wire);
#ifdef EIC_FUZZ_EMULATOR
    seeds.Add("api", 'k' + std::string(line));
    if (wire) seeds.Add("api", 'w' + *wire);
#endif
  }
}

std::string DerOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(certificate, &der);
  const eic::OpensslBuffer owner(der);
  return std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
}

void AddVector(const eic::testkit::Vector& vector, Seeds& seeds) {
  const eic::fuzz::ServedFolder served = eic::fuzz::ReadEvidence(vector.evidence);
  seeds.Add("blob", vector.blob);
  AddKeyLines(vector.blob, seeds);
  seeds.Add("values", vector.user);
  seeds.Add("values", vector.instance);
  seeds.Add("values", vector.region + kSectionEnd + vector.domain);
  if (vector.fingerprint) seeds.Add("values", *vector.fingerprint);
  seeds.Add("chain", served.chain_pem);
  if (const auto chain = eic::ParseServedChain(served.chain_pem)) {
    seeds.Add("chain", DerOf(chain->front().get()));
  }
  seeds.Add("staple_list", served.staple_list);

  std::string input =
      vector.region + kSectionEnd + vector.domain + kSectionEnd + vector.fingerprint.value_or("") +
      kSectionEnd + eic::fuzz::Abbreviate(served.chain_pem) + kSectionEnd +
      eic::fuzz::Abbreviate(served.staple_list) + kSectionEnd + eic::fuzz::Abbreviate(vector.blob);
  for (const eic::Staple& staple : served.staples) {
    seeds.Add("staple", eic::fuzz::DecodeWrapped(*staple.base64));
    input += kSectionEnd + eic::fuzz::Abbreviate(*staple.base64);
  }
  seeds.Add("decision", input);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: eic-fuzz-seeds FOLDER\n");
    return 64;
  }
  Seeds seeds(argv[1]);
  for (const eic::testkit::Vector& vector : eic::fuzz::AllVectors()) AddVector(vector, seeds);
#ifdef EIC_FUZZ_EMULATOR
  for (const std::string& input : eic::fuzz::ApiSeeds()) seeds.Add("api", input);
#endif
  return 0;
}
