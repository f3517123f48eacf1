#include "app/intake_meter.h"

namespace tapestry::app {

void IntakeMeter::note(const Intake& intake, Clock::time_point now) {
  if (!samples_.empty() && now - samples_.back().at < kStep) return;
  samples_.push_back({now, intake});
  if (samples_.size() > kSteps + 1) samples_.pop_front();
}

IntakeRate IntakeMeter::rate() const {
  if (samples_.size() < 2) return {};
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  const double seconds = std::chrono::duration<double>(last.at - first.at).count();
  const auto per_second = [seconds](std::uint64_t before, std::uint64_t after) {
    return static_cast<double>(after - before) / seconds;
  };
  return {.packets = per_second(first.intake.packets, last.intake.packets),
          .bytes = per_second(first.intake.bytes, last.intake.bytes),
          .sip_messages = per_second(first.intake.sip_messages, last.intake.sip_messages)};
}

}  // namespace tapestry::app
