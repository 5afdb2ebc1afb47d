#include "admin/doctor/doctor.h"

#include "admin/doctor/render.h"
#include "admin/doctor/world.h"

namespace eic::admin {
namespace {

std::string Render(const World& world, const std::vector<Finding>& findings,
                   const DoctorOptions& options) {
  switch (options.form) {
    case DoctorOptions::Form::kText:
      return RenderText(world, findings, options.has_colour);
    case DoctorOptions::Form::kQuiet:
      return RenderQuiet(findings);
    case DoctorOptions::Form::kJson:
      return RenderJson(world, findings);
  }
  return "";
}

}  // namespace

Report Doctor(const Outside& outside, const DoctorOptions& options) {
  if (options.lists_checks) return {ExitStatus::kFine, RenderChecks(), ""};
  const World world = TakeWorld(outside, options);
  const std::vector<Finding> findings = Examine(world);
  const bool is_coloured = options.has_colour && options.form == DoctorOptions::Form::kText;
  return {StatusOf(findings), Render(world, findings, options), "", is_coloured};
}

}  // namespace eic::admin
