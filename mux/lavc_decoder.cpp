#include "mux/lavc_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "core/shared_library.h"

namespace tapestry::mux {
namespace {

constexpr int kMuted = 100;  ///< added to the levels of its messages: what it says of hostile bytes goes nowhere

/// libavcodec, which brings a hundred libraries with it, is loaded when the first frame needs it.
struct Lavc {
  SharedLibrary library{"libavcodec.so." AV_STRINGIFY(LIBAVCODEC_VERSION_MAJOR)};
  decltype(::av_packet_alloc)* av_packet_alloc = library.find("av_packet_alloc");
  decltype(::av_packet_free)* av_packet_free = library.find("av_packet_free");
  decltype(::avcodec_free_context)* avcodec_free_context = library.find("avcodec_free_context");
  decltype(::avcodec_find_decoder_by_name)* avcodec_find_decoder_by_name = library.find("avcodec_find_decoder_by_name");
  decltype(::avcodec_alloc_context3)* avcodec_alloc_context3 = library.find("avcodec_alloc_context3");
  decltype(::avcodec_open2)* avcodec_open2 = library.find("avcodec_open2");
  decltype(::avcodec_send_packet)* avcodec_send_packet = library.find("avcodec_send_packet");
  decltype(::avcodec_receive_frame)* avcodec_receive_frame = library.find("avcodec_receive_frame");
};

const Lavc& lavc() {
  static const Lavc loaded;
  return loaded;
}

std::int16_t to_sample(float value) noexcept {
  return static_cast<std::int16_t>(std::lrint(std::clamp(value * 32768.0F, -32768.0F, 32767.0F)));
}

template <class From, class Convert>
void append(const std::uint8_t* plane, int count, std::vector<std::int16_t>& samples, Convert convert) {
  for (int i = 0; i < count; ++i) {
    From value;
    std::memcpy(&value, plane + static_cast<std::size_t>(i) * sizeof value, sizeof value);
    samples.push_back(convert(value));
  }
}

}  // namespace

void LavcDecoder::Free::operator()(AVCodecContext* context) const noexcept { lavc().avcodec_free_context(&context); }
void LavcDecoder::Free::operator()(AVPacket* packet) const noexcept { lavc().av_packet_free(&packet); }
void LavcDecoder::Free::operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }

LavcDecoder::LavcDecoder(const LavcSettings& settings) : packet_(lavc().av_packet_alloc()), frame_(av_frame_alloc()) {
  const AVCodec* const codec = lavc().avcodec_find_decoder_by_name(settings.decoder);
  if (codec == nullptr) return;
  context_.reset(lavc().avcodec_alloc_context3(codec));
  if (!context_ || !packet_ || !frame_) throw std::runtime_error("mux: libavcodec: out of memory");
  AVCodecContext& context = *context_;
  context.log_level_offset = kMuted;
  context.thread_count = 1;
  context.sample_rate = static_cast<int>(settings.sample_hz);
  context.block_align = settings.block_bytes;
  context.bits_per_coded_sample = settings.sample_bits;
  av_channel_layout_default(&context.ch_layout, 1);
  if (lavc().avcodec_open2(&context, codec, nullptr) < 0) context_.reset();
}

bool LavcDecoder::decode(Bytes frame, std::vector<std::int16_t>& samples) {
  if (!context_) return false;
  padded_.assign(frame.begin(), frame.end());
  padded_.resize(frame.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  packet_->data = padded_.data();
  packet_->size = static_cast<int>(frame.size());
  return lavc().avcodec_send_packet(context_.get(), packet_.get()) == 0 && receive(samples);
}

bool LavcDecoder::receive(std::vector<std::int16_t>& samples) {
  bool any = false;
  for (;;) {
    const int status = lavc().avcodec_receive_frame(context_.get(), frame_.get());
    if (status == AVERROR(EAGAIN)) return any;
    if (status < 0) return false;
    any = true;
    const std::uint8_t* const plane = frame_->extended_data[0];
    switch (frame_->format) {
      case AV_SAMPLE_FMT_S16:
      case AV_SAMPLE_FMT_S16P:
        append<std::int16_t>(plane, frame_->nb_samples, samples, [](std::int16_t value) { return value; });
        break;
      case AV_SAMPLE_FMT_FLT:
      case AV_SAMPLE_FMT_FLTP:
        append<float>(plane, frame_->nb_samples, samples, to_sample);
        break;
      default:
        return false;
    }
  }
}

}  // namespace tapestry::mux
