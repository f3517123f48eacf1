#pragma once
#include <memory>
#include <optional>

#include "core/bytes.h"
#include "mux/decoder.h"
#include "mux/measure.h"

namespace tapestry::mux {

/// Of an Opus packet (RFC 7587: the clock is 48 kHz); one with frames of two bytes or less is DTX. As mux::measure.
std::optional<PayloadTime> measure_opus(Bytes payload) noexcept;

/// libopus, mixed down to one channel. Lost packets come back from their successor's in-band FEC, or are concealed.
std::unique_ptr<Decoder> make_opus_decoder(Rate rate);

}  // namespace tapestry::mux
