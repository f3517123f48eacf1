#include "capture/pcapng_reader.h"

#include <fmt/format.h>

#include <utility>

#include "capture/link_type.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kResolution = 9;
constexpr std::uint16_t kOffset = 14;
constexpr std::size_t kBlockHeader = 8;
constexpr std::size_t kBlockOverhead = 12;
constexpr std::size_t kMaxInterfaces = 4096;
constexpr unsigned kMaxDecimalExponent = 19;

bool is_packet(std::uint32_t type) noexcept {
  return type == kObsoletePacket || type == kSimplePacket || type == kEnhancedPacket;
}

/// if_tsresol: a power of ten, or of two when the top bit is set; 0 when it does not fit.
std::uint64_t ticks_per_second(std::uint8_t resolution) noexcept {
  const unsigned exponent = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) return exponent < 64 ? std::uint64_t{1} << exponent : 0;
  if (exponent > kMaxDecimalExponent) return 0;
  std::uint64_t ticks = 1;
  for (unsigned i = 0; i < exponent; ++i) ticks *= 10;
  return ticks;
}

}  // namespace

bool PcapngReader::recognises(Bytes magic) noexcept { return magic.size() >= 4 && big32(magic, 0) == kSectionHeader; }

PcapngReader::PcapngReader(Window window, std::string name) : window_(std::move(window)) {
  info_.file = std::move(name);
  info_.size = window_.reader().size();
}

bool PcapngReader::next(Frame& frame) {
  while (!ended_) {
    if (next_block(frame) == Outcome::Frame) return true;
  }
  return false;
}

PcapngReader::Outcome PcapngReader::next_block(Frame& frame) {
  block_at_ = window_.offset();
  const Bytes header = window_.peek(kBlockOverhead);
  if (header.size() < kBlockOverhead) {
    end(header.empty() ? "" : "the file ends inside a block's header");
    return Outcome::Ended;
  }
  const bool section = big32(header, 0) == kSectionHeader;
  if (section) big_endian_ = big32(header, kBlockHeader) == kByteOrder;
  const std::uint32_t type = u32(header, 0);
  const auto body = take_body(type, u32(header, 4));
  if (!body) return ended_ ? Outcome::Ended : Outcome::NoFrame;
  bool good = true;
  if (is_packet(type)) {
    const auto packet = parse_packet(type, *body);
    if (!packet) {
      end("a packet block is too short");
      return Outcome::Ended;
    }
    if (make_frame(*packet, *body, frame)) return Outcome::Frame;
    good = false;
  } else if (section) {
    good = begin_section(*body);
  } else if (type == kInterfaceDescription) {
    good = add_interface(*body);
  }
  return good ? Outcome::NoFrame : Outcome::Ended;
}

std::optional<Bytes> PcapngReader::take_body(std::uint32_t type, std::uint32_t length) {
  const bool wanted = is_packet(type) || type == kSectionHeader || type == kInterfaceDescription;
  if (length < kBlockOverhead || (wanted && length > Window::kMaxPeek)) {
    end(fmt::format("a block claims {} bytes", length));
    return std::nullopt;
  }
  if (length > Window::kMaxPeek) {
    if (!window_.discard(length)) end("the file ends inside a block");
    return std::nullopt;
  }
  const Bytes block = window_.peek(length);
  if (block.size() < length) {
    end("the file ends inside a block");
    return std::nullopt;
  }
  if (u32(block, length - 4) != length) {
    end("a block's two lengths differ");
    return std::nullopt;
  }
  window_.skip(length);
  info_.consumed = window_.reader().consumed();
  return block.subspan(kBlockHeader, length - kBlockOverhead);
}

bool PcapngReader::begin_section(Bytes body) {
  if (body.size() < 16 || u32(body, 0) != kByteOrder || u16(body, 4) != 1) {
    return end("a section header is of no known version");
  }
  interfaces_.clear();
  return true;
}

bool PcapngReader::add_interface(Bytes body) {
  if (body.size() < 8) return end("an interface block is too short");
  if (interfaces_.size() == kMaxInterfaces) return end(fmt::format("more than {} interfaces", kMaxInterfaces));
  Interface interface{.link_type = u16(body, 0), .snaplen = u32(body, 4)};
  if (!read_options(body.subspan(8), interface)) return end("an interface has an unusable time resolution");
  if (info_.link_type.empty()) info_.link_type = link_type_name(interface.link_type);
  interfaces_.push_back(interface);
  return true;
}

bool PcapngReader::read_options(Bytes options, Interface& interface) {
  while (options.size() >= 4) {
    const std::uint16_t code = u16(options, 0);
    const std::size_t length = u16(options, 2);
    options = options.subspan(4);
    if (code == kEndOfOptions || length > options.size()) break;
    if (code == kResolution && length == 1) interface.ticks_per_second = ticks_per_second(options[0]);
    if (code == kOffset && length == 8) {
      const std::uint64_t high = u32(options, big_endian_ ? 0 : 4);
      interface.offset_seconds = static_cast<std::int64_t>(high << 32U | u32(options, big_endian_ ? 4 : 0));
    }
    options = options.subspan(std::min(options.size(), (length + 3) / 4 * 4));
  }
  return interface.ticks_per_second != 0;
}

std::optional<PcapngReader::Packet> PcapngReader::parse_packet(std::uint32_t type, Bytes body) const {
  if (type == kSimplePacket) {
    if (body.size() < 4) return std::nullopt;
    Packet packet{.original = u32(body, 0), .data_at = 4};
    packet.captured = static_cast<std::uint32_t>(std::min<std::size_t>(packet.original, body.size() - 4));
    if (!interfaces_.empty() && interfaces_.front().snaplen != 0) {
      packet.captured = std::min(packet.captured, interfaces_.front().snaplen);
    }
    return packet;
  }
  if (body.size() < 20) return std::nullopt;
  Packet packet{.captured = u32(body, 12), .original = u32(body, 16), .data_at = 20};
  packet.interface = type == kEnhancedPacket ? u32(body, 0) : u16(body, 0);
  packet.ticks = ticks_at(body, 4);
  return packet;
}

bool PcapngReader::make_frame(const Packet& packet, Bytes body, Frame& frame) {
  if (packet.interface >= interfaces_.size()) return end("a packet names an interface that was never described");
  const Bytes data = body.subspan(packet.data_at);
  if (packet.captured > data.size() || packet.captured > kMaxFrame) {
    return end(fmt::format("a packet claims {} captured bytes", packet.captured));
  }
  const Interface& interface = interfaces_[packet.interface];
  if (packet.ticks) latest_ = time_of(interface, *packet.ticks);
  frame.time = latest_;
  frame.link_type = interface.link_type;
  frame.original_length = packet.original;
  frame.data = data.first(packet.captured);
  note_frame(info_, frame, packet.ticks.has_value());
  return true;
}

bool PcapngReader::end(std::string what) {
  ended_ = true;
  note_end(info_, window_, block_at_, std::move(what));
  return false;
}

Time PcapngReader::time_of(const Interface& interface, std::uint64_t ticks) noexcept {
  __extension__ using Wide = __int128;
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const std::uint64_t scale = interface.ticks_per_second;
  Wide time = 0;
  if (scale <= kSecond && kSecond % scale == 0) {
    time = Wide{ticks} * (kSecond / scale);
  } else {
    time = Wide{ticks / scale} * kSecond + Wide{ticks % scale} * kSecond / scale;
  }
  time += Wide{interface.offset_seconds} * kSecond;
  // Clamped to 1970..2116, so that later differences and sums of times cannot overflow.
  constexpr Wide kLatest = Wide{1} << 62U;
  return Time(Duration(static_cast<std::int64_t>(std::clamp(time, Wide{0}, kLatest))));
}

std::uint16_t PcapngReader::u16(Bytes bytes, std::size_t at) const noexcept {
  return big_endian_ ? big16(bytes, at) : little16(bytes, at);
}

std::uint32_t PcapngReader::u32(Bytes bytes, std::size_t at) const noexcept {
  return big_endian_ ? big32(bytes, at) : little32(bytes, at);
}

std::uint64_t PcapngReader::ticks_at(Bytes bytes, std::size_t at) const noexcept {
  return std::uint64_t{u32(bytes, at)} << 32U | u32(bytes, at + 4);
}

}  // namespace tapestry::capture
