#include "mux/amr_payload.h"

#include <algorithm>

#include "mux/bit_reader.h"

namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxFrames = 400;  ///< 8 s

/// Bytes of a frame's bits are these rounded up (3GPP TS 26.101 and 26.201).
constexpr std::array<std::uint16_t, 9> kBits{95, 103, 118, 134, 148, 159, 204, 244, 39};
constexpr std::array<std::uint16_t, 10> kWideBits{132, 177, 253, 285, 317, 365, 397, 461, 477, 40};

/// Of a frame type; nothing sent for types 14 (lost, AMR-WB only) and 15.
std::optional<std::uint16_t> bits_of(bool wide, unsigned type) noexcept {
  if (type == 15 || (wide && type == 14)) return 0;
  const std::span<const std::uint16_t> table = wide ? std::span<const std::uint16_t>(kWideBits) : kBits;
  if (type >= table.size()) return std::nullopt;
  return table[type];
}

AmrFrame::Kind kind_of(bool wide, unsigned type, bool good) noexcept {
  if (!good || type > (wide ? 9U : 8U)) return AmrFrame::Kind::None;
  return type == (wide ? 9U : 8U) ? AmrFrame::Kind::Silence : AmrFrame::Kind::Speech;
}

bool read_table(BitReader& bits, bool wide, bool aligned, std::vector<AmrFrame>& frames) {
  for (bool more = true; more && bits.ok();) {
    more = bits.read(1) != 0;
    const unsigned type = bits.read(4);
    const bool good = bits.read(1) != 0;
    if (aligned) bits.skip(2);
    if (!bits.ok() || !bits_of(wide, type) || frames.size() == kMaxFrames) return false;
    AmrFrame frame;
    frame.stored[0] = static_cast<std::uint8_t>(type << 3U | (good ? 4U : 0U));
    frame.bytes = 1;
    frame.kind = kind_of(wide, type, good);
    frames.push_back(frame);
  }
  return bits.ok();
}

void read_bits(BitReader& from, unsigned count, AmrFrame& frame) {
  for (unsigned done = 0; done < count; done += 8) {
    const unsigned now = std::min(8U, count - done);
    frame.stored[frame.bytes++] = static_cast<std::uint8_t>(static_cast<unsigned>(from.read(now)) << (8U - now));
  }
}

bool read_packed(bool wide, bool aligned, Bytes payload, std::vector<AmrFrame>& frames) {
  frames.clear();
  BitReader bits(payload);
  bits.skip(aligned ? 8 : 4);  // the codec mode request is for the other direction
  if (!read_table(bits, wide, aligned, frames)) return false;
  for (AmrFrame& frame : frames) {
    const unsigned count = *bits_of(wide, frame.stored[0] >> 3U);
    read_bits(bits, count, frame);
    if (aligned) bits.skip((8 - count % 8) % 8);
  }
  return bits.ok() && bits.left() < 8;
}

}  // namespace

bool read_amr(const Codec& codec, Bytes payload, std::vector<AmrFrame>& frames) {
  const bool wide = codec.coding == Coding::AmrWb;
  if (read_packed(wide, codec.octet_aligned, payload, frames)) return true;
  if (read_packed(wide, !codec.octet_aligned, payload, frames)) return true;
  frames.clear();
  return false;
}

}  // namespace tapestry::mux
