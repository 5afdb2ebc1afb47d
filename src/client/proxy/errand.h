// What the proxy needs of AWS, fetched beside everything else: a thread with one task, so that
// ssh's ConnectTimeout holds while a call is under way.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "aws/api.h"
#include "aws/system/descriptor.h"
#include "client/proxy/proxy.h"

namespace eic::client {

struct ErrandTask {
  Target target;
  aws::Settings settings;
  std::optional<aws::PushRequest> push;  // its instance's id is filled in where the target is no id
  ProxyDoors doors;
};

struct ErrandResult {
  std::shared_ptr<aws::Api> api;  // null where there is none
  aws::Outcome<aws::Instance> instance;
  aws::Outcome<std::string> push;  // the request's id; empty where nothing was to be pushed
};

// Does it now, in this thread.
ErrandResult DoErrand(const ErrandTask& task);

class Errand {
 public:
  // Starts the thread. Whoever gives up waiting leaves it behind, and ends the process by _exit(2):
  // it goes on until then, and touches nothing but what it owns.
  explicit Errand(ErrandTask task);
  ~Errand();
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  int descriptor() const { return done_.get(); }  // readable once it is done
  // Waits for it, and for the end of its thread: this process has one thread again.
  ErrandResult Take();

 private:
  Descriptor done_;
  std::future<ErrandResult> result_;
  std::thread thread_;
};

}  // namespace eic::client
