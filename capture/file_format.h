#pragma once
#include <algorithm>
#include <string>

#include "capture/source.h"
#include "capture/window.h"

namespace tapestry::capture {

/// The largest frame that a file may hold (libpcap's MAXIMUM_SNAPLEN); a header's snaplen is not believed.
inline constexpr std::uint32_t kMaxFrame = 262144;

/// Adds a frame to what the report says; `timed` is false for a frame without a timestamp of its own.
inline void note_frame(CaptureInfo& info, const Frame& frame, bool timed = true) noexcept {
  ++info.packets;
  info.bytes += frame.data.size();
  if (!timed) return;
  if (!info.first || frame.time < *info.first) info.first = frame.time;
  if (!info.last || frame.time > *info.last) info.last = frame.time;
}

/// Ends a file at `offset`: damage when `what` says so or the bytes themselves were cut short (gzip).
inline void note_end(CaptureInfo& info, const Window& window, std::uint64_t offset, std::string what) {
  info.consumed = window.reader().consumed();
  std::string fault = window.reader().fault();
  if (!fault.empty()) what = std::move(fault);
  if (!what.empty()) info.damage = Damage{offset, std::move(what)};
}

}  // namespace tapestry::capture
