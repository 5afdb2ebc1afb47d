// The credentials that a container gets from its agent: one path, perhaps a token in
// `Authorization`.
#pragma once

#include <string>

#include "emulator/http.h"
#include "emulator/metadata/role_credentials.h"

namespace eic::emulator {

struct ContainerRole {
  std::string role_arn;
  std::string path = "/v2/credentials/00000000-0000-4000-8000-000000000000";
  std::string authorization = {};  // what the header must be; empty: none is asked for
};

class ContainerRoutes {
 public:
  // Borrows `credentials`.
  ContainerRoutes(ContainerRole role, RoleCredentials& credentials);

  // True for every path below the one that such agents have, /v2/credentials/, and for the
  // configured one.
  bool Takes(const HttpRequest& request) const;
  HttpAnswer Answer(const HttpRequest& request);

 private:
  const ContainerRole role_;
  RoleCredentials& credentials_;
};

}  // namespace eic::emulator
