#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "calls/interaction.h"
#include "core/g711.h"
#include "mux/position.h"

namespace tapestry::mux {

/// What a packet is for the timeline.
enum class Content : std::uint8_t {
  Audio,    ///< heard
  Noise,    ///< comfort noise (RFC 3389): silence until the next packet
  Event,    ///< telephone-event (RFC 4733)
  Foreign,  ///< an encoding that we have no decoder for, or a payload that is none of its encoding's
};

/// How a payload is read.
enum class Coding : std::uint8_t {
  None,
  PcmMu,
  PcmA,
  G722,
  G723,
  G726,      ///< RFC 3551's packing: first sample in the low bits
  G726Aal2,  ///< ITU-T I.366.2's packing: first sample in the high bits
  G729,
  Gsm,
  Ilbc,
  Amr,
  AmrWb,
  Speex,
  Opus,
  L16,
  Dvi4,
  Red,  ///< RFC 2198: holds payloads of other types
};

/// One way of reading payloads: what a payload type means.
struct Codec {
  std::string name;               ///< the encoding, upper-case; `payload type 97` when nobody said
  std::uint32_t clock_hz = 8000;  ///< of its RTP timestamps
  Content content = Content::Foreign;
  Coding coding = Coding::None;
  std::uint8_t channels = 1;
  std::uint8_t sample_bits = 0;    ///< G.726
  bool octet_aligned = false;      ///< AMR, RFC 4867
  bool short_frames = false;       ///< iLBC of 20 ms
  std::uint32_t sample_hz = 8000;  ///< of what a decoder makes of it; G.722: 16,000 at a clock of 8,000
  bool sealed = false;             ///< foreign because it is encrypted
  Duration lag{};                  ///< by how much the codec's sound comes later than its timestamps say
  friend bool operator==(const Codec&, const Codec&) = default;

  /// Of G.711 whose codes may be passed on as they are.
  [[nodiscard]] std::optional<Law> law() const noexcept;
  [[nodiscard]] bool wideband() const noexcept { return content == Content::Audio && sample_hz > kNarrowband.hz; }
  /// Samples at `rate` that `ticks` of the clock take, the nearest.
  [[nodiscard]] Position samples(std::uint32_t ticks, std::uint32_t hz) const noexcept {
    return (std::int64_t{ticks} * hz * 2 + clock_hz) / (std::int64_t{clock_hz} * 2);
  }
};

/// The codec of a mapping from SDP; foreign under its name when there is no decoder for it.
Codec read_codec(const calls::PayloadMapping& mapping);
/// The codec of a payload type that nobody mapped: RFC 3551's table.
Codec static_codec(unsigned type);

}  // namespace tapestry::mux
