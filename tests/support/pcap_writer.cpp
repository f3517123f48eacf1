#include "tests/support/pcap_writer.h"

#include <zlib.h>

#include <algorithm>
#include <cassert>

namespace tapestry::testing {
namespace {

void put(std::string& out, std::uint64_t value, unsigned octets, bool big_endian) {
  for (unsigned i = 0; i < octets; ++i) {
    const unsigned shift = 8 * (big_endian ? octets - 1 - i : i);
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> shift)));
  }
}

std::uint32_t length32(Bytes bytes) { return static_cast<std::uint32_t>(bytes.size()); }

}  // namespace

PcapWriter::PcapWriter(std::ostream& out, const PcapOptions& options) : out_(out), options_(options) {
  std::string header;
  put(header, options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4, options.big_endian);
  put(header, 2, 2, options.big_endian);
  put(header, 4, 2, options.big_endian);
  put(header, 0, 8, options.big_endian);
  put(header, options.snaplen, 4, options.big_endian);
  put(header, options.link_type, 4, options.big_endian);
  out_ << header;
}

void PcapWriter::add(Time time, Bytes frame, std::optional<std::uint32_t> original_length) {
  const auto nanoseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
  std::string header;
  put(header, nanoseconds / 1'000'000'000, 4, options_.big_endian);
  put(header, nanoseconds % 1'000'000'000 / (options_.nanoseconds ? 1 : 1000), 4, options_.big_endian);
  put(header, frame.size(), 4, options_.big_endian);
  put(header, original_length.value_or(length32(frame)), 4, options_.big_endian);
  out_ << header << as_text(frame);
}

PcapngWriter::PcapngWriter(std::ostream& out, bool big_endian) : out_(out), big_endian_(big_endian) {
  begin_section(big_endian);
}

void PcapngWriter::begin_section(bool big_endian) {
  big_endian_ = big_endian;
  std::string body;
  put(body, 0x1a2b3c4d, 4, big_endian_);
  put(body, 1, 2, big_endian_);
  put(body, 0, 2, big_endian_);
  put(body, ~std::uint64_t{0}, 8, big_endian_);
  add_block(0x0a0d0d0a, body);
}

void PcapngWriter::add_interface(const PcapngInterface& interface) {
  std::string body;
  put(body, interface.link_type, 2, big_endian_);
  put(body, 0, 2, big_endian_);
  put(body, interface.snaplen, 4, big_endian_);
  if (interface.resolution) {
    put(body, 9, 2, big_endian_);
    put(body, 1, 2, big_endian_);
    body.push_back(static_cast<char>(*interface.resolution));
    body.append(3, '\0');
  }
  if (interface.offset_seconds) {
    put(body, 14, 2, big_endian_);
    put(body, 8, 2, big_endian_);
    put(body, static_cast<std::uint64_t>(*interface.offset_seconds), 8, big_endian_);
  }
  if (interface.resolution || interface.offset_seconds) put(body, 0, 4, big_endian_);
  add_block(1, body);
}

void PcapngWriter::add(std::uint32_t interface, std::uint64_t ticks, Bytes frame,
                       std::optional<std::uint32_t> original_length) {
  std::string body;
  put(body, interface, 4, big_endian_);
  put(body, ticks >> 32U, 4, big_endian_);
  put(body, ticks & 0xffffffffU, 4, big_endian_);
  put(body, frame.size(), 4, big_endian_);
  put(body, original_length.value_or(length32(frame)), 4, big_endian_);
  body.append(as_text(frame));
  add_block(6, body);
}

void PcapngWriter::add_simple(Bytes frame, std::optional<std::uint32_t> original_length) {
  std::string body;
  put(body, original_length.value_or(length32(frame)), 4, big_endian_);
  body.append(as_text(frame));
  add_block(3, body);
}

void PcapngWriter::add_obsolete(std::uint16_t interface, std::uint64_t ticks, Bytes frame) {
  std::string body;
  put(body, interface, 2, big_endian_);
  put(body, 0, 2, big_endian_);
  put(body, ticks >> 32U, 4, big_endian_);
  put(body, ticks & 0xffffffffU, 4, big_endian_);
  put(body, frame.size(), 4, big_endian_);
  put(body, frame.size(), 4, big_endian_);
  body.append(as_text(frame));
  add_block(2, body);
}

void PcapngWriter::add_block(std::uint32_t type, std::string_view body) {
  const std::size_t padding = (4 - body.size() % 4) % 4;
  const std::size_t length = 12 + body.size() + padding;
  std::string block;
  put(block, type, 4, big_endian_);
  put(block, length, 4, big_endian_);
  block.append(body).append(padding, '\0');
  put(block, length, 4, big_endian_);
  out_ << block;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  [[maybe_unused]] int status = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  assert(status == Z_OK);
  std::string in(text);
  std::string out(deflateBound(&stream, in.size()), '\0');
  void* next_in = in.data();
  void* next_out = out.data();
  stream.next_in = static_cast<Bytef*>(next_in);
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = static_cast<Bytef*>(next_out);
  stream.avail_out = static_cast<uInt>(out.size());
  status = deflate(&stream, Z_FINISH);
  assert(status == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace tapestry::testing
