#pragma once
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::testing {

/// How a pcap file is written.
struct PcapOptions {
  std::uint32_t link_type = 1;
  bool nanoseconds = false;
  bool big_endian = false;
  std::uint32_t snaplen = 262144;
};

/// Writes a pcap file to a stream (std::ofstream, std::ostringstream), which must outlive it.
class PcapWriter {
 public:
  explicit PcapWriter(std::ostream& out, const PcapOptions& options = {});
  /// `original_length` is given when the capture cut the frame.
  void add(Time time, Bytes frame, std::optional<std::uint32_t> original_length = {});

 private:
  std::ostream& out_;
  PcapOptions options_;
};

/// What an Interface Description Block says; `resolution` is if_tsresol as written, left out when unset.
struct PcapngInterface {
  std::uint16_t link_type = 1;
  std::uint32_t snaplen = 0;
  std::optional<std::uint8_t> resolution;
  std::optional<std::int64_t> offset_seconds;
};

/// Writes pcapng blocks to a stream, which must outlive it. Begins with a Section Header Block.
class PcapngWriter {
 public:
  explicit PcapngWriter(std::ostream& out, bool big_endian = false);
  void begin_section(bool big_endian);
  void add_interface(const PcapngInterface& interface);
  /// Enhanced Packet Block; `ticks` in the interface's own resolution.
  void add(std::uint32_t interface, std::uint64_t ticks, Bytes frame,
           std::optional<std::uint32_t> original_length = {});
  /// Simple Packet Block.
  void add_simple(Bytes frame, std::optional<std::uint32_t> original_length = {});
  /// The obsolete Packet Block.
  void add_obsolete(std::uint16_t interface, std::uint64_t ticks, Bytes frame);
  /// Any block; the body is padded to four bytes.
  void add_block(std::uint32_t type, std::string_view body);

 private:
  std::ostream& out_;
  bool big_endian_;
};

/// One gzip member (RFC 1952).
std::string gzip(std::string_view text);

}  // namespace tapestry::testing
