#include "mux/codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace tapestry::mux {
namespace {

using namespace std::chrono_literals;
using std::string_view;

struct Known {
  string_view name;
  Coding coding;
  std::uint32_t clock_hz;  ///< 0: any, and the audio has the same rate
  std::uint32_t sample_hz = 8000;
  std::uint8_t sample_bits = 0;
  Duration lag{};
};

// Lags are the encoders' look-ahead and their filters' delay. iLBC and GSM have none; that of Speex is libspeex'.
constexpr std::array kKnown{
    Known{"PCMU", Coding::PcmMu, 0},
    Known{"PCMA", Coding::PcmA, 0},
    Known{"G722", Coding::G722, 8000, 16'000, 0, 1375us},
    Known{"G723", Coding::G723, 8000, 8000, 0, 7500us},
    Known{"G721", Coding::G726, 8000, 8000, 4},
    Known{"G726-16", Coding::G726, 8000, 8000, 2},
    Known{"G726-24", Coding::G726, 8000, 8000, 3},
    Known{"G726-32", Coding::G726, 8000, 8000, 4},
    Known{"G726-40", Coding::G726, 8000, 8000, 5},
    Known{"AAL2-G726-16", Coding::G726Aal2, 8000, 8000, 2},
    Known{"AAL2-G726-24", Coding::G726Aal2, 8000, 8000, 3},
    Known{"AAL2-G726-32", Coding::G726Aal2, 8000, 8000, 4},
    Known{"AAL2-G726-40", Coding::G726Aal2, 8000, 8000, 5},
    Known{"G729", Coding::G729, 8000, 8000, 0, 5ms},
    Known{"GSM", Coding::Gsm, 8000},
    Known{"ILBC", Coding::Ilbc, 8000},
    Known{"AMR", Coding::Amr, 8000, 8000, 0, 5ms},
    Known{"AMR-WB", Coding::AmrWb, 16'000, 16'000, 0, 6875us},
    Known{"SPEEX", Coding::Speex, 8000, 8000, 0, 10ms},
    Known{"SPEEX", Coding::Speex, 16'000, 16'000, 0, 13'937us},
    Known{"SPEEX", Coding::Speex, 32'000, 32'000, 0, 15'906us},
    Known{"OPUS", Coding::Opus, 48'000, 16'000, 0, 6500us},
    Known{"L16", Coding::L16, 0},
    Known{"DVI4", Coding::Dvi4, 0},
    Known{"RED", Coding::Red, 0},
};
constexpr std::uint32_t kLeastClock = 8000;
constexpr std::uint32_t kMostClock = 96'000;

/// The value of `key=` in an fmtp line (`mode=20; octet-align=1`); empty when it is not there.
string_view parameter(string_view parameters, string_view key) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  while (!parameters.empty()) {
    const auto end = std::min(parameters.find(';'), parameters.size());
    string_view one = parameters.substr(0, end);
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    if (one.size() <= key.size() || one[key.size()] != '=') continue;
    if (!std::ranges::equal(one.substr(0, key.size()), key, {}, lower)) continue;
    one.remove_prefix(key.size() + 1);
    return one.substr(0, one.find_last_not_of(" \t") + 1);
  }
  return {};
}

/// Whether a parameter is there with a value other than 0.
bool is_on(string_view parameters, string_view key) noexcept {
  const string_view value = parameter(parameters, key);
  return !value.empty() && value != "0";
}

// What sound is sampled at. Between odd rates a resampler takes half a megabyte, and SDP may name any number of them.
constexpr std::array<std::uint32_t, 10> kUsualClocks = {8000,   11'025, 12'000, 16'000, 22'050,
                                                        24'000, 32'000, 44'100, 48'000, 96'000};

bool usable(const Known& known, const Codec& codec) noexcept {
  if (known.clock_hz != 0 && codec.clock_hz != known.clock_hz) return false;
  if (std::ranges::find(kUsualClocks, codec.clock_hz) == kUsualClocks.end()) return false;
  if (known.coding == Coding::L16) return codec.channels == 1 || codec.channels == 2;
  return codec.channels == 1 || known.coding == Coding::Opus || known.coding == Coding::Red;
}

void apply_parameters(string_view parameters, Codec& codec) {
  if (codec.coding == Coding::Ilbc) codec.short_frames = parameter(parameters, "mode") == "20";
  if (codec.coding != Coding::Amr && codec.coding != Coding::AmrWb) return;
  codec.octet_aligned = is_on(parameters, "octet-align");
  // RFC 4867 §4.4: these change the payload's form, which is not read.
  for (const string_view key : {"interleaving", "robust-sorting", "crc"}) {
    if (!is_on(parameters, key)) continue;
    codec.content = Content::Foreign;
    codec.name += " with " + std::string(key);
  }
}

}  // namespace

std::optional<Law> Codec::law() const noexcept {
  if (clock_hz != kNarrowband.hz) return std::nullopt;
  if (coding == Coding::PcmMu) return Law::Mu;
  if (coding == Coding::PcmA) return Law::A;
  return std::nullopt;
}

Codec read_codec(const calls::PayloadMapping& mapping) {
  Codec codec{
      .name = mapping.encoding, .clock_hz = mapping.clock_hz, .channels = std::max<std::uint8_t>(mapping.channels, 1)};
  const bool sane = codec.clock_hz >= kLeastClock / 8 && codec.clock_hz <= 2 * kMostClock;
  if (!sane) codec.clock_hz = kLeastClock;
  if (mapping.encoding == "TELEPHONE-EVENT") codec.content = Content::Event;
  if (mapping.encoding == "CN") codec.content = Content::Noise;
  const auto* const known =
      std::ranges::find_if(kKnown, [&codec](const Known& one) { return one.name == codec.name && usable(one, codec); });
  if (!sane || known == kKnown.end()) return codec;
  codec.content = Content::Audio;
  codec.coding = known->coding;
  codec.sample_bits = known->sample_bits;
  codec.sample_hz = known->clock_hz == 0 ? codec.clock_hz : known->sample_hz;
  codec.lag = known->lag;
  apply_parameters(mapping.parameters, codec);
  return codec;
}

Codec static_codec(unsigned type) {
  struct Static {
    unsigned type;
    const char* name;
    std::uint32_t clock_hz = 8000;
    std::uint8_t channels = 1;
  };
  constexpr std::array kStatic{Static{0, "PCMU"},
                               Static{2, "G721"},
                               Static{3, "GSM"},
                               Static{4, "G723"},
                               Static{5, "DVI4"},
                               Static{6, "DVI4", 16'000},
                               Static{8, "PCMA"},
                               Static{9, "G722"},
                               Static{10, "L16", 44'100, 2},
                               Static{11, "L16", 44'100},
                               Static{12, "QCELP"},
                               Static{13, "CN"},
                               Static{15, "G728"},
                               Static{16, "DVI4", 11'025},
                               Static{17, "DVI4", 22'050},
                               Static{18, "G729"},
                               Static{19, "CN"}};
  const auto* const known = std::ranges::find(kStatic, type, &Static::type);
  calls::PayloadMapping mapping;
  mapping.encoding = known == kStatic.end() ? "payload type " + std::to_string(type) : known->name;
  if (known != kStatic.end()) {
    mapping.clock_hz = known->clock_hz;
    mapping.channels = known->channels;
  }
  return read_codec(mapping);
}

}  // namespace tapestry::mux
