#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "mux/position.h"
#include "mux/silence_gate.h"

struct OpusEncoder;

namespace tapestry::mux {

/// How an Opus stream is made.
struct OpusSettings {
  int bitrate_bps = 16'000;  ///< of a channel
  int complexity = 3;        ///< libopus 0..10
  bool gating = true;        ///< the encoder rests while a channel is silent
};

/// A mono Opus encoder (RFC 6716) for speech. Throws std::runtime_error.
class OpusChannel {
 public:
  OpusChannel(Rate rate, const OpusSettings& settings);

  /// Samples of 20 ms.
  [[nodiscard]] std::size_t frame() const noexcept { return frame_; }

  /// Samples by which the decoder's output lags behind.
  [[nodiscard]] Position lookahead() const noexcept { return lookahead_; }
  /// One packet of one frame of frame() samples; valid until the next call. With gating, a silence that lasts
  /// (SilenceGate) is packets that decode to zeros.
  Bytes encode(std::span<const std::int16_t> frame);

 private:
  struct Destroy {
    void operator()(OpusEncoder* encoder) const noexcept;
  };
  Bytes encode_frame(std::span<const std::int16_t> frame);

  std::unique_ptr<OpusEncoder, Destroy> encoder_;
  bool gating_;
  bool resting_ = false;
  SilenceGate gate_;
  std::uint8_t toc_ = 0;  ///< of the last packet from the encoder
  std::size_t frame_;
  Position lookahead_ = 0;
  std::vector<std::uint8_t> packet_;
};

/// A packet of 20 ms of digital silence that fits behind packets with that TOC: the same mode and bandwidth, so that no
/// decoder has to change over. Empty when there is none.
Bytes silent_packet(std::uint8_t toc) noexcept;

/// Appends a one-frame packet in self-delimiting form (RFC 6716 appendix B).
void append_self_delimited(Bytes packet, std::vector<std::uint8_t>& out);

}  // namespace tapestry::mux
