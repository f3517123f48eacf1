#include "rtp/packet.h"

namespace tapestry::rtp {
namespace {

bool rtcp_type(std::uint8_t second_octet) noexcept { return second_octet >= 192 && second_octet <= 223; }

}  // namespace

std::optional<Packet> parse_packet(Bytes datagram, Time arrival, Padding padding) noexcept {
  if (datagram.size() < kHeaderBytes || datagram[0] >> 6U != 2 || rtcp_type(datagram[1])) return std::nullopt;
  Packet packet = parse_fixed_header(datagram, arrival);
  const std::uint8_t flags = datagram[0];
  if ((flags & 0x1fU) != 0) {
    Cursor cursor(packet.payload);
    cursor.skip(std::size_t{flags & 0x0fU} * 4);
    if ((flags & 0x10U) != 0) {
      cursor.skip(2);
      cursor.skip(std::size_t{cursor.u16()} * 4);
    }
    if (!cursor.ok()) return std::nullopt;
    packet.payload = cursor.rest();
  }
  if ((flags & 0x20U) != 0 && padding == Padding::Counted) {
    const std::size_t octets = packet.payload.empty() ? 0 : packet.payload.back();
    if (octets == 0 || octets > packet.payload.size()) return std::nullopt;
    packet.payload = packet.payload.first(packet.payload.size() - octets);
  }
  return packet;
}

bool is_rtcp(Bytes datagram) noexcept {
  if (datagram.size() < 8 || datagram[0] >> 6U != 2 || !rtcp_type(datagram[1])) return false;
  Cursor cursor(datagram.subspan(2));
  return (std::size_t{cursor.u16()} + 1) * 4 <= datagram.size();
}

}  // namespace tapestry::rtp
