#pragma once
#include <cstdint>
#include <vector>

#include "core/address.h"
#include "core/bytes.h"
#include "core/time.h"
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

/// About a second of one flow's packets, in arrival order, with payloads copied: owns its bytes and may cross threads.
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
  /// The stored form: what the spool writes, and what from_bytes takes back.
  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }

  /// Copies the packet. Payloads above 65,535 bytes are no RTP over UDP and must not come here.
  void append(const Packet& packet);
  /// Empties it for use with another flow, keeping the memory.
  void reset(FlowId flow) noexcept;

  /// Calls `use(const Packet&)` for each packet in arrival order; payload views live as long as `bytes`' owner.
  /// `bytes` is a chunk's stored form (trusted: we wrote it); `ssrc` is put into each packet.
  template <class Use>
  static void for_each(Bytes bytes, Use&& use) {
    while (bytes.size() >= sizeof(Record)) {
      const auto record = load<Record>(bytes);
      bytes = bytes.subspan(sizeof(Record));
      if (record.length > bytes.size()) return;
      Packet packet;
      packet.arrival = Time(Duration(record.arrival));
      packet.timestamp = record.timestamp;
      packet.ssrc = record.ssrc;
      packet.sequence = record.sequence;
      packet.payload_type = record.type_marker & 0x7fU;
      packet.marker = (record.type_marker & 0x80U) != 0;
      packet.payload = bytes.first(record.length);
      bytes = bytes.subspan(record.length);
      use(packet);
    }
  }

 private:
  struct Record {
    std::int64_t arrival;
    std::uint32_t timestamp;
    std::uint32_t ssrc;
    std::uint16_t sequence;
    std::uint16_t length;
    std::uint8_t type_marker;
    std::uint8_t unused[3];
  };
  static_assert(sizeof(Record) == 24);

  FlowId flow_ = 0;
  std::uint32_t packets_ = 0;
  Time first_;
  Time last_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace tapestry::rtp
