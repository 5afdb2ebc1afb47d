// HttpDoor on libcurl's multi interface: one thread, connections kept for the next call.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "aws/world.h"

namespace eic::aws {

class CurlDoor : public HttpDoor {
 public:
  CurlDoor();
  ~CurlDoor() override;
  CurlDoor(const CurlDoor&) = delete;
  CurlDoor& operator=(const CurlDoor&) = delete;

  void Trust(const std::string& ca) override;
  Ticket Start(const HttpCall& call) override;
  std::optional<Finished> Wait(std::chrono::milliseconds time_max) override;

 private:
  struct Transfer;
  struct Multi;

  std::unique_ptr<Multi> multi_;  // opened with the first call
  std::string ca_;
  std::map<Ticket, std::unique_ptr<Transfer>> under_way_;
  Ticket last_ticket_ = 0;
};

}  // namespace eic::aws
