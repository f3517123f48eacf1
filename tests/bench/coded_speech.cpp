#include "tests/bench/coded_speech.h"

#include <utility>

#include "tests/mux/encoders.h"

namespace tapestry::bench {
namespace {

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

}  // namespace

std::vector<CodecCase> make_codec_cases() {
  std::vector<CodecCase> cases;
  for (Recipe& recipe : recipes()) {
    mux::Payloads payloads = mux::encode_frames(recipe.encoder, mux::voice(kSeconds, recipe.encoder.sample_hz));
    if (recipe.payload_bytes > 0) payloads = mux::cut(payloads, recipe.payload_bytes);
    if (payloads.empty()) continue;
    recipe.codec.speech.payloads = std::move(payloads);
    cases.push_back(std::move(recipe.codec));
  }
  return cases;
}

}  // namespace tapestry::bench
