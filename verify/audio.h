#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace tapestry::verify {

/// What a file holds, known once its header is read; `frames` grows while it is decoded.
struct Audio {
  unsigned channels = 0;
  unsigned rate_hz = 0;
  std::uint64_t frames = 0;  ///< samples per channel
};

/// Takes decoded PCM in order: interleaved 16-bit samples, `audio.frames` counts what came before them. The view lives
/// for the call.
using PcmSink = std::function<void(const Audio& audio, std::span<const std::int16_t> pcm)>;

inline constexpr std::uint64_t kMaxAudioSeconds = 7ULL * 24 * 3600;
inline constexpr unsigned kMaxAudioChannels = 64;

/// Decodes the first audio stream of a local file at its own rate (FFmpeg; Opus gives 48 kHz), strict about damage; the
/// reason when it cannot. Other files that the media refers to are never opened.
std::expected<Audio, std::string> decode_audio(const std::filesystem::path& path, const PcmSink& sink);

}  // namespace tapestry::verify
