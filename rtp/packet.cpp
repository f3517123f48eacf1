#include "rtp/packet.h"

namespace tapestry::rtp {
namespace {

constexpr std::size_t kHeaderBytes = 12;

bool rtcp_type(std::uint8_t second_octet) noexcept { return second_octet >= 192 && second_octet <= 223; }

}  // namespace

std::optional<Packet> parse_packet(Bytes datagram, Time arrival, bool snapped) noexcept {
  if (datagram.size() < kHeaderBytes || datagram[0] >> 6U != 2 || rtcp_type(datagram[1])) return std::nullopt;
  Cursor cursor(datagram);
  const std::uint64_t first = cursor.u64();
  Packet packet;
  packet.arrival = arrival;
  packet.timestamp = static_cast<std::uint32_t>(first);
  packet.sequence = static_cast<std::uint16_t>(first >> 32U);
  packet.payload_type = first >> 48U & 0x7fU;
  packet.marker = (first >> 55U & 1U) != 0;
  packet.ssrc = cursor.u32();
  const auto flags = static_cast<std::uint8_t>(first >> 56U);
  if ((flags & 0x1fU) != 0) {
    cursor.skip(std::size_t{flags & 0x0fU} * 4);
    if ((flags & 0x10U) != 0) {
      cursor.skip(2);
      cursor.skip(std::size_t{cursor.u16()} * 4);
    }
    if (!cursor.ok()) return std::nullopt;
  }
  packet.payload = cursor.rest();
  if ((flags & 0x20U) != 0 && !snapped) {
    const std::size_t padding = packet.payload.empty() ? 0 : packet.payload.back();
    if (padding == 0 || padding > packet.payload.size()) return std::nullopt;
    packet.payload = packet.payload.first(packet.payload.size() - padding);
  }
  return packet;
}

bool is_rtcp(Bytes datagram) noexcept {
  if (datagram.size() < 8 || datagram[0] >> 6U != 2 || !rtcp_type(datagram[1])) return false;
  Cursor cursor(datagram.subspan(2));
  return (std::size_t{cursor.u16()} + 1) * 4 <= datagram.size();
}

}  // namespace tapestry::rtp
