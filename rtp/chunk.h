#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "core/address.h"
#include "core/bytes.h"
#include "core/time.h"
#include "core/wiping_allocator.h"
#include "rtp/packet.h"

namespace tapestry::rtp {

/// What tells one RTP stream from another on the wire.
struct FlowKey {
  Endpoint source;
  Endpoint destination;
  std::uint32_t ssrc = 0;
  friend auto operator<=>(const FlowKey&, const FlowKey&) = default;
};

/// Number of a flow: 1, 2, 3, ... in order of first appearance; never used twice.
using FlowId = std::uint64_t;

/// About a second of one flow's packets, in arrival order, copied as they were on the wire: owns its bytes and may
/// cross threads. A buffer is overwritten before its memory is given back.
class Chunk {
 public:
  Chunk() = default;
  explicit Chunk(FlowId flow) : flow_(flow) {}

  [[nodiscard]] FlowId flow() const noexcept { return flow_; }
  [[nodiscard]] bool empty() const noexcept { return packets_ == 0; }
  [[nodiscard]] std::uint32_t packets() const noexcept { return packets_; }
  /// Arrival of the first and last packet; meaningless when empty.
  [[nodiscard]] Time first() const noexcept { return first_; }
  [[nodiscard]] Time last() const noexcept { return last_; }
  /// The least and greatest arrival, wherever it stands: captures' clocks step. Meaningless when empty.
  [[nodiscard]] Time oldest() const noexcept { return oldest_; }
  [[nodiscard]] Time newest() const noexcept { return newest_; }
  /// The stored form: what the spool writes, and what from_bytes takes back.
  [[nodiscard]] Bytes bytes() const noexcept { return as_bytes(bytes_); }
  /// Length of bytes().
  [[nodiscard]] std::size_t used_bytes() const noexcept { return bytes_.size(); }

  /// Copies the packet; one without Packet::raw gets a plain header. What is longer than 65,535 bytes is no RTP over
  /// UDP and must not come here.
  void append(const Packet& packet);
  /// Empties it for use with another flow, keeping the memory.
  void reset(FlowId flow) noexcept;
  /// Empties it and frees its buffer. (Assigning an empty chunk would not: strings keep their room.)
  void give_back_memory() noexcept;
  /// What the buffer takes.
  [[nodiscard]] std::size_t held_bytes() const noexcept { return bytes_.capacity(); }

  /// Calls `use(const Packet&)` for each packet in arrival order; views live as long as `bytes`' owner. `bytes` is a
  /// chunk's stored form (trusted: we wrote it).
  template <class Use>
  static void for_each(Bytes bytes, Use&& use) {
    while (bytes.size() >= sizeof(Record) + kHeaderBytes) {
      const auto record = load<Record>(bytes);
      bytes = bytes.subspan(sizeof(Record));
      const std::size_t length = record[1] & 0xffffffffU;
      if (length < kHeaderBytes || length > bytes.size()) return;
      const Time arrival(Duration(static_cast<std::int64_t>(record[0])));
      const Bytes raw = bytes.first(length);
      bytes = bytes.subspan(length);
      if (raw[0] == kPlain) {
        use(parse_fixed_header(raw, arrival));
        continue;
      }
      const auto padding = (record[1] & kPaddingUnknown) != 0 ? Padding::Unknown : Padding::Counted;
      if (const auto packet = parse_packet(raw, arrival, padding)) use(*packet);
    }
  }

  /// What erase() did, and what it saw.
  struct Erased {
    std::uint32_t packets = 0;  ///< overwritten by this call
    Time newest = Time::min();  ///< greatest arrival of all packets
  };
  /// Overwrites with zeros each packet that arrived in [from, to), in a chunk's stored form. Its place stays, and
  /// for_each passes over it: zeros are no RTP.
  static Erased erase(std::span<std::uint8_t> bytes, Time from, Time to) noexcept;

 private:
  /// Stands before each packet: arrival; length and kPaddingUnknown. Whole words, so that they go to memory as they
  /// leave the registers.
  using Record = std::array<std::uint64_t, 2>;
  static constexpr std::uint64_t kPaddingUnknown = std::uint64_t{1} << 32U;
  /// First octet of a packet without padding, extension and CSRCs: nearly all.
  static constexpr std::uint8_t kPlain = 0x80;

  void append(const Packet& packet, Bytes header, Bytes rest);

  FlowId flow_ = 0;
  std::uint32_t packets_ = 0;
  Time first_;
  Time last_;
  Time oldest_;
  Time newest_;
  /// Not a vector: only a string grows without writing zeros first.
  std::basic_string<char, std::char_traits<char>, WipingAllocator<char>> bytes_;
};

}  // namespace tapestry::rtp
