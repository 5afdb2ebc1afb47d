// OpenApi with the doors of one's choice, for tests.
#pragma once

#include <memory>

#include "aws/api.h"
#include "aws/world.h"

namespace eic::aws {

Outcome<std::unique_ptr<Api>> OpenApiIn(std::unique_ptr<World> world, const Settings& settings,
                                        Prompter& prompter);

}  // namespace eic::aws
