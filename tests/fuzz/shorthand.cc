#include "tests/fuzz/shorthand.h"

#include <vector>

#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"

namespace eic::fuzz {
namespace {

struct Piece {
  char letter;
  std::string text;
};

const std::string& BlobOf(std::string_view comment) {
  for (const testkit::Vector& vector : AllVectors()) {
    if (vector.comment == comment) return vector.blob;
  }
  Hold(false, "the fixture's vectors are there");
  return AllVectors().front().blob;
}

// The blocks of the good chain: signer, intermediate, root.
std::string Block(std::size_t place) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";
  const std::string& pem = GoodEvidence().chain_pem;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < place; ++i) begin = pem.find(kEnd, begin) + kEnd.size();
  return pem.substr(begin, pem.find(kEnd, begin) + kEnd.size() - begin);
}

void AddStaples(char letter, const std::string& evidence, std::vector<Piece>& pieces) {
  for (const eic::Staple& staple : ReadEvidence(evidence).staples) {
    pieces.push_back({letter++, *staple.base64});
  }
}

// Longer pieces come before those that are parts of them, so that Abbreviate finds them first.
std::vector<Piece> MakePieces() {
  const std::string& good = BlobOf("One good record.");
  const std::size_t signature = good.rfind('\n', good.size() - 2) + 1;
  std::vector<Piece> pieces = {{'C', GoodEvidence().chain_pem},
                               {'L', GoodEvidence().staple_list},
                               {'T', BlobOf("Two keys are live.")},
                               {'R', good},
                               {'B', good.substr(0, signature)},
                               {'S', good.substr(signature)},
                               {'s', Block(0)},
                               {'i', Block(1)},
                               {'r', Block(2)}};
  AddStaples('0', "good", pieces);
  AddStaples('2', "staple-signer-revoked", pieces);
  AddStaples('4', "responder-good", pieces);
  AddStaples('6', "staple-stale", pieces);
  return pieces;
}

const std::vector<Piece>& Pieces() {
  static const auto* const pieces = new std::vector<Piece>(MakePieces());
  return *pieces;
}

const Piece* FindPiece(char letter) {
  for (const Piece& piece : Pieces()) {
    if (piece.letter == letter) return &piece;
  }
  return nullptr;
}

}  // namespace

std::string Expand(std::string_view text) {
  std::string expanded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const Piece* piece =
        text[at] == '@' && at + 1 < text.size() ? FindPiece(text[at + 1]) : nullptr;
    if (piece == nullptr) {
      expanded += text[at];
      continue;
    }
    expanded += piece->text;
    ++at;
  }
  return expanded;
}

std::string Abbreviate(std::string text) {
  for (const Piece& piece : Pieces()) {
    const std::string mark{'@', piece.letter};
    for (std::size_t at = text.find(piece.text); at != std::string::npos;
         at = text.find(piece.text, at)) {
      text.replace(at, piece.text.size(), mark);
    }
  }
  return text;
}

}  // namespace eic::fuzz
