#include "mux/payload_map.h"

#include <algorithm>

#include "mux/measure.h"
#include "rtp/red_payload.h"

namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxCodecs = 255;  ///< with the last one, for all mappings that would be more

Codec make_unreadable(const Codec& codec) { return {.name = codec.name + ", unreadable", .clock_hz = codec.clock_hz}; }

}  // namespace

PayloadMap::PayloadMap(const std::vector<calls::PayloadMapping>& mappings, const std::string& encryption) {
  for (const calls::PayloadMapping& mapping : mappings) {
    add(mapping.payload_type & 0x7fU, mapping.since, read_codec(mapping));
  }
  mapped_ = codecs_.size();
  for (unsigned type = 0; type < types_.size(); ++type) {
    if (types_[type].empty()) add(type, Time(), static_codec(type));
  }
  if (encryption.empty()) return;
  const std::size_t readable = codecs_.size();
  for (std::size_t n = 0; n < readable; ++n) {
    sealed_.push_back(intern({.name = encryption, .clock_hz = codecs_[n].clock_hz, .sealed = true}));
  }
}

void PayloadMap::add(unsigned type, Time since, const Codec& codec) {
  const std::uint8_t index = intern(codec);
  types_[type].push_back({since, index});
  if (codec.content == Content::Audio && unreadable_[index] == index) {
    const std::uint8_t unreadable = intern(make_unreadable(codec));
    unreadable_[index] = unreadable;
  }
}

std::uint8_t PayloadMap::intern(const Codec& codec) {
  const auto known = std::ranges::find(codecs_, codec);
  const auto index = static_cast<std::size_t>(known - codecs_.begin());
  if (index < codecs_.size()) return static_cast<std::uint8_t>(index);
  if (codecs_.size() == kMaxCodecs) return static_cast<std::uint8_t>(kMaxCodecs - 1);
  codecs_.push_back(codecs_.size() == kMaxCodecs - 1 ? Codec{.name = "too many codecs"} : codec);
  unreadable_.push_back(static_cast<std::uint8_t>(index));
  return static_cast<std::uint8_t>(index);
}

void PayloadMap::replace(std::uint8_t index, const Codec& codec) {
  if (unreadable_[index] != index) codecs_[unreadable_[index]] = make_unreadable(codec);
  codecs_[index] = codec;
}

std::uint8_t PayloadMap::find(std::uint8_t payload_type, Time arrival) const noexcept {
  const std::vector<Since>& since = types_[payload_type & 0x7fU];
  if (since.size() == 1) return since.front().codec;
  const auto later = std::ranges::upper_bound(since, arrival, {}, &Since::time);
  return later == since.begin() ? since.front().codec : std::prev(later)->codec;
}

Reading PayloadMap::sealed(std::uint8_t payload_type, Time arrival) const noexcept {
  const std::uint8_t index = find(payload_type, arrival);
  return {.codec = index < sealed_.size() ? sealed_[index] : unreadable_[index], .bytes = {}, .red = {}};
}

Reading PayloadMap::read(std::uint8_t payload_type, Time arrival, Bytes payload) const {
  Reading reading{.codec = find(payload_type, arrival), .bytes = payload, .red = {}};
  if (codecs_[reading.codec].coding == Coding::Red) {
    const std::uint8_t outer = reading.codec;
    const auto primary = rtp::primary_block(payload);
    if (primary) reading.codec = find(primary->payload_type, arrival);
    if (!primary || codecs_[reading.codec].coding == Coding::Red) {
      reading.codec = unreadable_[outer];
      return reading;
    }
    reading.red = payload;
    reading.bytes = primary->bytes;
  }
  const Codec& codec = codecs_[reading.codec];
  if (codec.content != Content::Audio) return reading;
  const auto time = measure(codec, reading.bytes);
  if (!time) {
    reading.codec = unreadable_[reading.codec];
    return reading;
  }
  reading.ticks = static_cast<std::uint16_t>(time->ticks);
  reading.pauses = time->pauses;
  return reading;
}

}  // namespace tapestry::mux
