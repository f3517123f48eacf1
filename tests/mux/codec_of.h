#pragma once
#include "mux/codec.h"

namespace tapestry::mux {

/// What read_codec() makes of a mapping with these parts.
inline Codec codec(const char* encoding, std::uint32_t clock_hz = 8000, const char* parameters = "",
                   std::uint8_t channels = 1) {
  calls::PayloadMapping mapping;
  mapping.encoding = encoding;
  mapping.clock_hz = clock_hz;
  mapping.parameters = parameters;
  mapping.channels = channels;
  return read_codec(mapping);
}

}  // namespace tapestry::mux
