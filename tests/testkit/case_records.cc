// Records: doc/design.md steps 5 and 9, doc/key-blob.md.
#include "core/base64.h"
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

using issuer::RecordSpec;

// Positions of a good record's metadata lines.
constexpr std::size_t kTimestamp = 0;
constexpr std::size_t kInstanceLine = 1;
constexpr std::size_t kCaller = 2;
constexpr std::size_t kRequest = 3;

// One metadata line says something else.
Case Line(std::string name, std::string comment, std::vector<std::string> expect, std::size_t at,
          std::string text) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.record = [at, text](RecordSpec& r) { r.metadata_lines[at] = text; };
  return row;
}

Case Without(std::string name, std::string comment, std::vector<std::string> expect,
             std::size_t at) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.record = [at](RecordSpec& r) {
    r.metadata_lines.erase(r.metadata_lines.begin() + static_cast<std::ptrdiff_t>(at));
  };
  return row;
}

// One metadata line more, behind the good ones.
Case Extra(std::string name, std::string comment, std::vector<std::string> expect,
           std::string text) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.record = [text](RecordSpec& r) { r.metadata_lines.push_back(text); };
  return row;
}

Case Blob(std::string name, std::string comment, std::vector<std::string> expect,
          std::function<std::string(Notary&)> blob) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.blob = std::move(blob);
  return row;
}

Case Scheme(std::string name, std::string comment, std::vector<std::string> expect,
            issuer::SignatureScheme scheme) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.record = [scheme](RecordSpec& r) { r.scheme = scheme; };
  return row;
}

std::vector<Case> TimestampCases() {
  const std::vector<std::string> malformed = {"timestamp-malformed"};
  return {
      Without("timestamp-missing", "The record has no expiry.", {"timestamp-missing"}, kTimestamp),
      Extra("timestamp-twice", "The record has two expiries.", {"field-repeated"},
            "#Timestamp=2000000060"),
      Line("timestamp-other-case", "A field's name is not folded.", {"timestamp-missing"},
           kTimestamp, "#timestamp=2000000060"),
      Line("timestamp-blank-in-name", "A blank is part of a field's name.", {"timestamp-missing"},
           kTimestamp, "#Timestamp =2000000060"),
      Line("timestamp-empty", "The expiry is empty.", malformed, kTimestamp, "#Timestamp="),
      Line("timestamp-word", "The expiry is no number.", malformed, kTimestamp, "#Timestamp=never"),
      Line("timestamp-negative", "The expiry is negative.", malformed, kTimestamp, "#Timestamp=-1"),
      Line("timestamp-plus", "The expiry has a sign.", malformed, kTimestamp,
           "#Timestamp=+2000000060"),
      Line("timestamp-fraction", "The expiry has a fraction.", malformed, kTimestamp,
           "#Timestamp=2000000060.5"),
      Line("timestamp-hexadecimal", "The expiry is in hexadecimal.", malformed, kTimestamp,
           "#Timestamp=0x7735943c"),
      Line("timestamp-blank-before", "The expiry begins with a blank.", malformed, kTimestamp,
           "#Timestamp= 2000000060"),
      Line("timestamp-blank-after", "The expiry ends in a blank.", malformed, kTimestamp,
           "#Timestamp=2000000060 "),
      Line("timestamp-overflow", "The expiry is one more than 64 bits hold.", malformed, kTimestamp,
           "#Timestamp=9223372036854775808"),
      Line("timestamp-wraps", "The expiry would be a good one modulo 2 to the 64.", malformed,
           kTimestamp, "#Timestamp=18446744075709551676"),
      Line("timestamp-largest", "The expiry has no upper bound but its type's.", Accept(),
           kTimestamp, "#Timestamp=9223372036854775807"),
      Line("timestamp-leading-zero", "The expiry has a leading zero.", Accept(), kTimestamp,
           "#Timestamp=02000000060"),
      Line("expiry-now", "The record expires at this very second.", {"key-expired"}, kTimestamp,
           "#Timestamp=2000000000"),
      Line("expiry-in-one-second", "The record expires in a second.", Accept(), kTimestamp,
           "#Timestamp=2000000001"),
      Line("expiry-zero", "The record expired long ago.", {"key-expired"}, kTimestamp,
           "#Timestamp=0"),
      Line("lesson-expired-key", "A key that has expired is an ordinary refusal.", {"key-expired"},
           kTimestamp, "#Timestamp=1999999939"),
  };
}

std::vector<Case> FieldCases() {
  const std::vector<std::string> malformed = {"record-malformed"};
  std::vector<Case> cases = {
      Without("instance-missing", "The record names no instance.", {"instance-missing"},
              kInstanceLine),
      Line("instance-empty", "The record's instance is empty.", {"instance-missing"}, kInstanceLine,
           "#Instance="),
      Extra("instance-twice", "The record names this instance twice.", {"field-repeated"},
            "#Instance=i-0123456789abcdef0"),
      Extra("instance-other-twice", "The record names another instance, too.", {"field-repeated"},
            "#Instance=i-0fedcba9876543210"),
      Line("instance-other", "The record is for another instance.", {"instance-mismatch"},
           kInstanceLine, "#Instance=i-0fedcba9876543210"),
      Line("instance-prefix", "The record's instance lacks the last digit.", {"instance-mismatch"},
           kInstanceLine, "#Instance=i-0123456789abcdef"),
      Line("instance-suffix", "The record's instance has one digit more.", {"instance-mismatch"},
           kInstanceLine, "#Instance=i-0123456789abcdef00"),
      Line("instance-upper-case", "The record's instance is in upper case.", {"instance-mismatch"},
           kInstanceLine, "#Instance=I-0123456789ABCDEF0"),
      Line("instance-blank-before", "The record's instance begins with a blank.",
           {"instance-mismatch"}, kInstanceLine, "#Instance= i-0123456789abcdef0"),
      Line("instance-blank-after", "The record's instance ends in a blank.", {"instance-mismatch"},
           kInstanceLine, "#Instance=i-0123456789abcdef0 "),
      Line("instance-nul", "The record's instance goes on after a NUL.", {"instance-mismatch"},
           kInstanceLine, std::string("#Instance=i-0123456789abcdef0\0x", 31)),
      Without("caller-missing", "The record names no principal.", Accept(), kCaller),
      Line("caller-empty", "The record's principal is empty.", Accept(), kCaller, "#Caller="),
      Line("caller-blanks-around", "Blanks around the principal are signed and tell nothing.",
           Accept(), kCaller, "#Caller= arn:aws:iam::123456789012:user/alice\t"),
      Extra("caller-twice", "The record names two principals.", {"field-repeated"},
            "#Caller=arn:aws:iam::123456789012:user/bob"),
      Line("caller-hostile", "The principal holds quotes, NUL, escapes and bytes of no encoding.",
           Accept(), kCaller, std::string("#Caller=\"\0\x1b[2J\xff\r\" reason=", 23)),
      Without("request-missing", "The record names no request.", Accept(), kRequest),
      Line("request-empty", "The record's request is empty.", Accept(), kRequest, "#Request="),
      Line("request-blanks-around", "Blanks around the request are signed and tell nothing.",
           Accept(), kRequest, "#Request= 1234abcd-12ab-34cd-56ef-1234567890ab\t"),
      Extra("request-twice", "The record names two requests.", {"field-repeated"}, "#Request=x"),
      Extra("field-unknown", "A field of a later version is signed and ignored.", Accept(),
            "#Purpose=login"),
      Extra("field-unknown-empty", "A field of a later version has no value.", Accept(),
            "#Purpose="),
      Extra("field-without-equals", "A metadata line has no value.", malformed, "#Purpose"),
      Extra("field-without-name", "A metadata line has no name.", malformed, "#=login"),
      Extra("field-hash-alone", "A metadata line has nothing but its mark.", malformed, "#"),
      Extra("field-too-long", "A metadata line has one byte more than 16 KiB.", malformed,
            "#Purpose=" + std::string(16 * 1024 - 8, 'x')),
      Line("instance-too-long", "The line of the instance has one byte more than 16 KiB.",
           malformed, kInstanceLine, "#Instance=" + std::string(16 * 1024 - 9, 'i')),
      Line("caller-too-long", "The line of the principal has one byte more than 16 KiB.", malformed,
           kCaller, "#Caller=" + std::string(16 * 1024 - 7, 'a')),
      Line("request-too-long", "The line of the request has one byte more than 16 KiB.", malformed,
           kRequest, "#Request=" + std::string(16 * 1024 - 8, 'r')),
      Extra("field-longest", "A metadata line has 16 KiB.", Accept(),
            "#Purpose=" + std::string(16 * 1024 - 9, 'x')),
  };
  const auto with_lines = [](std::string name, std::string comment, std::vector<std::string> expect,
                             std::size_t count) {
    Case row{std::move(name), std::move(comment), std::move(expect)};
    row.record = [count](RecordSpec& r) {
      while (r.metadata_lines.size() < count) r.metadata_lines.emplace_back("#Purpose=login");
    };
    return row;
  };
  cases.push_back(with_lines("field-32", "The record has 32 metadata lines.", Accept(), 32));
  cases.push_back(with_lines("field-33", "The record has 33 metadata lines.", malformed, 33));
  Case reversed{"field-order", "The order of the metadata lines does not matter.", Accept()};
  reversed.record = [](RecordSpec& r) { std::swap(r.metadata_lines[0], r.metadata_lines[3]); };
  cases.push_back(reversed);
  return cases;
}

std::vector<Case> SignatureCases() {
  const std::vector<std::string> invalid = {"signature-invalid"};
  const std::vector<std::string> malformed = {"signature-malformed"};
  const auto wrapped = [](std::string name, std::size_t columns) {
    Case row{std::move(name), "The signature is wrapped.", Accept()};
    row.record = [columns](RecordSpec& r) { r.wrap_columns = columns; };
    return row;
  };
  const auto with_signature = [](const std::string& signature) {
    return [signature](Notary& n) { return issuer::SignedBytes(n.Record()) + signature + "\n"; };
  };
  return {
      Scheme("signature-salt-20", "The salt has 20 bytes.", invalid,
             {EVP_sha256(), EVP_sha256(), 20}),
      Scheme("signature-salt-0", "There is no salt.", invalid, {EVP_sha256(), EVP_sha256(), 0}),
      Scheme("signature-salt-longest", "The salt fills the signature.", invalid,
             {EVP_sha256(), EVP_sha256(), 222}),
      Scheme("signature-sha1", "The digest is SHA-1.", invalid, {EVP_sha1(), EVP_sha1(), 32}),
      Scheme("signature-sha512", "The digest is SHA-512.", invalid,
             {EVP_sha512(), EVP_sha512(), 32}),
      Scheme("signature-mask-sha1", "The mask is made with SHA-1.", invalid,
             {EVP_sha256(), EVP_sha1(), 32}),
      Scheme("signature-pkcs1", "The padding is that of PKCS #1 v1.5.", invalid,
             {EVP_sha256(), EVP_sha256(), 32, false}),
      Blob("signature-by-stranger", "The record is signed by another key.", invalid,
           [](Notary& n) { return n.SignWith(n.Record(), "stranger"); }),
      Blob("signature-by-intermediate", "The record is signed by the signer's issuer.", invalid,
           [](Notary& n) { return n.SignWith(n.Record(), "intermediate"); }),
      Blob("signature-by-user", "The record is signed by the key in it.", invalid,
           [](Notary& n) { return n.SignWith(n.Record("user-rsa2048"), "user-rsa2048"); }),
      Blob("signature-of-other-record", "The signature is that of another good record.", invalid,
           [](Notary& n) {
             return issuer::RecordWithSignature(
                 n.Record(), issuer::Sign(issuer::SignedBytes(n.Record("user-rsa2048")),
                                          n.keys().Get("signer"), {}));
           }),
      Blob("signature-without-last-line-end", "The signed bytes lack the key line's LF.", invalid,
           [](Notary& n) {
             std::string bytes = issuer::SignedBytes(n.Record());
             bytes.pop_back();
             return issuer::RecordWithSignature(n.Record(),
                                                issuer::Sign(bytes, n.keys().Get("signer"), {}));
           }),
      Blob("signature-truncated", "The signature lacks its last three bytes.", invalid,
           [](Notary& n) {
             const std::string raw =
                 issuer::Sign(issuer::SignedBytes(n.Record()), n.keys().Get("signer"), {});
             return issuer::RecordWithSignature(n.Record(), raw.substr(0, raw.size() - 3));
           }),
      Blob("signature-with-more-bytes", "A byte follows the signature's own.", invalid,
           [](Notary& n) {
             const std::string raw =
                 issuer::Sign(issuer::SignedBytes(n.Record()), n.keys().Get("signer"), {});
             return issuer::RecordWithSignature(n.Record(), raw + std::string(1, '\0'));
           }),
      Blob("signature-zero", "The signature is the number 0.", invalid,
           with_signature(EncodeBase64(std::string(256, '\0')))),
      Blob("signature-one-byte", "The signature has one byte.", invalid, with_signature("AA==")),
      Blob("signature-not-base64", "The signature is a word.", malformed,
           with_signature("not-a-signature")),
      Blob("signature-not-canonical", "The last character has bits that mean nothing.", malformed,
           with_signature("AB==")),
      Blob("signature-unpadded", "The signature lacks its padding.", malformed,
           with_signature("AA")),
      Blob("signature-blank-after", "A blank follows the signature.", malformed,
           [](Notary& n) {
             std::string blob = n.Good();
             return blob.insert(blob.size() - 1, " ");
           }),
      Blob("signature-blank-before", "A blank stands before the signature.", malformed,
           [](Notary& n) {
             std::string blob = n.Good();
             return blob.insert(blob.rfind('\n', blob.size() - 2) + 1, " ");
           }),
      Blob("signature-longest", "The signature has 4 KiB of base64, and is none.", invalid,
           with_signature(std::string(4096, 'A'))),
      Blob("signature-too-long", "The signature has more than 4 KiB of base64.", malformed,
           with_signature(std::string(4100, 'A'))),
      Blob("signature-128-lines", "The signature has 128 lines, and is none.", invalid,
           [with_signature](Notary& n) {
             std::string lines = "AAAA";
             for (int i = 1; i < 128; ++i) lines += "\nAAAA";
             return with_signature(lines)(n);
           }),
      Blob("signature-129-lines", "The signature has 129 lines.", malformed,
           [with_signature](Notary& n) {
             std::string lines = "AAAA";
             for (int i = 1; i < 129; ++i) lines += "\nAAAA";
             return with_signature(lines)(n);
           }),
      wrapped("signature-wrapped-64", 64),
      wrapped("signature-wrapped-76", 76),
      wrapped("signature-wrapped-5", 5),
  };
}

std::vector<Case> ShapeCases() {
  const std::string both = "accept user-rsa2048";
  return {
      Blob("blob-empty", "The blob is empty.", {"none"}, [](Notary&) { return ""; }),
      Blob("blob-blank", "The blob is nothing but blank lines.", {"none"},
           [](Notary&) { return "\n \t\n\r\n\n"; }),
      Blob("blob-html", "The blob is a page in HTML.", {"timestamp-missing"},
           [](Notary&) { return "<html>\n<body>Not here</body>\n</html>\n"; }),
      Blob("blob-nul", "The blob is one NUL.", {"timestamp-missing"},
           [](Notary&) { return std::string(1, '\0'); }),
      Blob("record-good", "One good record.", Accept(), [](Notary& n) { return n.Good(); }),
      Blob("record-without-final-line-end", "The blob ends without LF.", Accept(),
           [](Notary& n) {
             std::string blob = n.Good();
             blob.pop_back();
             return blob;
           }),
      Blob("record-blank-lines-around", "Blank lines before and after a record mean nothing.",
           Accept(), [](Notary& n) { return "\n \n" + n.Good() + "\n\t\n"; }),
      Blob("record-carriage-returns", "The lines end in CR LF.", {"timestamp-malformed"},
           [](Notary& n) {
             std::string blob;
             for (const char c : n.Good())
               blob += c == '\n' ? std::string("\r\n") : std::string(1, c);
             return blob;
           }),
      Blob("record-byte-order-mark", "A byte order mark stands before the record.",
           {"timestamp-missing"}, [](Notary& n) { return "\xef\xbb\xbf" + n.Good(); }),
      Blob("record-without-key", "The record ends after its metadata.", {"record-incomplete"},
           [](Notary& n) {
             const std::string bytes = issuer::SignedBytes(n.Record());
             return bytes.substr(0, bytes.find("ssh-"));
           }),
      Blob("record-two-keys", "A second key stands between the first and the signature of both.",
           {"signature-malformed"},
           [](Notary& n) {
             RecordSpec record = n.Record();
             record.key_line += '\n' + n.Record("user-rsa2048").key_line;
             return n.Sign(record);
           }),
      Blob("record-two-signatures", "The signature stands in the record twice.",
           {"signature-malformed"},
           [](Notary& n) {
             const std::string good = n.Good();
             return good + good.substr(good.rfind('\n', good.size() - 2) + 1);
           }),
      Blob("record-without-signature", "The record ends after its key.", {"record-incomplete"},
           [](Notary& n) { return issuer::SignedBytes(n.Record()); }),
      Blob("record-signature-after-blank", "A blank line parts the signature from its record.",
           {"record-incomplete", "timestamp-missing"},
           [](Notary& n) {
             return Replaced(n.Good(), n.KeyLine(kUserKey) + "\n", n.KeyLine(kUserKey) + "\n\n");
           }),
      Blob("record-blank-before-field", "A blank stands before a metadata line.",
           {"timestamp-missing"}, [](Notary& n) { return " " + n.Good(); }),
      Blob("record-field-after-key", "A metadata line follows the key.", {"record-malformed"},
           [](Notary& n) {
             RecordSpec record = n.Record();
             const std::string moved = record.metadata_lines.back();
             record.metadata_lines.pop_back();
             record.key_line += "\n" + moved;
             return n.Sign(record);
           }),
      Blob("records-two", "Two keys are live.", {"accept user-ed25519", both},
           [](Notary& n) { return n.Good() + "\n" + n.Good("user-rsa2048"); }),
      Blob("records-blank-lines-between", "Several blank lines stand between two records.",
           {"accept user-ed25519", both},
           [](Notary& n) { return n.Good() + "\n\n \n\n" + n.Good("user-rsa2048"); }),
      Blob("records-adjoining", "A record follows another without a blank line.",
           {"record-malformed"}, [](Notary& n) { return n.Good() + n.Good("user-rsa2048"); }),
      Blob("records-adjoining-hide-none", "Two records adjoin; a third stands by itself.",
           {"accept user-ed25519", "record-malformed"},
           [](Notary& n) { return n.Good() + n.Good("user-rsa2048") + "\n" + n.Good(); }),
      Blob("records-same-twice", "The same record is served twice.",
           {"accept user-ed25519", "accept user-ed25519"},
           [](Notary& n) { return n.Good() + "\n" + n.Good(); }),
      Blob("records-second-forged", "Of two records one is forged.",
           {"accept user-ed25519", "signature-invalid"},
           [](Notary& n) {
             return n.Good() + "\n" + n.SignWith(n.Record("user-rsa2048"), "stranger");
           }),
      Blob("lesson-bad-record-hides-none", "Bad records before and between good ones.",
           {"accept user-ed25519", both, "timestamp-missing", "timestamp-malformed"},
           [](Notary& n) {
             RecordSpec bad = n.Record();
             bad.metadata_lines[kTimestamp] = "#Timestamp=$(reboot)";
             return "rubbish\n\n" + n.Good() + "\n" + n.Sign(bad) + "\n" + n.Good("user-rsa2048");
           }),
  };
}

}  // namespace

std::vector<Case> RecordCases() {
  std::vector<Case> cases;
  for (const auto& make : {TimestampCases, FieldCases, SignatureCases, ShapeCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
