#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/bytes.h"
#include "mux/codec.h"
#include "mux/position.h"

namespace tapestry::mux {

/// Turns one stream's payloads, in order of sequence, into mono samples.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Of all samples it gives.
  [[nodiscard]] virtual std::uint32_t rate_hz() const noexcept = 0;
  /// Appends what the payload holds; false, having appended what could be decoded, when it makes no sense.
  virtual bool decode(Bytes payload, std::vector<std::int16_t>& samples) = 0;
  /// Appends `count` samples for what was lost before `next` (which decode() takes afterwards), by the codec's own
  /// means. False, having appended nothing: it has none.
  virtual bool recover(std::size_t count, Bytes next, std::vector<std::int16_t>& samples);
};

/// Nothing when there is no decoder for the codec. One that may choose its rate takes `rate`.
std::unique_ptr<Decoder> make_decoder(const Codec& codec, Rate rate);

}  // namespace tapestry::mux
