// The console's access to AWS: an Api for each profile and region, used by one job at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/api.h"
#include "console/front/questions.h"

namespace eic::console {

struct Place {
  std::string profile;  // empty: as AWS's own order has it
  std::string region;
};

// Called with a question for which a job waits; from the job's thread, perhaps twice.
using ShowQuestion = std::function<void(const Question&)>;
using IsCancelled = std::function<bool()>;

// What a job does if the job before it waits for a person: it waits too, or fails with `Cancelled`.
enum class Behind { kWaits, kLeaves };

class AwsDesk {
 public:
  using Open = std::function<aws::Outcome<std::unique_ptr<aws::Api>>(const Place&, aws::Prompter&)>;
  using Use = std::function<aws::Outcome<Nothing>(aws::Api&)>;

  AwsDesk(Questions& questions, Open open) : questions_(questions), open_(std::move(open)) {}

  // Runs `use` with the Api of `place`. Waits for other jobs of that place. If one of them waits
  // for a person, shows that question too, and continues as `behind` says. Fails as opening and
  // `use` fail.
  aws::Outcome<Nothing> With(const Place& place, const ShowQuestion& show,
                             const IsCancelled& is_cancelled, const Use& use,
                             Behind behind = Behind::kWaits);

  // The principal of the credentials of `place`, if a job has learned it; empty: unknown.
  std::string Principal(const Place& place);

  // Asks for each image once, because images do not change. Leaves out those that AWS does not
  // return.
  std::vector<aws::Image> Images(aws::Api& api, const std::vector<std::string>& ids);

 private:
  struct Seat;
  std::shared_ptr<Seat> SeatOf(const Place& place);
  void Learn(Seat& seat);
  void Ask(aws::Api& api, const std::vector<std::string>& ids);

  Questions& questions_;
  Open open_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Seat>> seats_;
  std::map<std::string, aws::Image> images_;
};

}  // namespace eic::console
