// One run of the agent with doubles at all its doors, and the metadata of a throw-away authority.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "agent/run.h"
#include "host/trust_anchors.h"
#include "tests/fakes/for_tests.h"
#include "tests/fakes/metadata.h"
#include "tests/fakes/recorded_audit.h"
#include "tests/fakes/scripted_http.h"
#include "tests/fakes/temp_folder.h"

namespace eic {

inline constexpr Instant kNow{2000000000};  // 2033-05-18T03:33:20Z
inline constexpr const char* kEndpoint = "http://metadata";

class RunTest : public testing::Test {
 protected:
  RunTest() {
    options_.imds_endpoints = {kEndpoint};
    options_.user = "alice";
    options_.ca_store = folder_.Of("anchors.pem");
    options_.sysfs_root = folder_.Of("sys");
    BeOnNitro();
  }

  void BeOnNitro() {
    folder_.Write("sys/devices/virtual/dmi/id/board_asset_tag",
                  std::string(fakes::kInstanceId) + '\n');
  }
  void BeOnXen() {
    std::filesystem::remove_all(folder_.path() / "sys");
    folder_.Write("sys/hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n");
  }
  void BeElsewhere() { std::filesystem::remove_all(folder_.path() / "sys"); }

  // The authority's keys take a while to make, so they are made for tests that need them.
  fakes::Metadata& metadata() {
    if (!metadata_) {
      metadata_.emplace(kNow);
      folder_.Write("anchors.pem", metadata_->Anchors());
    }
    return *metadata_;
  }

  // The whole run, as the program does it: what it prints.
  std::string Login() {
    const Result<Request> request = ParseRequest(options_);
    if (!request) {
      RecordError(options_.user, request.error(), audit_);
      return "";
    }
    Serve();
    return eic::Run(options_, *request, Asked(Doors(http_, audit_)),
                    Deadline::After(std::chrono::seconds(5)));
  }

  // Doubles of all doors but these two.
  Outside Doors(HttpTransport& http, AuditLog& audit) {
    return {http,
            audit,
            [] { return kNow; },
            [this] { return IdentifyInstance(options_.sysfs_root); },
            [this] { return OpenTrustAnchors(options_.ca_store); },
            [this] {
              read_before_ = http_.requests().size();
              return ForTests::MakeConfined();
            }};
  }

  Outside Asked(Outside outside) const {
    outside.sshd = sshd_;
    return outside;
  }

  // A token, and a blob that nobody pushed, or else what metadata() holds.
  void Serve() {
    http_.Always("PUT " + std::string(kEndpoint) + fakes::kTokenPath,
                 fakes::Answer(200, fakes::kToken));
    http_.Always(Get(fakes::kActiveKeysPath + options_.user), fakes::Answer(404));
    if (metadata_) metadata_->ServeOn(http_, kEndpoint);
  }

  static std::string Get(const std::string& path) {
    return "GET " + std::string(kEndpoint) + fakes::kMetaDataPath + path;
  }

  fakes::TempFolder folder_;
  fakes::ScriptedHttp http_;
  fakes::RecordedAudit audit_;
  Options options_;
  pid_t sshd_ = 0;               // the process that asks; 0: not known
  std::size_t read_before_ = 0;  // requests that were made before the process was confined

 private:
  std::optional<fakes::Metadata> metadata_;
};

}  // namespace eic
