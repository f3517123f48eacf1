#include "rtp/chunk.h"

#include <cassert>

namespace tapestry::rtp {

void Chunk::append(const Packet& packet) {
  assert(packet.payload.size() <= 0xffff);
  const Record record{.arrival = packet.arrival.time_since_epoch().count(),
                      .timestamp = packet.timestamp,
                      .ssrc = packet.ssrc,
                      .sequence = packet.sequence,
                      .length = static_cast<std::uint16_t>(packet.payload.size()),
                      .type_marker = static_cast<std::uint8_t>(packet.payload_type | (packet.marker ? 0x80U : 0U)),
                      .unused = {}};
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof record + packet.payload.size());
  store(std::span(bytes_).subspan(at), record);
  if (!packet.payload.empty()) {
    std::memcpy(bytes_.data() + at + sizeof record, packet.payload.data(), packet.payload.size());
  }
  if (packets_ == 0) first_ = packet.arrival;
  last_ = packet.arrival;
  ++packets_;
}

void Chunk::reset(FlowId flow) noexcept {
  flow_ = flow;
  packets_ = 0;
  bytes_.clear();
}

}  // namespace tapestry::rtp
