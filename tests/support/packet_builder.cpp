#include "tests/support/packet_builder.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace tapestry::testing {
namespace {

constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86dd;
constexpr std::uint8_t kFragmentHeader = 44;

Bytes wire(const IpAddress& ip) {
  const Bytes all(ip.octets);
  return ip.is_v4() ? all.subspan(12) : all;
}

std::uint32_t sum16(Bytes bytes, std::uint32_t sum = 0) {
  Cursor cursor(bytes);
  while (cursor.left() >= 2) sum += cursor.u16();
  if (cursor.left() == 1) sum += static_cast<std::uint32_t>(cursor.u8() << 8U);
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void put16(Buffer& out, std::size_t at, std::uint16_t value) {
  out.at(at) = static_cast<std::uint8_t>(value >> 8U);
  out.at(at + 1) = static_cast<std::uint8_t>(value);
}

std::uint16_t transport_checksum(const Endpoint& source, const Endpoint& destination, std::uint8_t protocol,
                                 Bytes segment) {
  const std::uint32_t addresses = sum16(wire(destination.ip), sum16(wire(source.ip)));
  return folded(sum16(segment, addresses + protocol + static_cast<std::uint32_t>(segment.size())));
}

std::uint16_t ether_type(Bytes packet) { return !packet.empty() && packet[0] >> 4U == 6 ? kIpv6Type : kIpv4Type; }

void append_tags(Buffer& out, std::uint16_t type, const std::vector<std::uint16_t>& vlans) {
  for (std::size_t i = 0; i < vlans.size(); ++i) {
    append_big(out, i + 1 < vlans.size() ? 0x88a8 : 0x8100, 2);
    append_big(out, vlans[i], 2);
  }
  append_big(out, type, 2);
}

void finish_ipv4(Buffer& packet, std::uint16_t flags_and_offset) {
  put16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  put16(packet, 6, flags_and_offset);
  put16(packet, 10, 0);
  put16(packet, 10, folded(sum16(Bytes(packet).first(20))));
}

}  // namespace

Endpoint endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  assert(colon != std::string_view::npos);
  const auto ip = IpAddress::parse(text.substr(0, colon));
  assert(ip);
  Endpoint result{ip.value(), 0};
  const std::string_view port = text.substr(colon + 1);
  std::from_chars(port.data(), port.data() + port.size(), result.port);
  return result;
}

void append_big(Buffer& out, std::uint64_t value, unsigned octets) {
  for (unsigned left = octets; left > 0; --left) out.push_back(static_cast<std::uint8_t>(value >> (8 * (left - 1))));
}

void append(Buffer& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Buffer buffer(std::string_view text) { return {text.begin(), text.end()}; }

Buffer udp_segment(const Endpoint& source, const Endpoint& destination, Bytes payload) {
  Buffer out;
  append_big(out, source.port, 2);
  append_big(out, destination.port, 2);
  append_big(out, 8 + payload.size(), 2);
  append_big(out, 0, 2);
  append(out, payload);
  const std::uint16_t checksum = transport_checksum(source, destination, kUdp, out);
  put16(out, 6, checksum == 0 ? 0xffff : checksum);
  return out;
}

Buffer tcp_segment(const Endpoint& source, const Endpoint& destination, const TcpFields& fields, Bytes payload) {
  Buffer out;
  append_big(out, source.port, 2);
  append_big(out, destination.port, 2);
  append_big(out, fields.sequence, 4);
  append_big(out, fields.acknowledgement, 4);
  append_big(out, 0x50, 1);
  append_big(out, fields.flags, 1);
  append_big(out, 0xffff, 2);
  append_big(out, 0, 4);
  append(out, payload);
  put16(out, 16, transport_checksum(source, destination, kTcp, out));
  return out;
}

Buffer ip_packet(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol, Bytes payload,
                 std::uint16_t id) {
  Buffer out;
  if (source.is_v4()) {
    append_big(out, 0x45000000, 4);
    append_big(out, id, 2);
    append_big(out, 0, 2);
    append_big(out, 64, 1);
    append_big(out, protocol, 1);
    append_big(out, 0, 2);
  } else {
    append_big(out, 0x60000000, 4);
    append_big(out, payload.size(), 2);
    append_big(out, protocol, 1);
    append_big(out, 64, 1);
  }
  append(out, wire(source));
  append(out, wire(destination));
  append(out, payload);
  if (source.is_v4()) finish_ipv4(out, 0x4000);
  return out;
}

std::vector<Buffer> fragments(Bytes packet, std::size_t mtu, std::uint32_t id) {
  const bool v4 = packet[0] >> 4U == 4;
  const std::size_t header = v4 ? 20 : 40;
  const std::size_t room = (mtu - header - (v4 ? 0 : 8)) / 8 * 8;
  const Bytes payload = packet.subspan(header);
  std::vector<Buffer> out;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    const Bytes part = payload.subspan(at, std::min(room, payload.size() - at));
    const bool more = at + part.size() < payload.size();
    Buffer fragment(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(header));
    if (!v4) {
      put16(fragment, 4, static_cast<std::uint16_t>(part.size() + 8));
      append_big(fragment, packet[6], 1);
      append_big(fragment, 0, 1);
      append_big(fragment, at | (more ? 1U : 0U), 2);
      append_big(fragment, id, 4);
      fragment[6] = kFragmentHeader;
    }
    append(fragment, part);
    if (v4) finish_ipv4(fragment, static_cast<std::uint16_t>(at / 8 | (more ? 0x2000U : 0U)));
    out.push_back(std::move(fragment));
  }
  return out;
}

Buffer link_frame(std::uint32_t link_type, Bytes packet, const std::vector<std::uint16_t>& vlans) {
  Buffer out;
  const std::uint16_t type = ether_type(packet);
  switch (link_type) {
    case kEthernet:
      append_big(out, 0x020000000001, 6);
      append_big(out, 0x020000000002, 6);
      append_tags(out, type, vlans);
      break;
    case kCooked1:
      append_big(out, 0x000000010006, 6);
      append_big(out, 0x0200000000020000, 8);
      append_tags(out, type, vlans);
      break;
    case kCooked2:
      append_big(out, vlans.empty() ? type : 0x8100, 2);
      append_big(out, 0, 2);
      append_big(out, 2, 4);
      append_big(out, 0x00010006, 4);
      append_big(out, 0x0200000000020000, 8);
      if (!vlans.empty()) {
        append_big(out, vlans.front(), 2);
        append_tags(out, type, {vlans.begin() + 1, vlans.end()});
      }
      break;
    case kNullLink:
      append_big(out, type == kIpv4Type ? 0x02000000 : 0x0a000000, 4);
      break;
    case kLoopLink:
      append_big(out, type == kIpv4Type ? 2 : 24, 4);
      break;
    default:
      break;
  }
  append(out, packet);
  return out;
}

Buffer udp_frame(const Endpoint& source, const Endpoint& destination, Bytes payload, std::uint16_t id) {
  return link_frame(kEthernet,
                    ip_packet(source.ip, destination.ip, kUdp, udp_segment(source, destination, payload), id));
}

Buffer tcp_frame(const Endpoint& source, const Endpoint& destination, const TcpFields& fields, Bytes payload) {
  return link_frame(kEthernet,
                    ip_packet(source.ip, destination.ip, kTcp, tcp_segment(source, destination, fields, payload)));
}

Buffer mirrored(const Buffer& frame, std::uint16_t vlan, bool routed) {
  constexpr std::size_t kLink = 14;
  constexpr std::size_t kTtl = 8;
  Buffer packet(frame.begin() + kLink, frame.end());
  if (routed) {
    --packet[kTtl];
    packet[kTtl + 2] = packet[kTtl + 3] = 0;
    put16(packet, kTtl + 2, folded(sum16(Bytes(packet).first(20))));
  }
  return link_frame(kEthernet, packet, vlan == 0 ? std::vector<std::uint16_t>{} : std::vector<std::uint16_t>{vlan});
}

Buffer rtp_packet(std::uint8_t payload_type, std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t ssrc,
                  bool marker, Bytes payload) {
  Buffer out;
  append_big(out, 0x80, 1);
  append_big(out, payload_type | (marker ? 0x80U : 0U), 1);
  append_big(out, sequence, 2);
  append_big(out, timestamp, 4);
  append_big(out, ssrc, 4);
  append(out, payload);
  return out;
}

}  // namespace tapestry::testing
