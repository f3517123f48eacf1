#pragma once
#include <cstdint>
#include <memory>

#include "mux/opus_channel.h"
#include "mux/position.h"
#include "mux/writer.h"

namespace tapestry::mux {

/// Ogg Opus (RFC 7845): channel mapping family 1, two mono streams that know nothing of each other, pages of a second.
/// The stream's serial number comes from the uuid, so equal input gives equal bytes.
std::unique_ptr<Writer<std::int16_t>> make_ogg_opus_writer(const Destination& to, const FileTags& tags, Rate rate,
                                                           const OpusSettings& settings);

}  // namespace tapestry::mux
