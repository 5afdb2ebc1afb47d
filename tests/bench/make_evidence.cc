// Makes what ./dev bench serves and trusts: everything lives for a day.
//
//   eic-bench-evidence OUT --records N --issuers N --certificates N --key FILE.pub
//
// OUT/root/latest/meta-data/... is a document root for any web server, with the blob of N records
// for ec2-user, the first of them of the key in FILE.pub, and a chain of a signer, N issuers below
// the root and the root, a staple for each but the root. OUT/store is a CA store with N trusted
// certificates, the root among them, as Debian lays it out (hashed links to names to files in
// OUT/certificates); OUT/bundle.pem holds the same.
#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "issuer/authority.h"
#include "issuer/files.h"
#include "issuer/keys.h"
#include "issuer/records.h"
#include "issuer/staples.h"

namespace {

namespace fs = std::filesystem;
using namespace eic;
using namespace eic::issuer;

constexpr std::string_view kInstance = "i-0123456789abcdef0";  // the stage's
constexpr std::string_view kRegion = "us-west-2";
constexpr std::string_view kDomain = "amazonaws.com";

// A certificate with the key that signs for it.
struct Link {
  X509Ptr certificate;
  EvpPkeyPtr key;
};

void Write(const fs::path& path, std::string_view contents) {
  fs::create_directories(path.parent_path());
  WriteNewFile(path, contents, Secrecy::kPublic);
}

// The root, its issuers downward, the signer.
std::vector<Link> MakeChain(int issuers, Instant now) {
  std::vector<Link> chain;
  for (int i = 0; i <= issuers; ++i) {
    CertificateSpec spec = i == 0 ? RootSpec(now) : IntermediateSpec(now);
    spec.path_length.reset();
    if (i > 1) spec.common_names.front() += ' ' + std::to_string(i);
    EvpPkeyPtr key = GenerateRsaKey(2048);
    X509Ptr certificate =
        IssueCertificate(spec, key.get(), i == 0 ? nullptr : chain.back().certificate.get(),
                         i == 0 ? key.get() : chain.back().key.get());
    chain.push_back({std::move(certificate), std::move(key)});
  }
  EvpPkeyPtr key = GenerateRsaKey(2048);
  X509Ptr signer = IssueCertificate(SignerSpec(kRegion, kDomain, now), key.get(),
                                    chain.back().certificate.get(), chain.back().key.get());
  chain.push_back({std::move(signer), std::move(key)});
  return chain;
}

std::string StapleOf(const Link& subject, const Link& issuer, Instant now) {
  SingleResponseSpec response;
  response.subject = subject.certificate.get();
  response.issuer = issuer.certificate.get();
  response.this_update = now - 3600;
  response.next_update = now + kSecondsPerDay;
  StapleSpec spec;
  spec.responses = {response};
  spec.responder = issuer.certificate.get();
  spec.responder_key = issuer.key.get();
  spec.produced_at = response.this_update;
  return StapleBase64(MakeStaple(spec));
}

// `first_key` is that of the first record, as a line.
std::string MakeBlob(int records, const std::string& first_key, EVP_PKEY* signer_key, Instant now) {
  std::string blob;
  for (int i = 0; i < records; ++i) {
    RecordFields fields;
    fields.timestamp = now + kSecondsPerDay;
    fields.instance_id = kInstance;
    fields.caller = "arn:aws:iam::123456789012:user/alice";
    fields.request_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const std::string line =
        i == 0 ? first_key : SshPublicKeyLine(GenerateEd25519Key().get(), "alice");
    blob += SignRecord(MakeRecordSpec(fields, line), signer_key);
    blob += '\n';
  }
  return blob;
}

void WriteDocuments(const fs::path& root, const std::vector<Link>& chain, int records,
                    const std::string& first_key, Instant now) {
  const fs::path meta_data = root / "latest" / "meta-data";
  const fs::path keys = meta_data / "managed-ssh-keys";
  Write(meta_data / "placement" / "region", kRegion);
  Write(meta_data / "services" / "domain", kDomain);
  Write(keys / "active-keys" / "ec2-user",
        MakeBlob(records, first_key, chain.back().key.get(), now));
  std::string pem;
  std::string list;
  for (std::size_t i = chain.size(); i-- > 0;) {
    pem += CertificatePem(chain[i].certificate.get());
    if (i == 0) break;
    const std::string name = Sha1Name(chain[i].certificate.get());
    Write(keys / "signer-ocsp" / name, StapleOf(chain[i], chain[i - 1], now));
    list += name + '\n';
  }
  // What the server gives for the folder itself.
  Write(keys / "signer-ocsp" / "index.html", list);
  Write(keys / "signer-cert", pem);
}

// The same key for all of them: nobody verifies by it.
std::vector<X509Ptr> MakeStrangers(int count, Instant now) {
  const EvpPkeyPtr key = GenerateRsaKey(2048);
  std::vector<X509Ptr> strangers;
  for (int i = 0; i < count; ++i) {
    CertificateSpec spec = RootSpec(now);
    spec.common_names = {"Stranger " + std::to_string(i)};
    strangers.push_back(IssueCertificate(spec, key.get(), nullptr, key.get()));
  }
  return strangers;
}

void WriteStore(const fs::path& out, const std::vector<X509*>& trusted) {
  std::map<unsigned long, int> entries;
  std::string bundle;
  fs::create_directories(out / "store");
  for (std::size_t i = 0; i < trusted.size(); ++i) {
    const std::string stem = "certificate-" + std::to_string(i);
    const std::string pem = CertificatePem(trusted[i]);
    bundle += pem;
    Write(out / "certificates" / (stem + ".crt"), pem);
    fs::create_symlink("../certificates/" + stem + ".crt", out / "store" / (stem + ".pem"));
    const unsigned long hash = X509_subject_name_hash(trusted[i]);
    char name[32];
    (void)std::snprintf(name, sizeof name, "%08lx.%d", hash, entries[hash]++);
    fs::create_symlink(stem + ".pem", out / "store" / name);
  }
  Write(out / "bundle.pem", bundle);
}

int Number(const char* text) { return std::max(0, std::atoi(text)); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) {
    std::cerr << "usage: eic-bench-evidence OUT --records N --issuers N --certificates N"
                 " --key FILE.pub\n";
    return 64;
  }
  const Instant now(std::time(nullptr));
  const fs::path out = argv[1];
  const std::vector<Link> chain = MakeChain(Number(argv[5]), now);
  std::string key = ReadFile(argv[9]);
  key.erase(key.find_last_not_of('\n') + 1);
  WriteDocuments(out / "root", chain, Number(argv[3]), key, now);
  const std::vector<X509Ptr> strangers = MakeStrangers(Number(argv[7]) - 1, now);
  // In the middle, so that a bundle is read neither at its best nor at its worst.
  std::vector<X509*> trusted;
  for (const X509Ptr& stranger : strangers) trusted.push_back(stranger.get());
  trusted.insert(trusted.begin() + static_cast<std::ptrdiff_t>(trusted.size() / 2),
                 chain.front().certificate.get());
  WriteStore(out, trusted);
  return 0;
}
