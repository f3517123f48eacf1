#include "tests/bench/coded_speech.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>
#include <utility>

#include "mux/amr_payload.h"
#include "mux/frames.h"
#include "tests/mux/encoders.h"
#include "tests/support/captured_stream.h"

namespace tapestry::bench {
namespace {

using mux::Payloads;

constexpr double kSeconds = 30;

struct Recipe {
  CodecCase codec;
  mux::EncoderSettings encoder;
  std::size_t payload_bytes = 0;  ///< 0: the encoder's own packets
};

/// 20 ms, but for G.723.1.
std::vector<Recipe> recipes() {
  const auto g726 = [](const char* name, int bits) {
    return Recipe{{name, {.encoding = name}, "g726le", 8000, bits},
                  {.name = "g726le", .options = {{"code_size", std::to_string(bits)}}},
                  static_cast<std::size_t>(20 * bits)};
  };
  return {
      {{"PCMU", {.encoding = "PCMU"}, "pcm_mulaw"}, {.name = "pcm_mulaw", .frame = 160}, 160},
      {{"PCMA", {.encoding = "PCMA"}, "pcm_alaw"}, {.name = "pcm_alaw", .frame = 160}, 160},
      {{"L16", {"L16", 16'000, 320, {}}, "pcm_s16be", 16'000}, {.name = "pcm_s16be", .sample_hz = 16'000}, 640},
      {{"G722", {.encoding = "G722"}, "g722", 16'000}, {.name = "g722", .sample_hz = 16'000}, 160},
      g726("G726-32", 4),
      {{"G723", {.encoding = "G723", .ticks = 240}, "g723_1"}, {.name = "g723_1", .bit_rate = 6300}},
      {{"GSM", {.encoding = "GSM"}, "gsm"}, {.name = "libgsm"}},
      {{"SPEEX/8000", {.encoding = "SPEEX"}, "speex"}, {.name = "libspeex", .bit_rate = 15'000}},
      {{"SPEEX/16000", {"SPEEX", 16'000, 320, {}}, "speex", 16'000},
       {.name = "libspeex", .sample_hz = 16'000, .bit_rate = 27'800}},
      {{"OPUS", {"opus", 48'000, 960, {}}, "", 16'000}, {.name = "libopus", .sample_hz = 48'000, .bit_rate = 32'000}},
  };
}

/// A talker with some noise behind: without it the voice's periods give the same payload again and again, which is what
/// relayed media looks like.
std::vector<std::int16_t> talker(int sample_hz) {
  constexpr int kNoise = 100;
  std::mt19937 random(7);
  std::vector<std::int16_t> samples = mux::voice(kSeconds, sample_hz);
  for (std::int16_t& sample : samples) {
    const int noise = static_cast<int>(random() % (2 * kNoise + 1)) - kNoise;
    sample = static_cast<std::int16_t>(std::clamp(sample + noise, -32'768, 32'767));
  }
  return samples;
}

void add_encoded(std::vector<CodecCase>& cases) {
  for (Recipe& recipe : recipes()) {
    Payloads payloads = mux::encode_frames(recipe.encoder, talker(recipe.encoder.sample_hz));
    if (recipe.payload_bytes > 0) payloads = mux::cut(payloads, recipe.payload_bytes);
    if (payloads.empty()) {
      std::cerr << "bench: no encoder " << recipe.encoder.name << ": " << recipe.codec.name << " is left out\n";
      continue;
    }
    recipe.codec.speech.payloads = std::move(payloads);
    cases.push_back(std::move(recipe.codec));
  }
}

/// RFC 3551 §4.5.1: FFmpeg's blocks, whose first sample is the one before, with another header and order of nibbles.
void add_dvi4(std::vector<CodecCase>& cases) {
  CodecCase codec{"DVI4", {.encoding = "DVI4", .ticks = 120}, "adpcm_ima_wav", 8000, 4};
  const Payloads blocks =
      mux::encode_frames({.name = "adpcm_ima_wav", .overlap = 1, .options = {{"block_size", "64"}}}, talker(8000));
  for (const auto& block : blocks) {
    codec.frames.push_back({block});
    codec.speech.payloads.push_back(block);
    auto& payload = codec.speech.payloads.back();
    std::swap(payload[0], payload[1]);
    for (std::size_t i = 4; i < payload.size(); ++i) {
      payload[i] = static_cast<std::uint8_t>(static_cast<unsigned>(payload[i]) << 4U | payload[i] >> 4U);
    }
  }
  codec.extra_samples = 1;
  if (!codec.frames.empty()) cases.push_back(std::move(codec));
}

/// One payload's frames as FFmpeg takes them; empty when not all of them are speech.
Payloads speech_frames(const mux::Codec& codec, const std::vector<std::uint8_t>& payload) {
  Payloads frames;
  if (codec.coding == mux::Coding::G729) {
    mux::FrameReader reader(codec, payload);
    while (const auto frame = reader.next()) {
      if (!frame->speech) return {};
      frames.emplace_back(frame->bytes.begin(), frame->bytes.end());
    }
    return reader.whole() ? frames : Payloads{};
  }
  std::vector<mux::AmrFrame> read;
  if (!mux::read_amr(codec, payload, read)) return {};
  for (const mux::AmrFrame& frame : read) {
    if (frame.kind != mux::AmrFrame::Kind::Speech) return {};
    frames.emplace_back(frame.view().begin(), frame.view().end());
  }
  return frames;
}

void add_captured(std::vector<CodecCase>& cases, CodecCase codec, const char* capture, std::uint8_t type) {
  const std::filesystem::path path = std::filesystem::path(TAPESTRY_SHARED) / "captures/codecs" / capture;
  if (!std::filesystem::exists(path)) {
    std::cerr << "bench: no " << path.string() << ": " << codec.name << " is left out\n";
    return;
  }
  calls::PayloadMapping mapping;
  mapping.encoding = codec.speech.encoding;
  mapping.clock_hz = codec.speech.clock_hz;
  mapping.parameters = codec.speech.parameters;
  const mux::Codec known = mux::read_codec(mapping);
  const std::size_t frames_each = codec.speech.encoding == "G729" ? 2 : 1;
  for (auto& payload : testing::longest_stream(path, type)) {
    Payloads frames = speech_frames(known, payload);
    if (frames.size() != frames_each) continue;
    codec.frames.push_back(std::move(frames));
    codec.speech.payloads.push_back(std::move(payload));
  }
  cases.push_back(std::move(codec));
}

void add_ilbc(std::vector<CodecCase>& cases, CodecCase codec, std::size_t bytes) {
  std::mt19937 random(3);
  for (int i = 0; i < 1'000; ++i) {
    auto& payload = codec.speech.payloads.emplace_back(bytes);
    std::ranges::generate(payload, [&random] { return static_cast<std::uint8_t>(random()); });
    payload.back() &= 0xfeU;  // the last bit marks an empty frame
  }
  cases.push_back(std::move(codec));
}

}  // namespace

std::vector<CodecCase> make_codec_cases() {
  std::vector<CodecCase> cases;
  add_encoded(cases);
  add_dvi4(cases);
  add_captured(cases, {"G729", {.encoding = "G729"}, "g729"}, "rtp_g729_stream.pcap", 18);
  add_captured(cases, {"AMR", {.encoding = "AMR", .parameters = "octet-align=1"}, "amrnb"}, "gen_amr_nb.pcap", 96);
  add_captured(cases, {"AMR-WB", {"AMR-WB", 16'000, 320, {}, "octet-align=1"}, "amrwb", 16'000}, "gen_amr_wb.pcap", 96);
  add_ilbc(cases, {"iLBC of 30 ms", {.encoding = "iLBC", .ticks = 240, .parameters = "mode=30"}, "ilbc"}, 50);
  add_ilbc(cases, {"iLBC of 20 ms", {.encoding = "iLBC", .parameters = "mode=20"}, "ilbc"}, 38);
  return cases;
}

}  // namespace tapestry::bench
