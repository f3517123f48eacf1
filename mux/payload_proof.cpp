#include "mux/payload_proof.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace tapestry::mux {
namespace {

constexpr std::uint32_t kEnough = 400;  ///< pairs of packets; more prove nothing more
constexpr std::uint32_t kFewest = 15;
constexpr std::size_t kMaxShapes = 8;

/// Bytes and ticks (at 8 kHz) of a codec's frame.
struct FrameShape {
  const char* name;
  std::size_t bytes;
  std::uint32_t ticks;
};
constexpr std::array kFrames{FrameShape{"G729", 10, 80},  FrameShape{"GSM", 33, 160},  FrameShape{"ILBC", 38, 160},
                             FrameShape{"ILBC", 50, 240}, FrameShape{"G723", 24, 240}, FrameShape{"G723", 20, 240}};
/// Those of 64 kbit/s look alike.
constexpr std::array kBytePerTick{"PCMU", "PCMA", "G722"};

/// Whether the codec's payloads have one size per time, so that another one speaks against it.
bool has_fixed_size(const Codec& codec) noexcept {
  switch (codec.coding) {
    case Coding::PcmMu:
    case Coding::PcmA:
    case Coding::G722:
    case Coding::G723:
    case Coding::G729:
    case Coding::Gsm:
    case Coding::Ilbc:
      return codec.clock_hz == 8000;
    default:
      return false;
  }
}

bool is_byte_per_tick(const std::string& name) { return std::ranges::find(kBytePerTick, name) != kBytePerTick.end(); }

/// Names of the codecs with such payloads; of those of 64 kbit/s the mapped ones, if SDP names any.
std::set<std::string> codecs_shaped(std::size_t bytes, std::uint32_t ticks, const PayloadMap& payloads) {
  std::set<std::string> names;
  for (const FrameShape& frame : kFrames) {
    const bool whole = bytes % frame.bytes == 0 && bytes / frame.bytes * frame.ticks == ticks;
    if (whole) names.insert(frame.name);
  }
  if (bytes != ticks) return names;
  for (const Codec& codec : payloads.mapped()) {
    if (is_byte_per_tick(codec.name)) names.insert(codec.name);
  }
  if (names.empty()) names.insert(kBytePerTick.begin(), kBytePerTick.end());
  return names;
}

Codec proven(const Codec& announced, const std::set<std::string>& names) {
  calls::PayloadMapping mapping;
  if (names.size() == 1) {
    mapping.encoding = *names.begin();
    Codec codec = read_codec(mapping);
    codec.name += ", announced as " + announced.name;
    return codec;
  }
  std::string either;
  for (const std::string& name : names) either += (either.empty() ? "" : " or ") + name;
  mapping.encoding = either + ", announced as " + announced.name;
  return read_codec(mapping);
}

}  // namespace

void PayloadProof::observe(const rtp::Packet& packet, std::uint8_t codec) {
  if (current_ == nullptr || last_ != codec) {
    current_ = &evidence_[codec];
    last_ = codec;
  }
  Evidence& seen = *current_;
  if (seen.pairs == kEnough) return;
  if (seen.begun && static_cast<std::uint16_t>(seen.sequence + 1) == packet.sequence && seen.bytes != 0) {
    const Shape shape{seen.bytes, packet.timestamp - seen.timestamp, 1};
    const auto known = std::ranges::find_if(
        seen.shapes, [&shape](const Shape& one) { return one.bytes == shape.bytes && one.ticks == shape.ticks; });
    ++seen.pairs;
    if (known != seen.shapes.end()) {
      ++known->packets;
    } else if (seen.shapes.size() < kMaxShapes) {
      seen.shapes.push_back(shape);
    }
  }
  seen.begun = true;
  seen.bytes = packet.payload.size();
  seen.timestamp = packet.timestamp;
  seen.sequence = packet.sequence;
}

bool PayloadProof::correct(PayloadMap& payloads) const {
  bool any = false;
  for (const auto& [index, seen] : evidence_) {
    const Codec announced = payloads.codec(index);
    if (seen.pairs < kFewest || !has_fixed_size(announced)) continue;
    const Shape& usual = *std::ranges::max_element(seen.shapes, {}, &Shape::packets);
    if (usual.packets * 10 < seen.pairs * 9) continue;
    const std::set<std::string> names = codecs_shaped(usual.bytes, usual.ticks, payloads);
    if (names.empty() || names.contains(announced.name)) continue;
    if (is_byte_per_tick(announced.name) && usual.bytes == usual.ticks) continue;
    payloads.replace(index, proven(announced, names));
    any = true;
  }
  return any;
}

}  // namespace tapestry::mux
