// What the service does not have: doors for tests, below /emulator/ on the API's listener.
//
//   POST   /emulator/blob?user=U   the body, good or bad, is what metadata gives for U from now on
//   DELETE /emulator/blob?user=U   ends that
//   GET    /emulator/faults        the faults that are set, a JSON array
//   POST   /emulator/faults?fault=F  sets one more (faults.h)
//   DELETE /emulator/faults        ends them all
//   GET    /emulator/events        recent requests and their answers, a JSON array
#pragma once

#include "emulator/event_log.h"
#include "emulator/faults.h"
#include "emulator/http.h"
#include "emulator/key_store.h"

namespace eic::emulator {

class ControlRoutes {
 public:
  // Borrows all for its own lifetime.
  ControlRoutes(KeyStore& keys, FaultPlan& faults, const EventLog& events);

  static bool Takes(const HttpRequest& request);
  HttpAnswer Answer(const HttpRequest& request);

 private:
  HttpAnswer AnswerBlob(const HttpRequest& request);
  HttpAnswer AnswerFaults(const HttpRequest& request);
  HttpAnswer AnswerEvents() const;

  KeyStore& keys_;
  FaultPlan& faults_;
  const EventLog& events_;
};

}  // namespace eic::emulator
