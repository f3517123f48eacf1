#include "rtp/chunk.h"

#include <cassert>

namespace tapestry::rtp {

void Chunk::append(const Packet& packet) {
  assert(packet.payload.size() <= 0xffff);
  const std::size_t length = packet.payload.size();
  const std::uint64_t type_marker = packet.payload_type | (packet.marker ? 0x80U : 0U);
  const Record record{static_cast<std::uint64_t>(packet.arrival.time_since_epoch().count()),
                      std::uint64_t{packet.ssrc} << 32U | packet.timestamp,
                      type_marker << 32U | length << 16U | packet.sequence};
  const std::size_t at = bytes_.size();
  const std::size_t size = at + sizeof record + length;
  // libstdc++ 12 tells the operation its capacity, not `size`.
  bytes_.resize_and_overwrite(size, [&](char* bytes, std::size_t) {
    std::memcpy(bytes + at, record.data(), sizeof record);
    if (length > 0) std::memcpy(bytes + at + sizeof record, packet.payload.data(), length);
    return size;
  });
  if (packets_ == 0) first_ = packet.arrival;
  last_ = packet.arrival;
  ++packets_;
}

void Chunk::give_back_memory() noexcept {
  packets_ = 0;
  std::string().swap(bytes_);
}

void Chunk::reset(FlowId flow) noexcept {
  flow_ = flow;
  packets_ = 0;
  bytes_.clear();
}

}  // namespace tapestry::rtp
