#pragma once
#include <cstdint>
#include <memory>

#include "mux/position.h"
#include "mux/writer.h"

namespace tapestry::mux {

/// FLAC, 16 bits. Its head is written last: the destination's observer sees nothing.
std::unique_ptr<Writer<std::int16_t>> make_flac_writer(const Destination& to, const FileTags& tags, Rate rate);

}  // namespace tapestry::mux
