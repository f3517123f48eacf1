#include "capture/frame_end.h"

#include <string_view>

namespace tapestry::capture {
namespace {

constexpr std::array<std::string_view, kFrameEnds> kNames{
    "frames.used.rtp",
    "frames.used.rtcp",
    "frames.used.dtls",
    "frames.used.sip",
    "frames.used.tcp",
    "frames.duplicate.rtp",
    "frames.duplicate.datagram",
    "frames.duplicate.fragment",
    "frames.duplicate.tcp",
    "frames.ignored.not_ip",
    "frames.ignored.unknown_link_type",
    "frames.ignored.other_protocol",
    "frames.ignored.malformed",
    "frames.ignored.too_deep",
    "frames.ignored.other_tcp",
    "frames.ignored.empty_datagram",
    "frames.ignored.other_datagram",
    "frames.ignored.unusable_sip",
    "frames.ignored.unusable_rtcp",
    "frames.ignored.unusable_fragment",
    "frames.ignored.incomplete_packet",
    "frames.dropped.fragment",
    "frames.waiting",
};
static_assert(!kNames.back().empty());

}  // namespace

void FrameTally::settle(FrameEnd end, std::uint64_t frames) noexcept {
  resume(frames);
  add(end, frames);
}

void FrameTally::resume(std::uint64_t frames) noexcept {
  frames_[static_cast<std::size_t>(FrameEnd::WaitingFragment)] -= frames;
}

FrameTally& FrameTally::operator+=(const FrameTally& more) noexcept {
  for (std::size_t end = 0; end < kFrameEnds; ++end) frames_[end] += more.frames_[end];
  return *this;
}

void FrameTally::append_to(Counters& out) const {
  for (std::size_t end = 0; end < kFrameEnds; ++end) out.push_back({kNames[end], frames_[end]});
}

}  // namespace tapestry::capture
