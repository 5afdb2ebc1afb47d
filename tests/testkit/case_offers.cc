// Records that are, or are not, the key that the client offers: doc/design.md step 5.
#include <memory>

#include "tests/testkit/cases.h"

namespace eic::testkit {

std::vector<Case> OfferCases() {
  std::vector<Case> cases;
  const auto offered = [&cases](std::string name, std::string comment,
                                std::vector<std::string> expect,
                                std::function<std::string(KeyRing&)> fingerprint,
                                std::function<std::string(Notary&)> blob) {
    Case row{std::move(name), std::move(comment), std::move(expect)};
    // The header is filled after the blob, so the fingerprint waits here.
    const auto text = std::make_shared<std::string>();
    row.blob = [text, fingerprint, blob](Notary& n) {
      *text = fingerprint(n.keys());
      return blob(n);
    };
    row.request = [text](Vector& v) { v.fingerprint = *text; };
    cases.push_back(std::move(row));
  };
  const auto sha256_of = [](std::string_view key) {
    return [key](KeyRing& keys) { return keys.Sha256Fingerprint(key); };
  };
  const auto good = [](Notary& n) { return n.Good(); };
  const auto two = [](Notary& n) { return n.Good() + "\n" + n.Good("user-rsa2048"); };
  offered("offer-pushed-key", "The client offers the pushed key.", Accept(), sha256_of(kUserKey),
          good);
  offered(
      "offer-pushed-key-md5", "sshd tells the pushed key's fingerprint by MD5.", Accept(),
      [](KeyRing& keys) { return keys.Md5Fingerprint(kUserKey); }, good);
  offered("offer-second-of-two", "The client offers one of two pushed keys.",
          {"accept user-rsa2048"}, sha256_of("user-rsa2048"), two);
  offered("offer-other-key", "The client offers another key: no refusal.", {"none"},
          sha256_of("user-ed25519-b"), good);
  offered("offer-other-key-expired", "A stranger's offer tells nothing of an expired record.",
          {"none"}, sha256_of("user-ed25519-b"), [](Notary& n) {
            issuer::RecordSpec record = n.Record();
            record.metadata_lines[0] = "#Timestamp=1";
            return n.Sign(record);
          });
  offered("offer-other-key-malformed", "A stranger's offer tells nothing of a bad record.",
          {"none"}, sha256_of("user-ed25519-b"), [](Notary& n) {
            issuer::RecordSpec record = n.Record();
            record.metadata_lines[0] = "#Timestamp=never";
            return n.Sign(record);
          });
  offered("offer-unreadable-record", "A record without a readable key may have been the offered.",
          {"key-malformed"}, sha256_of(kUserKey), [](Notary& n) {
            issuer::RecordSpec record = n.Record();
            record.key_line = "ssh-ed25519 AAAA====";
            return n.Sign(record);
          });
  const auto short_records = [](std::size_t count) {
    return [count](Notary& n) {
      std::string blob;
      for (std::size_t i = 0; i < count; ++i) blob += n.KeyLine("user-ed25519-b") + "\n\n";
      return blob;
    };
  };
  offered("records-128", "128 records are read; none is the offered one.", {"none"},
          sha256_of(kUserKey), short_records(128));
  offered("records-129", "Of 129 records the last is not read.", {"too-many-records"},
          sha256_of(kUserKey), short_records(129));
  offered("records-128th-good", "The last of 128 records is good.", Accept(), sha256_of(kUserKey),
          [short_records](Notary& n) { return short_records(127)(n) + n.Good(); });
  return cases;
}

}  // namespace eic::testkit
