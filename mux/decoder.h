#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace tapestry::mux {

/// Turns one stream's payloads, in order of sequence, into samples at kRateHz.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Replaces what `samples` holds; false, and `samples` empty, when the payload makes no sense.
  virtual bool decode(Bytes payload, std::vector<std::int16_t>& samples) = 0;
};

/// Nothing when there is no decoder for the encoding (upper-case, as in calls::PayloadMapping) at this clock.
std::unique_ptr<Decoder> make_decoder(std::string_view encoding, std::uint32_t clock_hz);

}  // namespace tapestry::mux
