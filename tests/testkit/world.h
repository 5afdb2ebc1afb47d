// A world of evidence: a root, an intermediate, a signer and their staples, all good, and verbs to
// damage each of them.
//
// It is made in three stages, since later parts are made from earlier ones: a plan of the
// certificates; the certificates, which are issued by the plan, with drafts of the staples; and the
// texts that metadata serves. A test damages the stage where its defect belongs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/openssl_handles.h"
#include "issuer/authority.h"
#include "issuer/certificates.h"
#include "issuer/staples.h"
#include "tests/testkit/key_ring.h"
#include "tests/testkit/notary.h"

namespace eic::testkit {

// A certificate to be issued: its fields, the key in it, the key that signs it. Keys are names of
// the ring.
struct CertificatePlan {
  issuer::CertificateSpec spec;
  std::string key;
  std::string signed_by;
};

struct ChainPlan {
  CertificatePlan root;
  CertificatePlan intermediate;
  CertificatePlan signer;
};

ChainPlan GoodPlan();

// A staple before it is signed. `name` is what it is listed as; `body`, if there is one, is served
// in place of what `spec` makes.
struct StapleDraft {
  std::string name;
  issuer::StapleSpec spec;
  std::optional<std::string> body;

  issuer::SingleResponseSpec& word() { return spec.responses.front(); }
};

// What metadata serves. Bytes, so that a test can damage them further.
struct ServedEvidence {
  std::string signer_cert;
  std::string staple_list;
  std::map<std::string, std::string> staples;  // name to body
};

class World {
 public:
  // `keys` is borrowed and outlives this.
  explicit World(KeyRing& keys, const ChainPlan& plan = GoodPlan());

  // Issues one more certificate. Borrowed from here. Without an issuer it is self-signed.
  X509* Issue(const CertificatePlan& plan, X509* issuer);
  // The same certificate with its signature damaged.
  X509* Break(X509* certificate);
  // A responder for the staples of `issuer`'s certificates, by the given key.
  CertificatePlan ResponderPlan(std::string_view signed_by) const;

  // A good draft: what `issuer`, with `issuer_key`, says of `subject`.
  StapleDraft StapleFor(X509* subject, X509* issuer, std::string_view issuer_key);

  // Lets `responder`, whose key is `key`, sign `draft`, and includes its certificate.
  void SignBy(StapleDraft& draft, X509* responder, std::string_view key);

  StapleDraft& signer_staple() { return staples[0]; }
  StapleDraft& intermediate_staple() { return staples[1]; }

  // The texts that metadata serves, as of now.
  ServedEvidence Serve() const;
  // The host's CA store.
  std::string AnchorsPem() const;

  const ChainPlan plan;
  KeyRing& keys;
  // Borrowed from this world.
  X509* root;
  X509* intermediate;
  X509* signer;

  // To be changed by a test.
  std::vector<X509*> served;         // signer, intermediate, root
  std::vector<X509*> anchors;        // root
  std::vector<StapleDraft> staples;  // of the signer, of the intermediate

 private:
  std::vector<X509Ptr> kept_;
};

}  // namespace eic::testkit
