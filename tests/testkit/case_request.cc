// What sshd asks: doc/design.md step 1; and where the instance is: step 7.
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

Case User(std::string name, std::string comment, std::vector<std::string> expect,
          std::string user) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.request = [user](Vector& v) { v.user = user; };
  return row;
}

Case Fingerprint(std::string name, std::string comment, std::string fingerprint) {
  Case row{std::move(name), std::move(comment), {"fingerprint-invalid"}};
  row.request = [fingerprint](Vector& v) { v.fingerprint = fingerprint; };
  return row;
}

Case KeyType(std::string name, std::string comment, std::vector<std::string> expect,
             std::string key_type) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.request = [key_type](Vector& v) { v.key_type = key_type; };
  return row;
}

// Metadata says that the instance is elsewhere; the signer stays the one of us-west-2.
Case Served(std::string name, std::string comment, std::string reason, std::string region,
            std::string domain) {
  Case row{std::move(name), std::move(comment), {std::move(reason)}};
  row.request = [region, domain](Vector& v) {
    v.region = region;
    v.domain = domain;
  };
  return row;
}

// Region and domain, with the signer of that name.
Case OwnSigner(std::string name, std::string comment, std::vector<std::string> expect,
               std::string region, std::string domain) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.plan = [region, domain](ChainPlan& plan) {
    plan.signer.spec = issuer::SignerSpec(region, domain, kNow);
  };
  row.request = [region, domain](Vector& v) {
    v.region = region;
    v.domain = domain;
  };
  return row;
}

// Region and domain of a partition, with the signer that belongs there.
Case Partition(std::string name, std::string comment, std::string region, std::string domain) {
  return OwnSigner(std::move(name), std::move(comment), Accept(), std::move(region),
                   std::move(domain));
}

std::vector<Case> UserCases() {
  return {
      User("user-empty", "The user name is empty.", {"user-name-invalid"}, ""),
      User("user-dot", "The user name is a dot segment.", {"user-name-invalid"}, "."),
      User("user-dot-dot", "The user name is the segment of the parent.", {"user-name-invalid"},
           ".."),
      User("user-slash", "The user name is more than one segment.", {"user-name-invalid"},
           "alice/../root"),
      User("user-nul", "The user name holds a NUL.", {"user-name-invalid"},
           std::string("alice\0root", 10)),
      User("user-control", "The user name holds a tab.", {"user-name-invalid"}, "alice\troot"),
      User("user-delete", "The user name holds the control character 0x7f.", {"user-name-invalid"},
           "alice\x7f"),
      User("user-too-long", "The user name has 256 bytes.", {"user-name-invalid"},
           std::string(256, 'a')),
      User("user-longest", "The user name has 255 bytes.", Accept(), std::string(255, 'a')),
      User("user-windows-domain", "The user name is of a Windows domain: none is ever pushed.",
           {"user-name-never-pushed"}, "CORP\\alice"),
      User("user-at", "The user name is of a directory.", Accept(), "svc@corp.example"),
      User("user-dollar", "The user name ends in a dollar.", Accept(), "Host01$"),
      User("user-utf8", "The user name is not ASCII.", Accept(), "zo\xc3\xab"),
      User("user-percent", "The user name looks as if it were encoded.", Accept(), "%2e%2e"),
  };
}

std::vector<Case> FormCases() {
  std::vector<Case> cases = {
      Fingerprint("fingerprint-empty", "The fingerprint is empty.", ""),
      Fingerprint("fingerprint-none", "The fingerprint is a word.", "NONE"),
      Fingerprint("fingerprint-other-hash", "The fingerprint is of a hash that sshd lacks.",
                  "SHA1:2jmj7l5rSw0yVb/vlWAYkK/YBwk"),
      Fingerprint("fingerprint-short", "The fingerprint lacks its last character.",
                  "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF"),
      Fingerprint("fingerprint-padded", "The fingerprint keeps the padding of base64.",
                  "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
      Fingerprint("fingerprint-md5-upper-case", "The MD5 fingerprint is in upper case.",
                  "MD5:D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E"),
      KeyType("key-type-certificate", "The client offers a certificate: none is ever pushed.",
              {"key-type-never-pushed"}, "ssh-ed25519-cert-v01@openssh.com"),
      KeyType("key-type-security-key", "The client offers a security key: none is ever pushed.",
              {"key-type-never-pushed"}, "sk-ssh-ed25519@openssh.com"),
      KeyType("key-type-dsa", "The client offers a DSA key: none is ever pushed.",
              {"key-type-never-pushed"}, "ssh-dss"),
      KeyType("key-type-unknown", "The client offers a key of no known type.",
              {"key-type-never-pushed"}, "ssh-new"),
      KeyType("key-type-empty", "The type of the offered key is empty.", {"key-type-never-pushed"},
              ""),
      KeyType("key-type-delivered", "The client offers a key of a type that is pushed.", Accept(),
              "ssh-ed25519"),
  };
  return cases;
}

std::vector<Case> LocationCases() {
  return {
      Served("region-empty", "The region is empty.", "region-malformed", "", "amazonaws.com"),
      Served("region-upper-case", "The region is in upper case.", "region-malformed", "US-WEST-2",
             "amazonaws.com"),
      Served("region-blank", "The region begins with a blank.", "region-malformed", " us-west-2",
             "amazonaws.com"),
      Served("region-dot", "The region brings a domain of its own.", "region-malformed",
             "us-west-2.evil", "amazonaws.com"),
      Served("region-nul", "The region holds a NUL.", "region-malformed",
             std::string("us-west-2\0x", 11), "amazonaws.com"),
      Served("region-slash", "The region is a path.", "region-malformed", "../us-west-2",
             "amazonaws.com"),
      OwnSigner("region-of-service", "The region is a service, below which customers choose names.",
                {"region-malformed"}, "s3", "amazonaws.com"),
      OwnSigner("region-of-service-there", "The region is a service's name for a region.",
                {"region-malformed"}, "s3-us-west-2", "amazonaws.com"),
      OwnSigner("region-of-one-word", "The region is a word and a number.", {"region-malformed"},
                "us-2", "amazonaws.com"),
      OwnSigner("region-without-number", "The region has words alone.", {"region-malformed"},
                "us-west", "amazonaws.com"),
      OwnSigner("region-of-zone", "The region is a zone.", {"region-malformed"}, "us-west-2b",
                "amazonaws.com"),
      OwnSigner("region-empty-word", "A word of the region is empty.", {"region-malformed"},
                "us--west-2", "amazonaws.com"),
      Served("domain-empty", "The domain is empty.", "domain-malformed", "us-west-2", ""),
      Served("domain-upper-case", "The domain is in upper case.", "domain-malformed", "us-west-2",
             "AMAZONAWS.COM"),
      Served("domain-blank", "The domain ends in a blank.", "domain-malformed", "us-west-2",
             "amazonaws.com "),
      Served("domain-slash", "The domain holds a slash.", "domain-malformed", "us-west-2",
             "amazonaws.com/"),
      Served("domain-of-china", "The region is of another partition than the domain.",
             "domain-mismatch", "us-west-2", "amazonaws.com.cn"),
      Served("domain-unknown-for-known-region", "Metadata chooses a domain for a known region.",
             "domain-mismatch", "us-west-2", "evil.example"),
      Served("domain-longest-prefix", "The region us-iso-east-1 is none of the partition aws.",
             "domain-mismatch", "us-iso-east-1", "amazonaws.com"),
      Served("domain-trailing-dot", "The domain ends in a dot.", "domain-malformed", "us-west-2",
             "amazonaws.com."),
      Served("domain-unknown", "Neither the region nor the domain is known.", "domain-unknown",
             "xx-west-2", "evil.example"),
  };
}

std::vector<Case> PartitionCases() {
  return {
      Partition("partition-aws", "A region of the partition aws.", "mx-central-1", "amazonaws.com"),
      Partition("partition-aws-us-gov", "A region of the partition aws-us-gov.", "us-gov-west-1",
                "amazonaws.com"),
      Partition("partition-aws-cn", "A region of the partition aws-cn.", "cn-north-1",
                "amazonaws.com.cn"),
      Partition("partition-aws-iso", "A region of the partition aws-iso.", "us-iso-east-1",
                "c2s.ic.gov"),
      Partition("partition-aws-iso-b", "A region of the partition aws-iso-b.", "us-isob-east-1",
                "sc2s.sgov.gov"),
      Partition("lesson-partition-aws-iso-e", "A region of the partition aws-iso-e.",
                "eu-isoe-west-1", "cloud.adc-e.uk"),
      Partition("lesson-partition-aws-iso-f", "A region of the partition aws-iso-f.",
                "us-isof-south-1", "csp.hci.ic.gov"),
      Partition("lesson-partition-aws-eusc", "A region of the partition aws-eusc.",
                "eusc-de-east-1", "amazonaws.eu"),
      Partition("partition-new-region", "A region of no known prefix counts by a known domain.",
                "xx-new-1", "amazonaws.com"),
      Partition("lesson-local-zone",
                "An instance of a Local Zone: no zone is asked for, or parsed.", "us-west-2",
                "amazonaws.com"),
  };
}

}  // namespace

std::vector<Case> RequestCases() {
  std::vector<Case> cases;
  for (const auto& make : {UserCases, FormCases, LocationCases, PartitionCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
