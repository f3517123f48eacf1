#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/g711.h"
#include "dtmf/press.h"
#include "dtmf/tone_detector.h"
#include "rtp/packet.h"

namespace tapestry::calls {

/// Hears keys as tones in one G.711 stream, packet by packet in order of arrival; late packets are left out. One
/// thread.
class ToneEar {
 public:
  /// Appends presses that are over; their times are by the packets' arrival.
  void add(const rtp::Packet& packet, Law law, std::vector<dtmf::Press>& pressed);

 private:
  static constexpr std::uint32_t kRate = 8000;
  static constexpr std::int64_t kLongestHole = kRate;
  void begin(const rtp::Packet& packet);
  [[nodiscard]] Time time_of(std::int64_t position) const noexcept;

  std::optional<dtmf::ToneDetector> detector_;
  Time base_;  ///< of the detector's first sample
  std::uint32_t first_timestamp_ = 0;
  std::int64_t heard_ = 0;  ///< samples given to the detector
};

}  // namespace tapestry::calls
