#include "tests/support/tunnel_builder.h"

namespace tapestry::testing {
namespace {

const Endpoint kNear = endpoint("172.16.0.1:49152");
const IpAddress kFar = endpoint("172.16.0.2:0").ip;

void append_chunk(Buffer& out, std::uint16_t type, std::uint64_t value, unsigned octets) {
  append_big(out, 0, 2);
  append_big(out, type, 2);
  append_big(out, 6 + octets, 2);
  append_big(out, value, octets);
}

void append_chunk(Buffer& out, std::uint16_t type, Bytes value) {
  append_chunk(out, type, 0, 0);
  out[out.size() - 2] = static_cast<std::uint8_t>((value.size() + 6) >> 8U);
  out[out.size() - 1] = static_cast<std::uint8_t>(value.size() + 6);
  append(out, value);
}

Buffer with(Buffer header, Bytes below) {
  append(header, below);
  return header;
}

}  // namespace

Buffer ethernet(std::uint16_t type, Bytes below) {
  Buffer out;
  append_big(out, 0x001b21aabbcc, 6);
  append_big(out, 0x001b21ddeeff, 6);
  append_big(out, type, 2);
  return with(out, below);
}

Buffer mpls(unsigned labels, Bytes below) {
  Buffer out;
  for (unsigned n = 1; n <= labels; ++n) append_big(out, (16 + n) << 12U | (n == labels ? 0x100U : 0U) | 64U, 4);
  return with(out, below);
}

Buffer control_word(Bytes frame) { return with(Buffer(4, 0), frame); }

Buffer gre(std::uint16_t type, const GreFields& fields, Bytes below) {
  Buffer out;
  append_big(out,
             (fields.checksum ? 0x8000U : 0U) | (fields.key ? 0x2000U : 0U) | (fields.sequence ? 0x1000U : 0U) |
                 (fields.acknowledgement ? 0x0081U : 0U),
             2);
  append_big(out, type, 2);
  if (fields.checksum) append_big(out, 0, 4);
  if (fields.key) append_big(out, *fields.key, 4);
  if (fields.sequence) append_big(out, *fields.sequence, 4);
  if (fields.acknowledgement) append_big(out, *fields.acknowledgement, 4);
  return with(out, below);
}

Buffer erspan2(std::uint32_t sequence, Bytes frame) {
  Buffer header;
  append_big(header, 0x1001000100000002, 8);
  return gre(kErspanType, {.key = {}, .sequence = sequence, .acknowledgement = {}}, with(header, frame));
}

Buffer erspan3(bool subheader, std::uint8_t frame_type, Bytes below) {
  Buffer header;
  append_big(header, 0x2001000112345678, 8);
  append_big(header, 0, 2);
  append_big(header, static_cast<unsigned>(frame_type) << 10U | (subheader ? 1U : 0U), 2);
  if (subheader) append_big(header, 0x0c00000000000001, 8);
  return gre(kErspan3Type, {.key = {}, .sequence = 1, .acknowledgement = {}}, with(header, below));
}

Buffer vxlan(Bytes frame) {
  Buffer out;
  append_big(out, 0x0800000000002a00, 8);
  return with(out, frame);
}

Buffer vxlan_gpe(std::uint8_t next, Bytes below) {
  Buffer out;
  append_big(out, 0x0c000000U | next, 4);
  append_big(out, 0x00002a00, 4);
  return with(out, below);
}

Buffer geneve(std::uint16_t type, unsigned option_words, Bytes below) {
  Buffer out;
  append_big(out, option_words, 1);
  append_big(out, 0, 1);
  append_big(out, type, 2);
  append_big(out, 0x00002a00, 4);
  append(out, Buffer(option_words * std::size_t{4}, 0x11));
  return with(out, below);
}

Buffer gtp(unsigned extensions, Bytes packet) {
  Buffer rest;
  if (extensions > 0) {
    append_big(rest, 0x0001, 2);
    append_big(rest, 0, 1);
    for (unsigned n = 0; n < extensions; ++n) append_big(rest, 0x85011000U, 4);  // each one's type, then one word of it
    append_big(rest, 0, 1);
  }
  append(rest, packet);
  Buffer out;
  append_big(out, extensions > 0 ? 0x36 : 0x30, 1);
  append_big(out, 255, 1);
  append_big(out, rest.size(), 2);
  append_big(out, 0xdeadbeef, 4);
  return with(out, rest);
}

Buffer tzsp(Bytes frame) {
  Buffer out;
  append_big(out, 0x01000001, 4);
  append_big(out, 0x000a01c5, 4);  // padding, then the signal's strength
  append_big(out, 0x290205dc, 4);
  append_big(out, 1, 1);
  return with(out, frame);
}

Buffer hep(const HepFields& fields, std::string_view payload) {
  const bool v4 = fields.source.ip.is_v4();
  const std::size_t skipped = v4 ? 12 : 0;
  Buffer chunks;
  append_chunk(chunks, 1, v4 ? 2 : 10, 1);
  append_chunk(chunks, 2, kUdp, 1);
  append_chunk(chunks, v4 ? 3 : 5, Bytes(fields.source.ip.octets).subspan(skipped));
  append_chunk(chunks, v4 ? 4 : 6, Bytes(fields.destination.ip.octets).subspan(skipped));
  append_chunk(chunks, 7, fields.source.port, 2);
  append_chunk(chunks, 8, fields.destination.port, 2);
  const auto since = fields.time.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  append_chunk(chunks, 9, static_cast<std::uint64_t>(whole.count()), 4);
  append_chunk(chunks, 10,
               static_cast<std::uint64_t>(std::chrono::floor<std::chrono::microseconds>(since - whole).count()), 4);
  append_chunk(chunks, 11, fields.payload_type, 1);
  append_chunk(chunks, 12, 2001, 4);
  append_chunk(chunks, 15, as_bytes(payload));
  Buffer out = buffer("HEP3");
  append_big(out, 6 + chunks.size(), 2);
  return with(out, chunks);
}

Buffer tunnel_frame(std::uint16_t port, Bytes payload) { return udp_frame(kNear, {kFar, port}, payload); }

Buffer tunnel_frame_ip(std::uint8_t protocol, Bytes payload) {
  return link_frame(kEthernet, ip_packet(kNear.ip, kFar, protocol, payload));
}

}  // namespace tapestry::testing
