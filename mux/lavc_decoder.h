#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/bytes.h"

struct AVCodecContext;
struct AVFrame;
struct AVPacket;

namespace tapestry::mux {

/// What FFmpeg must be told beside the decoder's name.
struct LavcSettings {
  const char* decoder;
  std::uint32_t sample_hz = 8000;
  int block_bytes = 0;
  int sample_bits = 0;
};

/// One mono decoder of FFmpeg's libavcodec.
class LavcDecoder {
 public:
  /// Throws std::runtime_error when memory fails. Where this FFmpeg has no such decoder, all frames are refused.
  explicit LavcDecoder(const LavcSettings& settings);

  /// Appends the samples of one frame (or of several that need no cutting); false when it is refused.
  bool decode(Bytes frame, std::vector<std::int16_t>& samples);

 private:
  struct Free {
    void operator()(AVCodecContext* context) const noexcept;
    void operator()(AVPacket* packet) const noexcept;
    void operator()(AVFrame* frame) const noexcept;
  };
  bool receive(std::vector<std::int16_t>& samples);

  std::unique_ptr<AVCodecContext, Free> context_;
  std::unique_ptr<AVPacket, Free> packet_;
  std::unique_ptr<AVFrame, Free> frame_;
  std::vector<std::uint8_t> padded_;
};

}  // namespace tapestry::mux
