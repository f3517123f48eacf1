#include "rtp/sequence_tracker.h"

namespace tapestry::rtp {
namespace {

constexpr std::int64_t kMaxDropout = 3000;
constexpr std::int64_t kWindow = 128;

}  // namespace

SequenceTracker::Placed SequenceTracker::add(std::uint16_t sequence, std::uint8_t payload_type, Time arrival,
                                             std::size_t payload_bytes) noexcept {
  const SequenceState& at = stats_.sequence;
  if (stats_.packets == 0) stats_.first = arrival;
  stats_.payload_types[(payload_type & 127U) / 64] |= std::uint64_t{1} << (payload_type % 64U);
  Placed placed;
  if (at.highest < 0) {
    placed = restart(sequence);
    stats_.restarts = 0;
    placed.verdict = Verdict::Fresh;
  } else {
    // 16-bit difference as a signed number: 65535 -> 0 is +1, 0 -> 65535 is -1.
    const auto step =
        static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(at.highest)));
    if (step >= kMaxDropout || step <= -kWindow) {
      placed = restart(sequence);
    } else {
      placed = step > 0 ? forward(step) : backward(-step);
    }
  }
  if (placed.verdict == Verdict::Duplicate) {
    ++stats_.duplicates;
  } else {
    ++stats_.packets;
    stats_.bytes += payload_bytes;
    stats_.last = arrival;  // a mirror's late copy is no news: the stream ends when it ends without the mirror
  }
  stats_.expected = at.expected_before + static_cast<std::uint64_t>(at.highest - at.run_first + 1);
  return placed;
}

SequenceTracker::Placed SequenceTracker::restart(std::uint16_t sequence) noexcept {
  SequenceState& at = stats_.sequence;
  if (at.highest >= 0) at.expected_before += static_cast<std::uint64_t>(at.highest - at.run_first + 1);
  ++stats_.restarts;
  at.highest = ((at.highest >> 16) + 1) * 0x10000 + sequence;
  at.run_first = at.highest;
  at.seen = {1, 0};
  return {Verdict::Restart, at.highest};
}

SequenceTracker::Placed SequenceTracker::forward(std::int64_t step) noexcept {
  SequenceState& at = stats_.sequence;
  at.highest += step;
  if (step >= kWindow) {
    at.seen = {};
  } else if (step >= 64) {
    at.seen[1] = at.seen[0] << static_cast<unsigned>(step - 64);
    at.seen[0] = 0;
  } else {
    at.seen[1] = at.seen[1] << static_cast<unsigned>(step) | at.seen[0] >> static_cast<unsigned>(64 - step);
    at.seen[0] <<= static_cast<unsigned>(step);
  }
  at.seen[0] |= 1;
  return {Verdict::Fresh, at.highest};
}

SequenceTracker::Placed SequenceTracker::backward(std::int64_t back) noexcept {
  SequenceState& at = stats_.sequence;
  std::uint64_t& word = at.seen[static_cast<std::size_t>(back / 64)];
  const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(back % 64);
  const std::int64_t extended = at.highest - back;
  if ((word & bit) != 0) return {Verdict::Duplicate, extended};
  word |= bit;
  ++stats_.reordered;
  if (extended < at.run_first) at.run_first = extended;
  return {Verdict::Fresh, extended};
}

}  // namespace tapestry::rtp
