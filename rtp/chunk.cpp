#include "rtp/chunk.h"

#include <algorithm>
#include <cassert>

#include "core/secret.h"

namespace tapestry::rtp {

namespace {

std::array<std::uint8_t, kHeaderBytes> plain_header(const Packet& packet) noexcept {
  std::array<std::uint8_t, kHeaderBytes> header{};
  const auto put = [&header](std::size_t at, std::uint32_t value, std::size_t octets) {
    for (std::size_t n = 0; n < octets; ++n) header[at + n] = static_cast<std::uint8_t>(value >> 8 * (octets - 1 - n));
  };
  header[0] = 0x80;
  header[1] = static_cast<std::uint8_t>(packet.payload_type | (packet.marker ? 0x80U : 0U));
  put(2, packet.sequence, 2);
  put(4, packet.timestamp, 4);
  put(8, packet.ssrc, 4);
  return header;
}

}  // namespace

void Chunk::append(const Packet& packet) {
  if (packet.raw.empty()) {
    append(packet, plain_header(packet), packet.payload);
  } else {
    append(packet, {}, packet.raw);
  }
}

void Chunk::append(const Packet& packet, Bytes header, Bytes rest) {
  const std::size_t length = header.size() + rest.size();
  assert(length >= kHeaderBytes && length <= kHeaderBytes + 0xffff);
  const bool unknown = !packet.raw.empty() && (packet.raw[0] & 0x20U) != 0 &&
                       packet.payload.data() + packet.payload.size() == packet.raw.data() + packet.raw.size();
  const Record record{static_cast<std::uint64_t>(packet.arrival.time_since_epoch().count()),
                      length | (unknown ? kPaddingUnknown : 0)};
  const std::size_t at = bytes_.size();
  const std::size_t size = at + sizeof record + length;
  // libstdc++ 12 tells the operation its capacity, not `size`.
  bytes_.resize_and_overwrite(size, [&](char* bytes, std::size_t) {
    std::memcpy(bytes + at, record.data(), sizeof record);
    if (!header.empty()) std::memcpy(bytes + at + sizeof record, header.data(), header.size());
    if (!rest.empty()) std::memcpy(bytes + at + sizeof record + header.size(), rest.data(), rest.size());
    return size;
  });
  if (packets_ == 0) first_ = oldest_ = newest_ = packet.arrival;
  last_ = packet.arrival;
  oldest_ = std::min(oldest_, last_);
  newest_ = std::max(newest_, last_);
  ++packets_;
}

Chunk::Erased Chunk::erase(std::span<std::uint8_t> bytes, Time from, Time to) noexcept {
  Erased erased;
  while (bytes.size() >= sizeof(Record)) {
    const auto record = load<Record>(bytes);
    bytes = bytes.subspan(sizeof(Record));
    const std::size_t length = record[1] & 0xffffffffU;
    if (length > bytes.size()) break;
    const Time arrival(Duration(static_cast<std::int64_t>(record[0])));
    const std::span<std::uint8_t> packet = bytes.first(length);
    bytes = bytes.subspan(length);
    erased.newest = std::max(erased.newest, arrival);
    if (arrival < from || arrival >= to) continue;
    if (std::ranges::all_of(packet, [](std::uint8_t octet) { return octet == 0; })) continue;
    wipe(packet);
    ++erased.packets;
  }
  return erased;
}

void Chunk::give_back_memory() noexcept {
  packets_ = 0;
  decltype(bytes_)().swap(bytes_);
}

void Chunk::reset(FlowId flow) noexcept {
  flow_ = flow;
  packets_ = 0;
  bytes_.clear();
}

}  // namespace tapestry::rtp
