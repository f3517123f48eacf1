#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "mux/position.h"

struct OpusEncoder;

namespace tapestry::mux {

/// A mono Opus encoder (RFC 6716) for speech. Throws std::runtime_error.
class OpusChannel {
 public:
  OpusChannel(Rate rate, int bitrate_bps, int complexity);

  /// Samples of 20 ms.
  [[nodiscard]] std::size_t frame() const noexcept { return frame_; }

  /// Samples by which the decoder's output lags behind.
  [[nodiscard]] Position lookahead() const noexcept { return lookahead_; }
  /// One packet of one frame of frame() samples; valid until the next call.
  Bytes encode(std::span<const std::int16_t> frame);

 private:
  struct Destroy {
    void operator()(OpusEncoder* encoder) const noexcept;
  };
  std::unique_ptr<OpusEncoder, Destroy> encoder_;
  std::size_t frame_;
  Position lookahead_ = 0;
  std::vector<std::uint8_t> packet_;
};

/// Appends a one-frame packet in self-delimiting form (RFC 6716 appendix B).
void append_self_delimited(Bytes packet, std::vector<std::uint8_t>& out);

}  // namespace tapestry::mux
