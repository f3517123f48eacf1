#pragma once
#include <array>
#include <cstdint>

#include "core/counter.h"

namespace tapestry::capture {

/// What became of a frame: each ends in exactly one way, as its last layer did. A packet that was put together from
/// fragments ends all frames that it came in.
enum class FrameEnd : std::uint8_t {
  Rtp,   ///< in its stream
  Rtcp,  ///< with reports that were read
  Dtls,
  Sip,  ///< a message over UDP
  Tcp,  ///< of a connection that is followed
  RtpCopy,
  MirrorCopy,    ///< of another datagram
  FragmentCopy,  ///< a fragment that brought nothing new
  TcpCopy,       ///< a segment that brought nothing new
  NotIp,
  UnknownLink,
  OtherProtocol,
  Malformed,
  TooDeep,           ///< more layers than are peeled
  TcpOther,          ///< of a connection that is not followed
  Empty,             ///< a datagram without a payload
  OtherDatagram,     ///< no protocol of ours
  UnusableSip,       ///< begins like SIP
  UnusableRtcp,      ///< looks like RTCP: SRTCP, for one
  UnusableFragment,  ///< malformed or cut, or not of its packet
  LostFragment,      ///< the rest of its packet did not come
  DroppedFragment,   ///< there was no room to wait for the rest
  WaitingFragment,   ///< for the rest of its packet: no end yet
};
inline constexpr std::size_t kFrameEnds = static_cast<std::size_t>(FrameEnd::WaitingFragment) + 1;

/// How many frames ended how.
class FrameTally {
 public:
  void add(FrameEnd end, std::uint64_t frames) noexcept { frames_[static_cast<std::size_t>(end)] += frames; }
  /// Frames that were counted as waiting have come to an end.
  void settle(FrameEnd end, std::uint64_t frames) noexcept;
  /// They wait no longer, and end later as what they became.
  void resume(std::uint64_t frames) noexcept;
  [[nodiscard]] std::uint64_t operator[](FrameEnd end) const noexcept { return frames_[static_cast<std::size_t>(end)]; }
  FrameTally& operator+=(const FrameTally& more) noexcept;
  /// `frames.used.KIND`, `frames.duplicate.KIND`, `frames.ignored.KIND`, `frames.dropped.KIND`, `frames.waiting`.
  void append_to(Counters& out) const;

 private:
  std::array<std::uint64_t, kFrameEnds> frames_{};
};

}  // namespace tapestry::capture
