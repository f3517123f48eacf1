#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "tests/support/packet_builder.h"

/// Builders of encapsulations, well-formed by default: what is given comes out behind the header.
namespace tapestry::testing {

inline constexpr std::uint8_t kIpInIp = 4;
inline constexpr std::uint8_t kIpv6InIp = 41;
inline constexpr std::uint8_t kGre = 47;
inline constexpr std::uint8_t kAuthenticationHeader = 51;
inline constexpr std::uint8_t kMplsInIp = 137;

inline constexpr std::uint16_t kIpv4EtherType = 0x0800;
inline constexpr std::uint16_t kIpv6EtherType = 0x86dd;
inline constexpr std::uint16_t kMplsEtherType = 0x8847;
inline constexpr std::uint16_t kBridging = 0x6558;
inline constexpr std::uint16_t kErspanType = 0x88be;
inline constexpr std::uint16_t kErspan3Type = 0x22eb;
inline constexpr std::uint16_t kPppType = 0x880b;

inline constexpr std::uint16_t kGtpPort = 2152;
inline constexpr std::uint16_t kVxlanPort = 4789;
inline constexpr std::uint16_t kGenevePort = 6081;
inline constexpr std::uint16_t kHepPort = 9060;
inline constexpr std::uint16_t kTzspPort = 37008;

/// Ethernet header of that EtherType.
Buffer ethernet(std::uint16_t type, Bytes below);
/// A stack of that many labels.
Buffer mpls(unsigned labels, Bytes below);
/// Ethernet in a pseudowire with control word (RFC 4448).
Buffer control_word(Bytes frame);

struct GreFields {
  bool checksum = false;
  std::optional<std::uint32_t> key;
  std::optional<std::uint32_t> sequence;
  std::optional<std::uint32_t> acknowledgement;  ///< PPTP's version 1
};
Buffer gre(std::uint16_t type, const GreFields& fields, Bytes below);
/// GRE with sequence number, ERSPAN type II, Ethernet frame.
Buffer erspan2(std::uint32_t sequence, Bytes frame);
/// GRE, ERSPAN type III, below it what `frame_type` says: 0 Ethernet, 2 IP.
Buffer erspan3(bool subheader, std::uint8_t frame_type, Bytes below);

Buffer vxlan(Bytes frame);
/// `next`: 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS.
Buffer vxlan_gpe(std::uint8_t next, Bytes below);
Buffer geneve(std::uint16_t type, unsigned option_words, Bytes below);
/// A T-PDU; with `extensions` a sequence number and that many extension headers.
Buffer gtp(unsigned extensions, Bytes packet);
Buffer tzsp(Bytes frame);

/// A HEP3 packet as heplify writes it.
struct HepFields {
  Endpoint source = endpoint("192.0.2.1:5060");
  Endpoint destination = endpoint("192.0.2.2:5060");
  Time time;
  std::uint8_t payload_type = 1;
};
Buffer hep(const HepFields& fields, std::string_view payload);

/// The bytes as payload of a UDP datagram between two fixed hosts to that port, with Ethernet and IPv4.
Buffer tunnel_frame(std::uint16_t port, Bytes payload);
/// The same as payload of IPv4 of that protocol.
Buffer tunnel_frame_ip(std::uint8_t protocol, Bytes payload);

}  // namespace tapestry::testing
