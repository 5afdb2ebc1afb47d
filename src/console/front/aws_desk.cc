#include "console/front/aws_desk.h"

#include <chrono>

#include "client/proxy/terminal_prompter.h"
#include "client/terminal_text.h"
#include "console/limits.h"

namespace eic::console {
namespace {

// Ids of one DescribeImages.
constexpr std::size_t kImagesAtOnce = 100;
constexpr std::chrono::milliseconds kLook{200};

// Asks in the page of the job that has the seat.
class PagePrompter : public aws::Prompter {
 public:
  explicit PagePrompter(Questions& questions) : questions_(questions) {}

  aws::Outcome<std::string> AskMfaCode(const std::string& serial) override {
    Question question;
    question.kind = "mfa";
    question.words = "Enter the six-digit code from the MFA device " +
                     client::TerminalLine(serial, kValueBytesMax);
    question = questions_.Open(std::move(question));
    SetOpen(question);
    show_(question);
    const std::optional<std::string> code = questions_.Wait(question.id, is_cancelled_);
    SetOpen(std::nullopt);
    if (code && client::IsMfaCode(*code)) return *code;
    return aws::Failure{"NoMfaCode", "no six-digit MFA code was entered",
                        "Try again, and enter the code within 5 minutes."};
  }

  void Serve(const ShowQuestion& show, const IsCancelled& is_cancelled) {
    show_ = show;
    is_cancelled_ = is_cancelled;
  }

  // The question for which a job waits. Any thread may call this.
  std::optional<Question> open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return open_;
  }

 private:
  void SetOpen(std::optional<Question> question) {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = std::move(question);
  }

  Questions& questions_;
  ShowQuestion show_;
  IsCancelled is_cancelled_;
  std::mutex mutex_;
  std::optional<Question> open_;
};

}  // namespace

struct AwsDesk::Seat {
  explicit Seat(Questions& questions) : prompter(questions) {}

  std::timed_mutex taken;
  PagePrompter prompter;
  std::unique_ptr<aws::Api> api;  // of whoever has `taken`
  std::mutex principal_mutex;
  std::string principal;
};

std::shared_ptr<AwsDesk::Seat> AwsDesk::SeatOf(const Place& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<Seat>& seat = seats_[{place.profile, place.region}];
  if (!seat) seat = std::make_shared<Seat>(questions_);
  return seat;
}

aws::Outcome<Nothing> AwsDesk::With(const Place& place, const ShowQuestion& show,
                                    const IsCancelled& is_cancelled, const Use& use,
                                    Behind behind) {
  const std::shared_ptr<Seat> seat = SeatOf(place);
  std::string shown;
  while (!seat->taken.try_lock_for(kLook)) {
    if (is_cancelled()) return aws::Failure{"Cancelled", "the request was cancelled", ""};
    const std::optional<Question> open = seat->prompter.open();
    if (!open || open->id == shown) continue;
    shown = open->id;
    show(*open);
    if (behind == Behind::kLeaves) {
      return aws::Failure{"Cancelled", "another request is waiting for an answer", ""};
    }
  }
  const std::lock_guard<std::timed_mutex> lock(seat->taken, std::adopt_lock);
  seat->prompter.Serve(show, is_cancelled);
  if (!seat->api) {
    auto opened = open_(place, seat->prompter);
    if (!opened) {
      seat->prompter.Serve({}, {});
      return opened.error();
    }
    seat->api = *std::move(opened);
    // Other credentials may belong to another principal.
    const std::lock_guard<std::mutex> principal_lock(seat->principal_mutex);
    seat->principal.clear();
  }
  aws::Outcome<Nothing> done = use(*seat->api);
  // What these hold on to is not the seat's.
  seat->prompter.Serve({}, {});
  // New ones may be there by the next time.
  if (!done) {
    seat->api.reset();
    return done;
  }
  Learn(*seat);
  return done;
}

void AwsDesk::Learn(Seat& seat) {
  {
    const std::lock_guard<std::mutex> lock(seat.principal_mutex);
    if (!seat.principal.empty()) return;
  }
  // If the call fails, the principal is `-`, and AWS is not asked again.
  const auto identity = seat.api->GetCallerIdentity();
  const std::lock_guard<std::mutex> lock(seat.principal_mutex);
  seat.principal = identity ? client::TerminalLine(identity->arn, kValueBytesMax) : "-";
}

std::string AwsDesk::Principal(const Place& place) {
  const std::shared_ptr<Seat> seat = SeatOf(place);
  const std::lock_guard<std::mutex> lock(seat->principal_mutex);
  return seat->principal == "-" ? "" : seat->principal;
}

// If one image was deregistered, EC2 refuses the whole call. Then asks for each image separately.
// What fails for a temporary reason is asked for again the next time.
void AwsDesk::Ask(aws::Api& api, const std::vector<std::string>& ids) {
  const auto described = api.DescribeImages(ids);
  const bool is_unknown = !described && described.error().code.rfind("InvalidAMIID", 0) == 0;
  if (is_unknown && ids.size() > 1) {
    for (const std::string& id : ids) Ask(api, {id});
    return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!described) {
    for (const std::string& id : ids) {
      if (!is_unknown) images_.erase(id);
    }
    return;
  }
  for (const aws::Image& image : *described) images_[image.image_id] = image;
}

std::vector<aws::Image> AwsDesk::Images(aws::Api& api, const std::vector<std::string>& ids) {
  std::vector<std::string> unknown;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& id : ids) {
      if (!id.empty() && images_.emplace(id, aws::Image{id, "", ""}).second) unknown.push_back(id);
    }
  }
  for (std::size_t at = 0; at < unknown.size(); at += kImagesAtOnce) {
    const std::size_t end = std::min(unknown.size(), at + kImagesAtOnce);
    const auto begin = unknown.begin();
    const std::vector<std::string> some(begin + static_cast<std::ptrdiff_t>(at),
                                        begin + static_cast<std::ptrdiff_t>(end));
    Ask(api, some);
  }
  std::vector<aws::Image> found;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::string& id : ids) {
    const auto image = images_.find(id);
    if (image != images_.end() && !image->second.name.empty()) found.push_back(image->second);
  }
  return found;
}

}  // namespace eic::console
