#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/bytes.h"
#include "mux/render.h"

struct OpusDecoder;
struct OpusEncoder;

namespace tapestry::bench {

/// Two channels of 16-bit samples, interleaved.
using Recording = std::vector<std::int16_t>;

/// libopus, mono, with what mux sets; 20 ms frames. Throws std::runtime_error when libopus fails.
class BareEncoder {
 public:
  BareEncoder(std::uint32_t rate_hz, const mux::Options& options);
  [[nodiscard]] std::size_t frame() const noexcept { return frame_; }
  /// frame() samples, whose packet is thrown away.
  void encode(const std::int16_t* samples);

 private:
  std::unique_ptr<OpusEncoder, void (*)(OpusEncoder*)> encoder_;
  std::size_t frame_;
};

/// libopus, mono. Throws std::runtime_error when it fails.
class BareOpusDecoder {
 public:
  explicit BareOpusDecoder(std::uint32_t rate_hz);
  void decode(Bytes payload, std::vector<std::int16_t>& samples);

 private:
  std::unique_ptr<OpusDecoder, void (*)(OpusDecoder*)> decoder_;
  std::size_t longest_;
};

/// Does `work(0)` to `work(count - 1)` on as many threads as the machine runs at once; gives the CPU seconds.
double on_all_threads(std::size_t count, const std::function<void(std::size_t)>& work);

/// Every WAV file below the folder. Throws std::runtime_error when one cannot be read or is not stereo at 8 kHz.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// Encodes them with two mono libopus encoders each, 20 ms frames, and throws the packets away; as many threads as the
/// machine runs at once, as replay does. Gives the CPU seconds. Throws std::runtime_error when libopus fails.
double encode_bare(const std::vector<Recording>& recordings, const mux::Options& options);

}  // namespace tapestry::bench
