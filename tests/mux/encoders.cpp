#include "encoders.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "tests/support/voice.h"

namespace tapestry::mux {
namespace {

struct Free {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};

std::unique_ptr<AVCodecContext, Free> open(const EncoderSettings& settings) {
  const AVCodec* const codec = avcodec_find_encoder_by_name(settings.name.c_str());
  if (codec == nullptr) return nullptr;
  std::unique_ptr<AVCodecContext, Free> context(avcodec_alloc_context3(codec));
  context->sample_rate = settings.sample_hz;
  context->sample_fmt = codec->sample_fmts[0];
  context->bit_rate = settings.bit_rate;
  context->frame_size = settings.frame;
  context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
  av_channel_layout_default(&context->ch_layout, 1);
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : settings.options) av_dict_set(&options, key.c_str(), value.c_str(), 0);
  const int status = avcodec_open2(context.get(), codec, &options);
  av_dict_free(&options);
  if (status < 0) throw std::runtime_error("encoder " + settings.name + " does not open");
  return context;
}

void drain(AVCodecContext* context, AVPacket* packet, Payloads& payloads) {
  while (avcodec_receive_packet(context, packet) == 0) {
    payloads.emplace_back(packet->data, packet->data + packet->size);
    av_packet_unref(packet);
  }
}

}  // namespace

Payloads encode_frames(const EncoderSettings& settings, std::span<const std::int16_t> samples) {
  const auto context = open(settings);
  if (!context) return {};
  const std::unique_ptr<AVPacket, Free> packet(av_packet_alloc());
  const auto length = static_cast<std::size_t>(context->frame_size > 0 ? context->frame_size : 160);
  const std::size_t step = length - static_cast<std::size_t>(settings.overlap);
  Payloads payloads;
  for (std::size_t at = 0; at + length <= samples.size(); at += step) {
    const std::unique_ptr<AVFrame, Free> frame(av_frame_alloc());
    frame->nb_samples = static_cast<int>(length);
    frame->format = context->sample_fmt;
    frame->sample_rate = settings.sample_hz;
    frame->pts = static_cast<std::int64_t>(at);
    av_channel_layout_default(&frame->ch_layout, 1);
    if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
    std::memcpy(frame->data[0], &samples[at], length * sizeof samples[at]);
    if (avcodec_send_frame(context.get(), frame.get()) < 0) throw std::runtime_error("encoder refuses a frame");
    drain(context.get(), packet.get(), payloads);
  }
  return payloads;
}

Payloads cut(const Payloads& frames, std::size_t bytes) {
  std::vector<std::uint8_t> all;
  for (const auto& frame : frames) all.insert(all.end(), frame.begin(), frame.end());
  Payloads payloads;
  for (std::size_t at = 0; at + bytes <= all.size(); at += bytes) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
    payloads.emplace_back(from, from + static_cast<std::ptrdiff_t>(bytes));
  }
  return payloads;
}

std::vector<std::int16_t> decode_by_command(const std::vector<std::uint8_t>& bytes, const std::string& input,
                                            int sample_hz) {
  std::string name = (std::filesystem::temp_directory_path() / "mux-XXXXXX").string();
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) return {};
  std::ofstream(name, std::ios::binary)
      .write(static_cast<const char*>(static_cast<const void*>(bytes.data())),
             static_cast<std::streamsize>(bytes.size()));
  const std::string command = "ffmpeg -v quiet " + input + " -i '" + name + "' -ar " + std::to_string(sample_hz) +
                              " -ac 1 -f s16le - 2>/dev/null";
  std::vector<std::int16_t> samples(1U << 22U);
  FILE* const pipe = popen(command.c_str(), "r");
  samples.resize(std::fread(samples.data(), sizeof(std::int16_t), samples.size(), pipe));
  if (pclose(pipe) != 0) samples.clear();
  std::filesystem::remove(name);
  return samples;
}

std::vector<std::int16_t> voice(double seconds, int sample_hz) {
  std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds * sample_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = testing::voice_sample({.pitch_hz = 110}, static_cast<double>(i) / sample_hz);
  }
  return samples;
}

Likeness compare(std::span<const std::int16_t> first, std::span<const std::int16_t> second, int sample_hz,
                 double most_ms) {
  const auto most = static_cast<std::ptrdiff_t>(most_ms * sample_hz / 1000);
  Likeness best;
  for (std::ptrdiff_t later = -most; later <= most; ++later) {
    double product = 0;
    double energy = 1;
    double other_energy = 1;
    for (std::ptrdiff_t i = 0; i < std::ssize(second); ++i) {
      if (i + later < 0 || i + later >= std::ssize(first)) continue;
      const double a = first[static_cast<std::size_t>(i + later)];
      const double b = second[static_cast<std::size_t>(i)];
      product += a * b;
      energy += a * a;
      other_energy += b * b;
    }
    const double correlation = product / std::sqrt(energy * other_energy);
    if (correlation > best.correlation) best = {correlation, static_cast<double>(later) * 1000 / sample_hz};
  }
  return best;
}

double spectral_distance(std::span<const std::int16_t> first, std::span<const std::int16_t> second) {
  constexpr std::size_t kLength = 256;
  constexpr std::size_t kBands = 16;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t at = 0; at + kLength <= std::min(first.size(), second.size()); at += 4 * kLength) {
    std::array<std::array<double, kBands>, 2> energy{};
    double loud = 0;
    for (std::size_t band = 0; band < kBands * 4; ++band) {
      std::array<std::complex<double>, 2> bin{};
      for (std::size_t i = 0; i < kLength; ++i) {
        const auto turn = std::polar(0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kLength),
                                     -2 * std::numbers::pi * static_cast<double>(2 * band * i) / kLength);
        bin[0] += turn * static_cast<double>(first[at + i]);
        bin[1] += turn * static_cast<double>(second[at + i]);
      }
      for (std::size_t k = 0; k < 2; ++k) energy[k][band / 4] += std::norm(bin[k]);
      loud += std::norm(bin[1]);
    }
    if (loud < 1e9) continue;
    for (std::size_t band = 0; band < kBands; ++band) {
      if (energy[1][band] < loud * 1e-3) continue;
      sum += std::abs(10 * std::log10((energy[0][band] + 1e4) / (energy[1][band] + 1e4)));
      ++count;
    }
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace tapestry::mux
