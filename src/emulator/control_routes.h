// What the service does not have: doors for tests, below /emulator/ on the API's listener.
//
//   POST   /emulator/blob?user=U   the body, good or bad, is what metadata gives for U from now on
//   DELETE /emulator/blob?user=U   ends that
//   POST   /emulator/rotate        a new intermediate and signer's certificate
//   GET    /emulator/faults        the faults that are set, a JSON array
//   POST   /emulator/faults?fault=F  sets one more (faults.h)
//   DELETE /emulator/faults        ends them all
//   GET    /emulator/events        recent requests and their answers, a JSON array
//
// With &instance=ID, `blob` and `rotate` are about that instance; without it, about the first one.
#pragma once

#include "emulator/emulated_instance.h"
#include "emulator/event_log.h"
#include "emulator/http.h"
#include "emulator/server/faults.h"

namespace eic::emulator {

class ControlRoutes {
 public:
  // Borrows all for its own lifetime.
  ControlRoutes(const InstanceList& instances, FaultPlan& faults, const EventLog& events);

  static bool Takes(const HttpRequest& request);
  HttpAnswer Answer(const HttpRequest& request);

 private:
  // The instance that `request` names, or null.
  EmulatedInstance* InstanceOf(const HttpRequest& request) const;

  HttpAnswer AnswerBlob(const HttpRequest& request);
  HttpAnswer AnswerRotate(const HttpRequest& request);
  HttpAnswer AnswerFaults(const HttpRequest& request);
  HttpAnswer AnswerEvents() const;

  const InstanceList& instances_;
  FaultPlan& faults_;
  const EventLog& events_;
};

}  // namespace eic::emulator
