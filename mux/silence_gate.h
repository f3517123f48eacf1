#pragma once
#include <cstdint>
#include <span>

namespace tapestry::mux {

/// Decides, frame by frame of 20 ms, whether a channel needs its encoder. Open at first.
class SilenceGate {
 public:
  /// A frame is silent when no sample is farther from 0: -60 dBFS. The idle noise of a telephone line lies below (ITU-T
  /// G.712: -65 dBm0p, peaks of about 30), the faintest speech far above.
  static constexpr int kFloor = 32;
  /// Silent frames that are still encoded after one that was not: 300 ms, so that a word's end and the pauses inside a
  /// sentence stay what they are.
  static constexpr int kHangover = 15;

  /// True while the frame is to be encoded. Opens at the very frame that is not silent.
  bool passes(std::span<const std::int16_t> frame) noexcept;

 private:
  int silent_ = 0;  ///< frames in a row, at most kHangover + 1
};

}  // namespace tapestry::mux
