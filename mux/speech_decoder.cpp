#include "mux/speech_decoder.h"

#include <array>
#include <utility>

#include "mux/amr_payload.h"
#include "mux/frames.h"
#include "mux/lavc_decoder.h"

namespace tapestry::mux {
namespace {

LavcSettings whole_settings(const Codec& codec) {
  switch (codec.coding) {
    case Coding::G722:
      return {.decoder = "g722", .sample_hz = codec.sample_hz};
    case Coding::G726:
      return {.decoder = "g726le", .sample_bits = codec.sample_bits};
    case Coding::G726Aal2:
      return {.decoder = "g726", .sample_bits = codec.sample_bits};
    default:
      return {.decoder = "speex", .sample_hz = codec.sample_hz};
  }
}

LavcSettings frame_settings(Coding coding, bool short_frames) {
  switch (coding) {
    case Coding::G729:
      return {.decoder = "g729"};
    case Coding::G723:
      return {.decoder = "g723_1"};
    case Coding::Gsm:
      return {.decoder = "gsm", .block_bytes = 33};
    default:
      return {.decoder = "ilbc", .block_bytes = static_cast<int>(short_frames ? kIlbcShort : kIlbcLong)};
  }
}

class WholeDecoder final : public Decoder {
 public:
  explicit WholeDecoder(const Codec& codec) : rate_hz_(codec.sample_hz), decoder_(whole_settings(codec)) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return rate_hz_; }
  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    return payload.empty() || decoder_.decode(payload, samples);
  }

 private:
  std::uint32_t rate_hz_;
  LavcDecoder decoder_;
};

/// Puts a frame of `length` samples at the end, whatever the decoder made of it.
bool append_frame(LavcDecoder& decoder, Bytes bytes, std::size_t length, std::vector<std::int16_t>& samples) {
  const std::size_t before = samples.size();
  const bool good = decoder.decode(bytes, samples);
  samples.resize(before + length);
  return good;
}

class FrameDecoder final : public Decoder {
 public:
  explicit FrameDecoder(const Codec& codec)
      : codec_(codec),
        decoder_(frame_settings(codec.coding, codec.short_frames)),
        frame_bytes_(codec.short_frames ? kIlbcShort : kIlbcLong) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return codec_.sample_hz; }

  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    FrameReader frames(codec_, payload);
    bool good = true;
    while (const auto frame = frames.next()) {
      // FFmpeg makes G.723.1's comfort noise; that of G.729 it does not know.
      if (!frame->speech && codec_.coding == Coding::G729) {
        samples.resize(samples.size() + frame->ticks);
        continue;
      }
      if (codec_.coding == Coding::Ilbc) adapt(frame->bytes.size());
      good = append_frame(decoder_, frame->bytes, frame->ticks, samples) && good;
    }
    return good && frames.whole();
  }

 private:
  /// iLBC's two modes are two decoders for FFmpeg.
  void adapt(std::size_t bytes) {
    if (bytes == frame_bytes_) return;
    frame_bytes_ = bytes;
    decoder_ = LavcDecoder(frame_settings(Coding::Ilbc, bytes == kIlbcShort));
  }

  Codec codec_;
  LavcDecoder decoder_;
  std::size_t frame_bytes_;
};

class AmrDecoder final : public Decoder {
 public:
  explicit AmrDecoder(const Codec& codec)
      : codec_(codec),
        decoder_({.decoder = codec.coding == Coding::AmrWb ? "amrwb" : "amrnb", .sample_hz = codec.sample_hz}) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return codec_.sample_hz; }

  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    if (payload.empty()) return true;
    if (!read_amr(codec_, payload, frames_)) return false;
    const std::size_t length = codec_.sample_hz / 50;
    bool good = true;
    for (const AmrFrame& frame : frames_) {
      if (frame.kind == AmrFrame::Kind::Speech) {
        good = append_frame(decoder_, frame.view(), length, samples) && good;
      } else {
        samples.resize(samples.size() + length);
      }
    }
    return good;
  }

 private:
  Codec codec_;
  LavcDecoder decoder_;
  std::vector<AmrFrame> frames_;
};

class Dvi4Decoder final : public Decoder {
 public:
  explicit Dvi4Decoder(const Codec& codec)
      : rate_hz_(codec.sample_hz), decoder_({.decoder = "adpcm_ima_wav", .sample_hz = rate_hz_, .sample_bits = 4}) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return rate_hz_; }

  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    constexpr std::size_t kHeader = 4;
    constexpr std::uint8_t kMaxIndex = 88;
    if (payload.empty()) return true;
    if (payload.size() <= kHeader || payload[2] > kMaxIndex) return false;
    block_.assign({payload[1], payload[0], payload[2], 0});
    for (const std::uint8_t byte : payload.subspan(kHeader)) {
      block_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(byte) << 4U | byte >> 4U));
    }
    block_.resize((block_.size() + 3) / 4 * 4);
    decoded_.clear();
    if (!decoder_.decode(block_, decoded_) || decoded_.empty()) return false;
    // FFmpeg gives the header's predicted value as a sample, which it is not here.
    decoded_.resize((payload.size() - kHeader) * 2 + 1);
    samples.insert(samples.end(), decoded_.begin() + 1, decoded_.end());
    return true;
  }

 private:
  std::uint32_t rate_hz_;
  LavcDecoder decoder_;
  std::vector<std::uint8_t> block_;
  std::vector<std::int16_t> decoded_;
};

}  // namespace

std::unique_ptr<Decoder> make_whole_decoder(const Codec& codec) { return std::make_unique<WholeDecoder>(codec); }
std::unique_ptr<Decoder> make_frame_decoder(const Codec& codec) { return std::make_unique<FrameDecoder>(codec); }
std::unique_ptr<Decoder> make_amr_decoder(const Codec& codec) { return std::make_unique<AmrDecoder>(codec); }
std::unique_ptr<Decoder> make_dvi4_decoder(const Codec& codec) { return std::make_unique<Dvi4Decoder>(codec); }

}  // namespace tapestry::mux
