#pragma once
#include <array>
#include <cstdint>
#include <string>

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
  [[nodiscard]] Bytes bytes() const noexcept { return as_bytes(bytes_); }
  /// Length of bytes().
  [[nodiscard]] std::size_t used_bytes() const noexcept { return bytes_.size(); }

  /// Copies the packet. Payloads above 65,535 bytes are no RTP over UDP and must not come here.
  void append(const Packet& packet);
  /// Empties it for use with another flow, keeping the memory.
  void reset(FlowId flow) noexcept;
  /// Empties it and frees its buffer. (Assigning an empty chunk would not: strings keep their room.)
  void give_back_memory() noexcept;
  /// What the buffer takes.
  [[nodiscard]] std::size_t held_bytes() const noexcept { return bytes_.capacity(); }

  /// Calls `use(const Packet&)` for each packet in arrival order; payload views live as long as `bytes`' owner.
  /// `bytes` is a chunk's stored form (trusted: we wrote it); `ssrc` is put into each packet.
  template <class Use>
  static void for_each(Bytes bytes, Use&& use) {
    while (bytes.size() >= sizeof(Record)) {
      const auto record = load<Record>(bytes);
      bytes = bytes.subspan(sizeof(Record));
      const std::size_t length = record[2] >> 16U & 0xffffU;
      if (length > bytes.size()) return;
      Packet packet;
      packet.arrival = Time(Duration(static_cast<std::int64_t>(record[0])));
      packet.timestamp = static_cast<std::uint32_t>(record[1]);
      packet.ssrc = static_cast<std::uint32_t>(record[1] >> 32U);
      packet.sequence = static_cast<std::uint16_t>(record[2]);
      packet.payload_type = record[2] >> 32U & 0x7fU;
      packet.marker = (record[2] >> 39U & 1U) != 0;
      packet.payload = bytes.first(length);
      bytes = bytes.subspan(length);
      use(packet);
    }
  }

 private:
  /// Stands before each payload: arrival; SSRC and timestamp; marker, payload type, length and sequence number. Whole
  /// words, so that they go to memory as they leave the registers.
  using Record = std::array<std::uint64_t, 3>;

  FlowId flow_ = 0;
  std::uint32_t packets_ = 0;
  Time first_;
  Time last_;
  std::string bytes_;  ///< not a vector: only a string grows without writing zeros first
};

}  // namespace tapestry::rtp
