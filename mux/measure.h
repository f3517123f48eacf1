#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "mux/codec.h"

namespace tapestry::mux {

/// What a payload is on its clock.
struct PayloadTime {
  std::uint32_t ticks = 0;  ///< 0: holds nothing
  bool pauses = false;      ///< its sender may fall silent after it (SID, DTX)
};
/// Nothing when the payload cannot be one of the codec's (Content::Audio, not Red), or takes more than 65,535 ticks.
std::optional<PayloadTime> measure(const Codec& codec, Bytes payload);

}  // namespace tapestry::mux
