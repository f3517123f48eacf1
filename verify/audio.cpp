#include "verify/audio.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <memory>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/shared_library.h"

namespace tapestry::verify {
namespace {

/// libavcodec, loaded when the first file is to be heard: most commands never need it.
struct Lavc {
  SharedLibrary library{"libavcodec.so." AV_STRINGIFY(LIBAVCODEC_VERSION_MAJOR)};
  decltype(::avcodec_free_context)* avcodec_free_context = library.find("avcodec_free_context");
  decltype(::av_packet_alloc)* av_packet_alloc = library.find("av_packet_alloc");
  decltype(::av_packet_free)* av_packet_free = library.find("av_packet_free");
  decltype(::av_packet_unref)* av_packet_unref = library.find("av_packet_unref");
  decltype(::avcodec_find_decoder)* avcodec_find_decoder = library.find("avcodec_find_decoder");
  decltype(::avcodec_alloc_context3)* avcodec_alloc_context3 = library.find("avcodec_alloc_context3");
  decltype(::avcodec_parameters_to_context)* avcodec_parameters_to_context =
      library.find("avcodec_parameters_to_context");
  decltype(::avcodec_open2)* avcodec_open2 = library.find("avcodec_open2");
  decltype(::avcodec_send_packet)* avcodec_send_packet = library.find("avcodec_send_packet");
  decltype(::avcodec_receive_frame)* avcodec_receive_frame = library.find("avcodec_receive_frame");
  decltype(::avcodec_get_class)* avcodec_get_class = library.find("avcodec_get_class");
};

/// libavformat, likewise.
struct Lavf {
  SharedLibrary library{"libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR)};
  decltype(::avformat_close_input)* avformat_close_input = library.find("avformat_close_input");
  decltype(::avformat_get_class)* avformat_get_class = library.find("avformat_get_class");
  decltype(::avformat_alloc_context)* avformat_alloc_context = library.find("avformat_alloc_context");
  decltype(::avformat_open_input)* avformat_open_input = library.find("avformat_open_input");
  decltype(::avformat_find_stream_info)* avformat_find_stream_info = library.find("avformat_find_stream_info");
  decltype(::av_read_frame)* av_read_frame = library.find("av_read_frame");
};

const Lavc& lavc() {
  static const Lavc loaded;
  return loaded;
}

const Lavf& lavf() {
  static const Lavf loaded;
  return loaded;
}

using Failure = std::optional<std::string>;

struct CloseFormat {
  void operator()(AVFormatContext* context) const noexcept { lavf().avformat_close_input(&context); }
};
struct FreeCodec {
  void operator()(AVCodecContext* context) const noexcept { lavc().avcodec_free_context(&context); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const noexcept { lavc().av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
};

std::string reason(std::string_view what, int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(error, text.data(), text.size());
  return fmt::format("{}: {}", what, text.data());
}

/// FFmpeg's log: the only place where it tells of damage that it then skips (a broken Ogg page). Counts errors in the
/// `unsigned` that the context's `opaque` points to; prints nothing.
void count_errors(void* context, int level, const char*, va_list) {
  if (context == nullptr || level > AV_LOG_ERROR) return;
  const AVClass* kind = *static_cast<const AVClass**>(context);
  void* counter = nullptr;
  if (kind == lavf().avformat_get_class()) counter = static_cast<AVFormatContext*>(context)->opaque;
  if (kind == lavc().avcodec_get_class()) counter = static_cast<AVCodecContext*>(context)->opaque;
  if (counter != nullptr) ++*static_cast<unsigned*>(counter);
}

std::int16_t from_real(double value) {
  return static_cast<std::int16_t>(std::clamp(std::nearbyint(value * 32768.0), -32768.0, 32767.0));
}

/// Converts samples of type T, planar or interleaved, to interleaved 16 bits.
template <class T, class Convert>
void interleave(const AVFrame& frame, unsigned channels, bool planar, Convert convert, std::vector<std::int16_t>& pcm) {
  const auto frames = static_cast<std::size_t>(frame.nb_samples);
  for (std::size_t n = 0; n < frames * channels; ++n) {
    const std::uint8_t* plane = frame.extended_data[planar ? n % channels : 0];
    const std::size_t at = (planar ? n / channels : n) * sizeof(T);
    pcm.push_back(convert(load<T>(Bytes(plane + at, sizeof(T)))));
  }
}

bool to_16_bits(const AVFrame& frame, unsigned channels, std::vector<std::int16_t>& pcm) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const bool planar = av_sample_fmt_is_planar(format) == 1;
  const auto real = [](auto value) { return from_real(double{value}); };
  pcm.clear();
  switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8:
      interleave<std::uint8_t>(
          frame, channels, planar, [](std::uint8_t v) { return static_cast<std::int16_t>((v - 128) * 256); }, pcm);
      return true;
    case AV_SAMPLE_FMT_S16:
      interleave<std::int16_t>(frame, channels, planar, [](std::int16_t v) { return v; }, pcm);
      return true;
    case AV_SAMPLE_FMT_S32:
      interleave<std::int32_t>(
          frame, channels, planar, [](std::int32_t v) { return static_cast<std::int16_t>(v >> 16); }, pcm);
      return true;
    case AV_SAMPLE_FMT_FLT:
      interleave<float>(frame, channels, planar, real, pcm);
      return true;
    case AV_SAMPLE_FMT_DBL:
      interleave<double>(frame, channels, planar, real, pcm);
      return true;
    default:
      return false;
  }
}

/// One file on its way through FFmpeg.
class Decoder {
 public:
  explicit Decoder(const PcmSink& sink) : sink_(sink), packet_(lavc().av_packet_alloc()), frame_(av_frame_alloc()) {}

  Failure open(const std::filesystem::path& path);
  Failure run();
  [[nodiscard]] const Audio& audio() const noexcept { return audio_; }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

 private:
  Failure open_codec();
  Failure decode(const AVPacket* packet);
  Failure take_frame();

  const PcmSink& sink_;
  std::unique_ptr<AVFormatContext, CloseFormat> format_;
  std::unique_ptr<AVCodecContext, FreeCodec> codec_;
  std::unique_ptr<AVPacket, FreePacket> packet_;
  std::unique_ptr<AVFrame, FreeFrame> frame_;
  AVStream* stream_ = nullptr;
  Audio audio_;
  unsigned errors_ = 0;
  std::vector<std::int16_t> pcm_;
};

Failure Decoder::open(const std::filesystem::path& path) {
  AVFormatContext* opened = lavf().avformat_alloc_context();
  if (opened == nullptr) return "no memory";
  opened->opaque = &errors_;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "format_whitelist", "ogg,wav,mp3,flac,aac,au,aiff,mov,mp4,matroska,webm", 0);
  const int error = lavf().avformat_open_input(&opened, ("file:" + path.string()).c_str(), nullptr, &options);
  av_dict_free(&options);
  if (error < 0) return reason("cannot be opened", error);
  format_.reset(opened);
  if (const int info = lavf().avformat_find_stream_info(opened, nullptr); info < 0) return reason("no streams", info);
  for (unsigned n = 0; n < opened->nb_streams && stream_ == nullptr; ++n) {
    if (opened->streams[n]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) stream_ = opened->streams[n];
  }
  if (stream_ == nullptr) return "has no audio stream";
  return open_codec();
}

Failure Decoder::open_codec() {
  const AVCodecParameters& parameters = *stream_->codecpar;
  const AVCodec* codec = lavc().avcodec_find_decoder(parameters.codec_id);
  codec_.reset(codec == nullptr ? nullptr : lavc().avcodec_alloc_context3(codec));
  if (codec_ == nullptr || lavc().avcodec_parameters_to_context(codec_.get(), &parameters) < 0) return "unknown codec";
  codec_->pkt_timebase = stream_->time_base;
  codec_->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
  codec_->thread_count = 1;
  codec_->opaque = &errors_;
  if (const int error = lavc().avcodec_open2(codec_.get(), codec, nullptr); error < 0) return reason("codec", error);
  const int channels = codec_->ch_layout.nb_channels;
  const int rate = codec_->sample_rate;
  if (channels <= 0 || channels > static_cast<int>(kMaxAudioChannels) || rate <= 0) return "has no audio stream";
  audio_.channels = static_cast<unsigned>(channels);
  audio_.rate_hz = static_cast<unsigned>(rate);
  return std::nullopt;
}

Failure Decoder::run() {
  int error = 0;
  while ((error = lavf().av_read_frame(format_.get(), packet_.get())) >= 0) {
    Failure failure;
    if (packet_->stream_index == stream_->index) failure = decode(packet_.get());
    lavc().av_packet_unref(packet_.get());
    if (failure) return failure;
  }
  if (error != AVERROR_EOF) return reason("cannot be read", error);
  if (auto failure = decode(nullptr)) return failure;
  if (errors_ != 0) return fmt::format("is damaged in {} places", errors_);
  return std::nullopt;
}

Failure Decoder::decode(const AVPacket* packet) {
  if (const int error = lavc().avcodec_send_packet(codec_.get(), packet); error < 0)
    return reason("does not decode", error);
  int error = 0;
  while ((error = lavc().avcodec_receive_frame(codec_.get(), frame_.get())) >= 0) {
    if (auto failure = take_frame()) return failure;
  }
  if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) return reason("does not decode", error);
  return std::nullopt;
}

Failure Decoder::take_frame() {
  const auto channels = static_cast<unsigned>(frame_->ch_layout.nb_channels);
  if (channels != audio_.channels || static_cast<unsigned>(frame_->sample_rate) != audio_.rate_hz) {
    return "changes channels or rate";
  }
  if (!to_16_bits(*frame_, channels, pcm_)) return "has an odd sample format";
  sink_(audio_, pcm_);
  audio_.frames += static_cast<std::uint64_t>(frame_->nb_samples);
  if (audio_.frames / audio_.rate_hz > kMaxAudioSeconds) return "is too long";
  return std::nullopt;
}

}  // namespace

std::expected<Audio, std::string> decode_audio(const std::filesystem::path& path, const PcmSink& sink) {
  av_log_set_callback(count_errors);
  Decoder decoder(sink);
  if (auto failure = decoder.open(path)) return std::unexpected(std::move(*failure));
  if (auto failure = decoder.run()) return std::unexpected(std::move(*failure));
  return decoder.audio();
}

}  // namespace tapestry::verify
