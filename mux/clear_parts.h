#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "calls/interaction.h"
#include "core/time.h"
#include "rtp/packet.h"

namespace tapestry::mux {

/// Tells which packets of a track are in clear that is encrypted at other times. Its SDP says when, but not exactly: a
/// sender changes some time after the answer, and media may overtake it. Around a change
/// sizes tell, for SRTP adds a tag: a packet counts as clear when it has the size of the clear ones before, or is by a
/// tag shorter than steady sealed ones. So what is sealed is not heard, and of codecs with a constant size nothing in
/// clear is lost.
class ClearParts {
 public:
  /// `stretches` (Track::in_clear) must outlive it. `keys`: whether there are keys for what is not in clear.
  ClearParts(const std::vector<calls::ClearSpan>& stretches, bool keys) : stretches_(stretches), keys_(keys) {}

  enum class Chance : std::uint8_t { None, Change, Sealed };
  /// Before take(): whether keys may open a packet. Change: it may be the first that they open, or in clear.
  [[nodiscard]] Chance chance(const rtp::Packet& packet) const noexcept;
  /// Each packet, in order of arrival: whether it is in clear. What a key `opened` is not.
  bool take(const rtp::Packet& packet, bool opened) noexcept;

 private:
  enum class Phase : std::uint8_t { Sealed, Opening, Clear, Closing };
  struct Moment {
    Phase phase = Phase::Sealed;
    bool answered = false;  ///< Opening and Closing: by what was agreed on, the change is over
  };
  struct Last {
    std::size_t octets = 0;  ///< 0: none was there yet
    bool steady = false;     ///< so long was the one before, too
    bool clear = false;
  };
  [[nodiscard]] Moment moment(Time time) const noexcept;
  [[nodiscard]] bool is_clear(const rtp::Packet& packet) const noexcept;

  const std::vector<calls::ClearSpan>& stretches_;
  bool keys_ = false;
  bool keys_fit_ = false;         ///< one opened a packet
  std::array<Last, 128> last_{};  ///< by payload type
};

}  // namespace tapestry::mux
