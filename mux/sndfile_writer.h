#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "mux/g711.h"
#include "mux/position.h"
#include "mux/writer.h"

namespace tapestry::mux {

/// WAV (format tag 1) and FLAC, 16 bits.
std::unique_ptr<Writer<std::int16_t>> make_wav_writer(const std::filesystem::path& path, const FileTags& tags,
                                                      Rate rate);
std::unique_ptr<Writer<std::int16_t>> make_flac_writer(const std::filesystem::path& path, const FileTags& tags,
                                                       Rate rate);
/// WAV with the codes themselves (format tag 7 or 6), at 8 kHz.
std::unique_ptr<Writer<std::uint8_t>> make_g711_writer(const std::filesystem::path& path, const FileTags& tags,
                                                       Law law);

}  // namespace tapestry::mux
