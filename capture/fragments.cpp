#include "capture/fragments.h"

#include <algorithm>
#include <utility>

#include "core/hash.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kMaxPacket = 65535;
constexpr std::size_t kUnit = 8;

std::size_t units_of(std::size_t bytes) noexcept { return (bytes + kUnit - 1) / kUnit; }

bool is_sound(const IpPacket& packet) noexcept {
  const std::size_t size = packet.payload.size();
  return size != 0 && size == packet.payload_length && packet.fragment_at + size <= kMaxPacket &&
         (!packet.more_fragments || size % kUnit == 0);
}

}  // namespace

void append(Counters& out, const FragmentTally& tally) {
  out.insert(out.end(), {{"capture.fragments", tally.seen},
                         {"capture.fragments_reassembled", tally.used},
                         {"capture.fragments_duplicate", tally.duplicate},
                         {"capture.fragments_dropped", tally.dropped},
                         {"capture.packets_reassembled", tally.packets},
                         {"capture.packets_expired", tally.sets_expired},
                         {"capture.packets_evicted", tally.sets_evicted},
                         {"capture.packets_incomplete", tally.sets_left}});
}

std::size_t Fragments::KeyHash::operator()(const Key& key) const noexcept {
  const AddressHash hash;
  const std::uint64_t id = std::uint64_t{key.identification} << 8U | key.protocol;
  return hash_mix(hash_mix(hash(key.source), hash(key.destination)), id);
}

bool Fragments::add(Time now, IpPacket& packet) {
  ++tally_.seen;
  expire(now);
  if (!is_sound(packet)) {
    refuse(packet);
    return false;
  }
  const auto set = find_or_begin(now, packet);
  if (!fits(*set, packet)) {
    refuse(packet);
    if (set->count == 0) erase(set);
    return false;
  }
  const std::size_t added = copy(*set, packet);
  const bool whole = set->total && set->units == units_of(*set->total);
  if (added == 0 && !whole) {
    ++tally_.duplicate;
    tally_.frames.add(FrameEnd::FragmentCopy, packet.frames);
    return false;
  }
  ++set->count;
  set->frames += packet.frames;
  tally_.frames.add(FrameEnd::WaitingFragment, packet.frames);
  if (!whole) {
    while (held_bytes_ > limits_.fragment_bytes) evict(sets_.begin());
    return false;
  }
  take_whole(set, packet);
  return true;
}

void Fragments::take_whole(Sets::iterator set, IpPacket& packet) {
  tally_.used += set->count;
  ++tally_.packets;
  tally_.frames.resume(set->frames);
  packet.frames = set->frames;
  packet.protocol = set->protocol;
  packet.fragment = false;
  const std::size_t total = *set->total;
  held_bytes_ -= set->bytes.capacity();
  whole_ = std::exchange(set->bytes, {});
  packet.payload = Bytes(whole_).first(total);
  packet.payload_length = total;
  erase(set);
}

void Fragments::refuse(const IpPacket& packet) noexcept {
  ++tally_.dropped;
  tally_.frames.add(FrameEnd::UnusableFragment, packet.frames);
}

void Fragments::finish() {
  while (!sets_.empty()) give_up(sets_.begin(), tally_.sets_left, FrameEnd::LostFragment);
}

void Fragments::expire(Time now) {
  while (!sets_.empty() && now - sets_.front().began > limits_.fragment_age) {
    give_up(sets_.begin(), tally_.sets_expired, FrameEnd::LostFragment);
  }
}

Fragments::Sets::iterator Fragments::find_or_begin(Time now, const IpPacket& packet) {
  const bool v4 = packet.source.is_v4();
  const Key key{packet.source, packet.destination, packet.identification, v4 ? packet.protocol : std::uint8_t{0}};
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  while (!sets_.empty() && sets_.size() >= limits_.fragment_sets) evict(sets_.begin());
  const auto set = sets_.insert(sets_.end(), Set{});
  set->key = key;
  set->began = now;
  by_key_.emplace(key, set);
  return set;
}

bool Fragments::fits(const Set& set, const IpPacket& packet) noexcept {
  const std::size_t end = packet.fragment_at + packet.payload.size();
  if (packet.more_fragments) return !set.total || end <= *set.total;
  return set.total ? end == *set.total : end >= set.bytes.size();
}

std::size_t Fragments::copy(Set& set, const IpPacket& packet) {
  const std::size_t end = packet.fragment_at + packet.payload.size();
  if (!packet.more_fragments) set.total = end;
  if (packet.fragment_at == 0 && !(set.count > 0 && set.have.at(0))) set.protocol = packet.protocol;
  if (end > set.bytes.size()) {
    held_bytes_ -= set.bytes.capacity();
    set.bytes.resize(end);
    held_bytes_ += set.bytes.capacity();
    set.have.resize(units_of(end));
  }
  std::size_t added = 0;
  for (std::size_t at = packet.fragment_at; at < end; at += kUnit) {
    if (set.have[at / kUnit]) continue;
    set.have[at / kUnit] = true;
    ++added;
    const Bytes unit = packet.payload.subspan(at - packet.fragment_at, std::min(kUnit, end - at));
    std::ranges::copy(unit, set.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  set.units += added;
  return added;
}

void Fragments::give_up(Sets::iterator set, std::uint64_t& reason, FrameEnd end) {
  ++reason;
  tally_.frames.settle(end, set->frames);
  tally_.dropped += set->count;
  erase(set);
}

void Fragments::erase(Sets::iterator set) {
  held_bytes_ -= set->bytes.capacity();
  by_key_.erase(set->key);
  sets_.erase(set);
}

}  // namespace tapestry::capture
