#include "mux/frames.h"

#include <array>

namespace tapestry::mux {
namespace {

/// The mode that was agreed on, unless only the other one fits.
bool ilbc_short(const Codec& codec, std::size_t bytes) noexcept {
  const bool fits_short = bytes % kIlbcShort == 0;
  const bool fits_long = bytes % kIlbcLong == 0;
  return fits_short != fits_long ? fits_short : codec.short_frames;
}

}  // namespace

FrameReader::FrameReader(const Codec& codec, Bytes payload) noexcept
    : coding_(codec.coding), short_frames_(ilbc_short(codec, payload.size())), rest_(payload) {}

std::optional<Frame> FrameReader::take(std::size_t bytes, std::uint32_t ticks, bool speech) noexcept {
  if (rest_.size() < bytes) return std::nullopt;
  const Frame frame{rest_.first(bytes), ticks, speech};
  rest_ = rest_.subspan(bytes);
  return frame;
}

std::optional<Frame> FrameReader::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  switch (coding_) {
    case Coding::G729:
      return rest_.size() == 2 ? take(2, 80, false) : take(10, 80, true);
    case Coding::G723: {
      constexpr std::array<std::size_t, 4> kBytes{24, 20, 4, 1};
      const unsigned kind = rest_.front() & 3U;
      return take(kBytes[kind], 240, kind < 2);
    }
    case Coding::Gsm:
      return take(33, 160, true);
    case Coding::Ilbc:
      return short_frames_ ? take(kIlbcShort, 160, true) : take(kIlbcLong, 240, true);
    default:
      return std::nullopt;
  }
}

}  // namespace tapestry::mux
