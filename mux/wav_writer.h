#pragma once
#include <cstdint>
#include <memory>

#include "core/g711.h"
#include "mux/position.h"
#include "mux/writer.h"

namespace tapestry::mux {

/// WAV of 16-bit samples. `frames` is how many samples per channel will be written: the header comes first, so that the
/// file is written from beginning to end.
std::unique_ptr<Writer<std::int16_t>> make_wav_writer(const Destination& to, const FileTags& tags, Rate rate,
                                                      std::uint64_t frames);
/// WAV with the codes themselves, at 8 kHz.
std::unique_ptr<Writer<std::uint8_t>> make_g711_writer(const Destination& to, const FileTags& tags,
                                                       std::uint64_t frames, Law law);

}  // namespace tapestry::mux
