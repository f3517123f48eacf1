#pragma once
#include <cstdint>
#include <vector>

#include "mux/writer.h"

namespace tapestry::mux {

/// The sample format in a WAV file's `fmt ` chunk.
enum class WavCoding : std::uint16_t { Pcm16 = 1, ALaw = 6, MuLaw = 7 };

struct WavFormat {
  WavCoding coding = WavCoding::Pcm16;
  std::uint16_t channels = 2;
  std::uint32_t rate_hz = 8000;
};

/// Everything before the samples: RIFF/WAVE with `fmt `, `fact` (codes only), `LIST INFO` (title, comment, date) and
/// the head of `data`. From 4 GiB on it is RF64 (EBU Tech 3306), with the lengths in `ds64`. Odd lengths of `data` need
/// a byte of padding behind the samples; two channels never have one.
std::vector<std::uint8_t> wav_header(const WavFormat& format, const FileTags& tags, std::uint64_t frames);

}  // namespace tapestry::mux
