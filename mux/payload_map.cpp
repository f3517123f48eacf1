#include "mux/payload_map.h"

#include <algorithm>

#include "mux/position.h"

namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxCodecs = 255;  ///< more mappings than that read as the last codec; 128 types need no more

std::optional<Law> law_of(const std::string& name, std::uint32_t clock_hz) {
  if (clock_hz != kRateHz) return std::nullopt;
  if (name == "PCMU") return Law::Mu;
  if (name == "PCMA") return Law::A;
  return std::nullopt;
}

Codec make_codec(const std::string& name, std::uint32_t clock_hz) {
  Codec codec{.name = name, .clock_hz = clock_hz, .law = law_of(name, clock_hz)};
  if (name == "TELEPHONE-EVENT") {
    codec.content = Content::Event;
  } else if (name == "CN" && clock_hz == kRateHz) {
    codec.content = Content::Noise;
  } else if (codec.law) {
    codec.content = Content::Audio;
  }
  return codec;
}

Codec unmapped(unsigned type) {
  switch (type) {
    case 0:
      return make_codec("PCMU", 8000);
    case 8:
      return make_codec("PCMA", 8000);
    case 13:
      return make_codec("CN", 8000);
    default:
      return make_codec("payload type " + std::to_string(type), kRateHz);
  }
}

}  // namespace

PayloadMap::PayloadMap(const std::vector<calls::PayloadMapping>& mappings, const std::string& encryption) {
  const auto read = [&encryption](Codec codec) {
    return encryption.empty() ? codec : Codec{.name = encryption, .clock_hz = codec.clock_hz, .law = {}};
  };
  for (const calls::PayloadMapping& mapping : mappings) {
    const std::uint8_t codec = intern(read(make_codec(mapping.encoding, mapping.clock_hz)));
    types_[mapping.payload_type & 0x7fU].push_back({mapping.since, codec});
  }
  for (unsigned type = 0; type < types_.size(); ++type) {
    if (types_[type].empty()) types_[type].push_back({Time(), intern(read(unmapped(type)))});
  }
}

std::uint8_t PayloadMap::intern(Codec codec) {
  const auto known = std::ranges::find(codecs_, codec);
  const auto index = static_cast<std::size_t>(known - codecs_.begin());
  if (known == codecs_.end() && codecs_.size() < kMaxCodecs) codecs_.push_back(std::move(codec));
  return static_cast<std::uint8_t>(std::min(index, codecs_.size() - 1));
}

std::uint8_t PayloadMap::find(std::uint8_t payload_type, Time arrival) const noexcept {
  const std::vector<Since>& since = types_[payload_type & 0x7fU];
  if (since.size() == 1) return since.front().codec;
  const auto later = std::ranges::upper_bound(since, arrival, {}, &Since::time);
  return later == since.begin() ? since.front().codec : std::prev(later)->codec;
}

}  // namespace tapestry::mux
