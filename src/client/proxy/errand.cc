#include "client/proxy/errand.h"

#include <fcntl.h>

#include <utility>

namespace eic::client {
namespace {

aws::Failure NotAsked() { return aws::Failure{"NotAsked", "nothing was asked of AWS", ""}; }

// The one instance of an answer about one id, if one can log in to it.
aws::Outcome<aws::Instance> OneRunning(const aws::Outcome<std::vector<aws::Instance>>& instances,
                                       const std::string& instance_id) {
  if (!instances) return instances.error();
  if (instances->size() != 1 || instances->front().instance_id != instance_id) {
    return aws::Failure{"NoSuchInstance", "AWS knows no instance " + instance_id,
                        "Check that region and profile are those of the instance."};
  }
  const aws::Instance& instance = instances->front();
  if (instance.state == "running") return instance;
  return aws::Failure{"NotRunning", "the instance " + instance_id + " is " + instance.state,
                      instance.state == "stopped" ? "Start it first." : ""};
}

void AskAboutId(const ErrandTask& task, ErrandResult& result) {
  const aws::InstanceQuery query{{task.target.name}, {}};
  if (!task.push) {
    result.instance = OneRunning(result.api->DescribeInstances(query), task.target.name);
    return;
  }
  aws::PushRequest push = *task.push;
  push.instance_id = task.target.name;
  const aws::Api::DescribedAndPushed both = result.api->DescribeAndPush(query, push);
  result.instance = OneRunning(both.instances, task.target.name);
  result.push = both.request_id;
}

void AskAboutWord(const ErrandTask& task, ErrandResult& result) {
  result.instance = task.doors.find_instance(*result.api, task.target);
  if (!result.instance) {
    result.push = result.instance.error();
    return;
  }
  if (!task.push) return;
  aws::PushRequest push = *task.push;
  push.instance_id = result.instance->instance_id;
  push.availability_zone = result.instance->availability_zone;
  result.push = result.api->SendSshPublicKey(push);
}

}  // namespace

ErrandResult DoErrand(const ErrandTask& task) {
  ErrandResult result{nullptr, NotAsked(), std::string()};
  aws::Outcome<std::unique_ptr<aws::Api>> api = task.doors.open_api(task.settings);
  if (!api) {
    result.instance = api.error();
    result.push = api.error();
    return result;
  }
  result.api = std::move(*api);
  if (task.target.kind == Target::Kind::kInstanceId) {
    AskAboutId(task, result);
  } else {
    AskAboutWord(task, result);
  }
  return result;
}

Errand::Errand(ErrandTask task) {
  int ends[2] = {-1, -1};
  std::promise<ErrandResult> promise;
  result_ = promise.get_future();
  if (pipe2(ends, O_CLOEXEC) != 0) {  // then without a limit of time
    promise.set_value(DoErrand(task));
    done_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
    return;
  }
  done_ = Descriptor(ends[0]);
  thread_ = std::thread([task = std::move(task), promise = std::move(promise),
                         writer = Descriptor(ends[1])]() mutable {
    promise.set_value(DoErrand(task));
    writer.Close();
  });
}

Errand::~Errand() {
  if (thread_.joinable()) thread_.detach();
}

ErrandResult Errand::Take() {
  ErrandResult result = result_.get();
  if (thread_.joinable()) thread_.join();
  return result;
}

}  // namespace eic::client
