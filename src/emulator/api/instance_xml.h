// An instance in the XML of DescribeInstances.
#pragma once

#include <string>

#include "emulator/instance.h"

namespace eic::emulator {

// The reservation of `instance`, one item of the reservationSet.
std::string ReservationItem(const Instance& instance);

// 16 for running and so on, as the API counts states.
std::string StateCode(Instance::State state);

std::string InstanceType(const Instance& instance);

}  // namespace eic::emulator
