#include "calls/tone_ear.h"

#include <algorithm>
#include <array>

namespace tapestry::calls {
namespace {

/// Longer packets are none of a call's.
constexpr std::size_t kMostSamples = 2048;
/// Timestamps and arrivals may part by so much before the clock is taken anew.
constexpr Duration kMostSkew = std::chrono::milliseconds(300);

}  // namespace

Time ToneEar::time_of(std::int64_t position) const noexcept {
  return base_ + Duration(position * 1'000'000'000 / kRate);
}

void ToneEar::begin(const rtp::Packet& packet) {
  detector_.emplace(kRate);
  base_ = packet.arrival;
  first_timestamp_ = packet.timestamp;
  heard_ = 0;
}

void ToneEar::add(const rtp::Packet& packet, Law law, std::vector<dtmf::Press>& pressed) {
  const std::size_t count = packet.payload.size();
  if (count == 0 || count > kMostSamples) return;
  if (!detector_) begin(packet);
  std::int64_t at = static_cast<std::int32_t>(packet.timestamp - first_timestamp_);
  if (at < heard_ && heard_ - at < kLongestHole) return;
  std::vector<dtmf::Tone> tones;
  const Time base = base_;
  if (at < heard_ || at - heard_ > kLongestHole || std::chrono::abs(packet.arrival - time_of(at)) > kMostSkew) {
    detector_->finish(tones);
    begin(packet);
    at = 0;
  }
  std::array<std::int16_t, kMostSamples> samples{};
  for (std::int64_t hole = at - heard_; hole > 0;) {
    const auto part = std::min<std::int64_t>(hole, kMostSamples);
    detector_->add(std::span(samples).first(static_cast<std::size_t>(part)), tones);
    hole -= part;
  }
  decode(law, packet.payload, std::span(samples).first(count));
  detector_->add(std::span(samples).first(count), tones);
  heard_ = at + static_cast<std::int64_t>(count);
  for (const dtmf::Tone& tone : tones) {
    const auto time = [&](std::int64_t position) { return base + Duration(position * 1'000'000'000 / kRate); };
    pressed.push_back({.key = tone.key, .start = time(tone.from), .end = time(tone.to)});
  }
}

}  // namespace tapestry::calls
