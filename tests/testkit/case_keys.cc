// The key of a record: doc/design.md steps 5 and 10. All of these records are well signed: what is
// refused here was signed by the service.
#include "core/base64.h"
#include "issuer/keys.h"
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

// RFC 4251 section 5: a string; an mpint is one too.
std::string WireString(std::string_view bytes) {
  std::string wire;
  for (int shift = 24; shift >= 0; shift -= 8) {
    wire += static_cast<char>((bytes.size() >> shift) & 0xffU);
  }
  return wire.append(bytes);
}

std::string RsaWire(std::string_view e, std::string_view n) {
  return WireString("ssh-rsa") + WireString(e) + WireString(n);
}

// A positive odd number of so many bits: as a modulus it is no good, but it has the form.
std::string Modulus(std::size_t bits) {
  std::string modulus(bits / 8, '\x5b');
  modulus[0] = '\xdb';
  return std::string(1, '\0') + modulus;
}

std::string LineOf(std::string_view type, std::string_view wire) {
  return std::string(type) + ' ' + EncodeBase64(wire);
}

Case Key(std::string name, std::string comment, std::vector<std::string> expect,
         std::function<std::string(Notary&)> line) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.blob = [line](Notary& n) {
    issuer::RecordSpec record = n.Record();
    record.key_line = line(n);
    return n.Sign(record);
  };
  return row;
}

Case KeyText(std::string name, std::string comment, std::string reason, std::string line) {
  return Key(std::move(name), std::move(comment), {std::move(reason)},
             [line](Notary&) { return line; });
}

Case Accepted(std::string name, std::string comment, std::string key) {
  return Key(std::move(name), std::move(comment), {"accept " + key},
             [key](Notary& n) { return n.KeyLine(key); });
}

std::vector<Case> AcceptedCases() {
  const auto good = [](Notary& n) { return n.KeyLine(kUserKey); };
  return {
      Accepted("key-ed25519", "An Ed25519 key.", "user-ed25519"),
      Accepted("key-rsa2048", "An RSA key of 2048 bits.", "user-rsa2048"),
      Accepted("key-rsa3072", "An RSA key of 3072 bits.", "user-rsa3072"),
      Accepted("key-rsa4096", "An RSA key of 4096 bits.", "user-rsa4096"),
      Accepted("key-ecdsa256", "An ECDSA key on NIST P-256.", "user-ecdsa256"),
      Accepted("key-ecdsa384", "An ECDSA key on NIST P-384.", "user-ecdsa384"),
      Accepted("key-ecdsa521", "An ECDSA key on NIST P-521.", "user-ecdsa521"),
      Key("lesson-comment-is-not-printed", "A comment is signed, and is not printed.", Accept(),
          [good](Notary& n) { return good(n) + " alice,command=\"/bin/sh\" ssh-rsa AAAA"; }),
      Key("key-blanks-after", "Blanks at the end of the line are signed.", Accept(),
          [good](Notary& n) { return good(n) + " \t "; }),
      Key("key-blanks-between", "Several blanks part type and key.", Accept(),
          [good](Notary& n) { return Replaced(good(n), " ", " \t  "); }),
      Key("key-comment-of-any-bytes", "The comment holds NUL and bytes of no encoding.", Accept(),
          [good](Notary& n) { return good(n) + std::string(" \0\xff\x1b[2J", 7); }),
  };
}

std::vector<Case> LineCases() {
  const std::string unsupported = "key-type-unsupported";
  const std::string malformed = "key-malformed";
  const auto good = [](Notary& n) { return n.KeyLine(kUserKey); };
  return {
      Key("lesson-options-before-key", "Options stand before the key, signed or not.",
          {unsupported}, [good](Notary& n) { return "command=\"/bin/sh\" " + good(n); }),
      Key("key-restrict-before-key", "An option without a value stands before the key.",
          {unsupported}, [good](Notary& n) { return "restrict " + good(n); }),
      Key("key-cert-authority", "The key would be a certificate authority.", {unsupported},
          [good](Notary& n) { return "cert-authority " + good(n); }),
      Key("key-blank-before", "A blank stands before the type.", {unsupported},
          [good](Notary& n) { return " " + good(n); }),
      KeyText("lesson-line-that-is-no-key", "A line that begins with ssh is no key for that.",
              unsupported, "ssh is a protocol"),
      KeyText("key-type-made-up", "The type only begins like one.", unsupported,
              "ssh-ed25519-of-mine AAAA"),
      KeyText("key-type-case", "The type is in upper case.", unsupported, "SSH-ED25519 AAAA"),
      KeyText("key-dsa", "A DSA key.", unsupported, LineOf("ssh-dss", WireString("ssh-dss"))),
      KeyText("key-security-key", "A security key.", unsupported,
              LineOf("sk-ssh-ed25519@openssh.com", WireString("sk-ssh-ed25519@openssh.com"))),
      KeyText("key-certificate", "A certificate.", unsupported,
              LineOf("ssh-ed25519-cert-v01@openssh.com",
                     WireString("ssh-ed25519-cert-v01@openssh.com"))),
      KeyText("key-rsa-sha2", "The name of a signature is no type of a key.", unsupported,
              LineOf("rsa-sha2-256", RsaWire("\x01\x01", Modulus(2048)))),
      KeyText("key-type-alone", "The line ends after the type.", malformed, "ssh-ed25519"),
      KeyText("key-type-and-blank", "Nothing but a blank follows the type.", malformed,
              "ssh-ed25519 "),
      KeyText("key-not-base64", "The key is a word.", malformed, "ssh-ed25519 key"),
      Key("key-unpadded", "The key lacks its padding.", {malformed},
          [](Notary& n) {
            const std::string line = n.KeyLine("user-rsa2048");
            return line.substr(0, line.size() - 1);
          }),
      KeyText("key-wire-empty", "The wire bytes are a type alone.", malformed,
              LineOf("ssh-ed25519", WireString("ssh-ed25519"))),
      KeyText("key-wire-truncated", "The type is longer than the bytes.", malformed,
              LineOf("ssh-ed25519", std::string("\0\0\0\x0bssh", 7))),
      KeyText("key-wire-length-huge", "A length would wrap around.", malformed,
              LineOf("ssh-ed25519", WireString("ssh-ed25519") + "\xff\xff\xff\xff")),
      Key("key-bytes-after", "A byte follows the key's own.", {malformed},
          [](Notary& n) {
            return LineOf("ssh-ed25519", issuer::SshWireKey(n.keys().Get(kUserKey)) + "x");
          }),
      Key("key-line-too-long", "The line has one byte more than 16 KiB.", {"record-malformed"},
          [good](Notary& n) {
            std::string line = good(n) + ' ';
            return line.append(16 * 1024 + 1 - line.size(), 'x');
          }),
      Key("key-line-longest", "The line has 16 KiB.", Accept(),
          [good](Notary& n) {
            std::string line = good(n) + ' ';
            return line.append(16 * 1024 - line.size(), 'x');
          }),
  };
}

std::vector<Case> TypeCases() {
  const std::string mismatch = "key-type-mismatch";
  return {
      Key("key-rsa-called-ed25519", "The text names another type than the bytes.", {mismatch},
          [](Notary& n) { return Replaced(n.KeyLine("user-rsa2048"), "ssh-rsa", "ssh-ed25519"); }),
      Key("key-curve-called-other", "The text names another curve than the bytes.", {mismatch},
          [](Notary& n) { return Replaced(n.KeyLine("user-ecdsa256"), "nistp256", "nistp384"); }),
      Key("key-curve-inside-other", "The type's curve is not the parameters'.", {mismatch},
          [](Notary& n) {
            const std::string wire = issuer::SshWireKey(n.keys().Get("user-ecdsa384"));
            const std::string inner = wire.substr(4 + 19);
            return LineOf("ecdsa-sha2-nistp256", WireString("ecdsa-sha2-nistp256") + inner);
          }),
      Key("key-certificate-called-key", "The bytes are a certificate's.", {mismatch},
          [](Notary&) {
            return LineOf("ssh-ed25519", WireString("ssh-ed25519-cert-v01@openssh.com"));
          }),
  };
}

std::vector<Case> NumberCases() {
  const std::string malformed = "key-malformed";
  const std::string e("\x01\x00\x01", 3);
  const auto rsa = [](std::string name, std::string comment, std::string reason,
                      std::string_view exponent, std::string_view n) {
    return KeyText(std::move(name), std::move(comment), std::move(reason),
                   LineOf("ssh-rsa", RsaWire(exponent, n)));
  };
  const auto point = [](std::string name, std::string comment,
                        std::function<std::string(std::string)> damage) {
    return Key(std::move(name), std::move(comment), {"key-malformed"}, [damage](Notary& n) {
      const std::string wire = issuer::SshWireKey(n.keys().Get("user-ecdsa256"));
      const std::string good = wire.substr(wire.size() - 65);
      return LineOf("ecdsa-sha2-nistp256", WireString("ecdsa-sha2-nistp256") +
                                               WireString("nistp256") + WireString(damage(good)));
    });
  };
  std::string even = Modulus(2048);
  even.back() = '\x5a';
  return {
      Key("key-rsa1024", "An RSA key of 1024 bits.", {"key-too-small"},
          [](Notary& n) { return n.KeyLine("rsa1024"); }),
      rsa("key-rsa2040", "An RSA key of 2040 bits.", "key-too-small", e, Modulus(2040)),
      rsa("key-rsa2047", "An RSA key of 2047 bits.", "key-too-small", e,
          "\x5b" + Modulus(2040).substr(1)),
      rsa("key-rsa16392", "An RSA key of more than 16384 bits.", malformed, e, Modulus(16392)),
      rsa("key-rsa-exponent-one", "The exponent is 1.", malformed, "\x01", Modulus(2048)),
      rsa("key-rsa-exponent-even", "The exponent is even.", malformed, "\x04", Modulus(2048)),
      rsa("key-rsa-exponent-zero", "The exponent is 0.", malformed, "", Modulus(2048)),
      rsa("key-rsa-modulus-even", "The modulus is even.", malformed, e, even),
      rsa("key-rsa-modulus-negative", "The modulus is negative.", malformed, e,
          Modulus(2048).substr(1)),
      rsa("key-rsa-modulus-padded", "The modulus has a zero byte too many.", malformed, e,
          std::string(1, '\0') + Modulus(2048)),
      KeyText("key-rsa-without-modulus", "The modulus is missing.", malformed,
              LineOf("ssh-rsa", WireString("ssh-rsa") + WireString(e))),
      KeyText("key-ed25519-31-bytes", "The Ed25519 key lacks a byte.", malformed,
              LineOf("ssh-ed25519", WireString("ssh-ed25519") + WireString(std::string(31, 'x')))),
      KeyText("key-ed25519-33-bytes", "The Ed25519 key has a byte too many.", malformed,
              LineOf("ssh-ed25519", WireString("ssh-ed25519") + WireString(std::string(33, 'x')))),
      point("key-ecdsa-off-curve", "The point is not on its curve.",
            [](std::string p) {
              p.back() = static_cast<char>(p.back() ^ 1);
              return p;
            }),
      point("key-ecdsa-compressed", "The point is compressed.",
            [](const std::string& p) {
              return std::string(1, (p.back() & 1) != 0 ? '\x03' : '\x02') + p.substr(1, 32);
            }),
      point("key-ecdsa-hybrid", "The point is in the hybrid form.",
            [](std::string p) {
              p[0] = (p.back() & 1) != 0 ? '\x07' : '\x06';
              return p;
            }),
      point("key-ecdsa-infinity", "The point is the one at infinity.",
            [](const std::string&) { return std::string(1, '\0'); }),
      point("key-ecdsa-empty", "The point is empty.", [](const std::string&) { return ""; }),
  };
}

}  // namespace

std::vector<Case> KeyCases() {
  std::vector<Case> cases;
  for (const auto& make : {AcceptedCases, LineCases, TypeCases, NumberCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
