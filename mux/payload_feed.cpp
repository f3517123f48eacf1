#include "mux/payload_feed.h"

#include <utility>

namespace tapestry::mux {
namespace {

constexpr std::uint32_t kMaxBehind = 2048;

}  // namespace

PayloadFeed::PayloadFeed(const spool::MediaStore& media, const Voice& voice)
    : voice_(voice), reader_(media.read(voice.track->id)), decryptor_(*voice.track) {}

std::optional<Reading> PayloadFeed::fetch(std::uint32_t packet) {
  while (packet >= chunk_first_ + chunk_.size()) {
    if (!next_chunk()) return std::nullopt;
  }
  if (packet >= chunk_first_) {
    Entry& entry = chunk_[packet - chunk_first_];
    entry.wanted = false;
    return read(entry.packet, entry.packet.payload);
  }
  const auto found = kept_.find(packet);
  if (found == kept_.end()) return std::nullopt;
  current_ = std::move(found->second);
  kept_.erase(found);
  return read(current_.packet, current_.bytes);
}

Reading PayloadFeed::read(const rtp::Packet& packet, Bytes payload) const {
  return voice_.payloads.read(packet.payload_type, packet.arrival, payload);
}

bool PayloadFeed::next_chunk() {
  keep_unfetched();
  chunk_first_ += static_cast<std::uint32_t>(chunk_.size());
  chunk_.clear();
  const Bytes bytes = reader_->next();
  decryptor_.begin_chunk(bytes);
  rtp::Chunk::for_each(bytes, [this](const rtp::Packet& stored) {
    if (!voice_.range.contains(stored.arrival)) return;
    const auto [packet, sealed] = decryptor_.open(stored);
    const std::uint8_t codec = voice_.payloads.find(packet.payload_type, packet.arrival);
    const bool audio = voice_.payloads.codec(codec).content == Content::Audio;
    chunk_.push_back({packet, audio && !sealed});
  });
  return !bytes.empty();
}

void PayloadFeed::keep_unfetched() {
  for (std::size_t i = 0; i < chunk_.size(); ++i) {
    if (!chunk_[i].wanted) continue;
    rtp::Packet packet = chunk_[i].packet;
    std::vector<std::uint8_t> bytes(packet.payload.begin(), packet.payload.end());
    packet.payload = {};
    kept_.insert_or_assign(chunk_first_ + static_cast<std::uint32_t>(i), Kept{packet, std::move(bytes)});
  }
  while (!kept_.empty() && kept_.begin()->first + kMaxBehind < chunk_first_) kept_.erase(kept_.begin());
}

}  // namespace tapestry::mux
