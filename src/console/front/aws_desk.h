// AWS as the console asks it: an Api for each profile and region, used by one job at a time.
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

// Who is told of a question that a job waits for. Called from the job's thread, perhaps twice.
using ShowQuestion = std::function<void(const Question&)>;
using IsCancelled = std::function<bool()>;

// What a job does when the one before it waits for a person: waits too, or fails with `Cancelled`.
enum class Behind { kWaits, kLeaves };

class AwsDesk {
 public:
  using Open = std::function<aws::Outcome<std::unique_ptr<aws::Api>>(const Place&, aws::Prompter&)>;
  using Use = std::function<aws::Outcome<Nothing>(aws::Api&)>;

  AwsDesk(Questions& questions, Open open) : questions_(questions), open_(std::move(open)) {}

  // Runs `use` with the Api of `place`. Waits for other jobs of that place; where one of them waits
  // for a person, shows that question, too, and goes on as `behind` says. Fails with what opening
  // and `use` fail with.
  aws::Outcome<Nothing> With(const Place& place, const ShowQuestion& show,
                             const IsCancelled& is_cancelled, const Use& use,
                             Behind behind = Behind::kWaits);

  // Who the credentials of `place` are, as far as a job has learned it; empty: unknown.
  std::string Principal(const Place& place);

  // Images do not change: each is asked for once. Those that AWS does not tell of are left out.
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
