#include "tests/bench/codec_floor.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "tests/bench/measure.h"
#include "tests/bench/opus_floor.h"

namespace tapestry::bench {
namespace {

using Samples = std::vector<std::int16_t>;

/// What these decoders know a frame's form by.
int block_align(const CodecCase& codec) {
  if (codec.decoder == "gsm") return 33;
  if (codec.decoder == "ilbc") return static_cast<int>(codec.speech.payloads.front().size());
  return 0;
}

/// libavcodec without anything around it.
class BareDecoder {
 public:
  explicit BareDecoder(const CodecCase& codec) : packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
    const AVCodec* const found = avcodec_find_decoder_by_name(codec.decoder.c_str());
    context_.reset(found != nullptr ? avcodec_alloc_context3(found) : nullptr);
    if (!context_ || !packet_ || !frame_) throw std::runtime_error("no decoder " + codec.decoder);
    context_->thread_count = 1;
    context_->sample_rate = static_cast<int>(codec.rate_hz);
    context_->bits_per_coded_sample = codec.sample_bits;
    context_->block_align = block_align(codec);
    av_channel_layout_default(&context_->ch_layout, 1);
    if (avcodec_open2(context_.get(), found, nullptr) < 0) throw std::runtime_error(codec.decoder + " does not open");
  }

  void decode(Bytes payload, Samples& samples) {
    padded_.assign(payload.begin(), payload.end());
    padded_.resize(payload.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    packet_->data = padded_.data();
    packet_->size = static_cast<int>(payload.size());
    if (avcodec_send_packet(context_.get(), packet_.get()) < 0) throw std::runtime_error("a decoder refuses a payload");
    while (avcodec_receive_frame(context_.get(), frame_.get()) == 0) append(samples);
  }

 private:
  struct Free {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  };

  void append(Samples& samples) const {
    const auto count = static_cast<std::size_t>(frame_->nb_samples);
    const std::size_t at = samples.size();
    samples.resize(at + count);
    if (frame_->format == AV_SAMPLE_FMT_S16 || frame_->format == AV_SAMPLE_FMT_S16P) {
      std::memcpy(&samples[at], frame_->extended_data[0], count * sizeof samples[0]);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      float value = 0;
      std::memcpy(&value, frame_->extended_data[0] + i * sizeof value, sizeof value);
      samples[at + i] = static_cast<std::int16_t>(std::lrint(std::clamp(value * 32768.0F, -32768.0F, 32767.0F)));
    }
  }

  std::unique_ptr<AVCodecContext, Free> context_;
  std::unique_ptr<AVPacket, Free> packet_;
  std::unique_ptr<AVFrame, Free> frame_;
  std::vector<std::uint8_t> padded_;
};

template <class Decoder>
void transcode(Decoder decoder, const CodecCase& codec, std::uint32_t packets) {
  BareEncoder encoder(codec.rate_hz, {});
  Samples samples;
  for (std::uint32_t i = 0; i < packets; ++i) {
    const std::size_t payload = i % codec.speech.payloads.size();
    if (codec.frames.empty()) decoder.decode(codec.speech.payloads[payload], samples);
    for (std::size_t frame = 0; !codec.frames.empty() && frame < codec.frames[payload].size(); ++frame) {
      const std::size_t before = samples.size();
      decoder.decode(codec.frames[payload][frame], samples);
      const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(before);
      samples.erase(begin, begin + static_cast<std::ptrdiff_t>(codec.extra_samples));
    }
    const std::size_t whole = samples.size() / encoder.frame() * encoder.frame();
    for (std::size_t at = 0; at < whole; at += encoder.frame()) encoder.encode(&samples[at]);
    samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(whole));
  }
}

}  // namespace

double transcode_bare(const CodecCase& codec, std::uint32_t streams, std::uint32_t packets) {
  return on_all_threads(streams, [&](std::size_t) {
    if (codec.decoder.empty()) {
      transcode(BareOpusDecoder(codec.rate_hz), codec, packets);
    } else {
      transcode(BareDecoder(codec), codec, packets);
    }
  });
}

}  // namespace tapestry::bench
