#include "mux/packet_list.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <tuple>

#include "mux/srtp.h"

namespace tapestry::mux {
namespace {

using Standing = PacketInfo::Standing;

constexpr int kMaxForward = 3000;
constexpr int kMaxBack = 300;
constexpr int kFollows = 100;            ///< a restart is believed when the next packet is as near as that
constexpr std::int64_t kMaxSeconds = 5;  ///< a late packet whose timestamp is farther away is none of this epoch
constexpr Duration kMaxSealedSkew = std::chrono::seconds(1);  ///< what nobody vouches for must fit better
constexpr std::size_t kMaxPassed = 64;  ///< sealed packets that are passed over to see how others go on
constexpr std::size_t kMaxReserve = 1U << 20U;

int distance(std::uint16_t from, std::uint16_t to) noexcept {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(to - from));
}

/// Never negative.
std::int64_t tick_distance(std::uint32_t from, std::uint32_t to) noexcept {
  return std::abs(std::int64_t{static_cast<std::int32_t>(to - from)});
}

/// Where the sequence of the current epoch stands.
class Sequence {
 public:
  explicit Sequence(const PayloadMap& payloads) : payloads_(payloads) {}

  void begin(PacketInfo& packet) noexcept {
    packet.epoch = ++epoch_;
    packet.extended = packet.sequence;
    top_ = packet;
  }

  /// False when the packet does not fit.
  bool take(PacketInfo& packet) noexcept {
    if (epoch_ == 0 || packet.ssrc != top_.ssrc) return false;
    const int step = distance(top_.sequence, packet.sequence);
    if (step >= kMaxForward || step <= -kMaxBack) return false;
    if (packet.sealed && (std::abs(step) > kFollows || skew(packet) > kMaxSealedSkew)) return false;
    const std::int64_t most_ticks = kMaxSeconds * payloads_.codec(packet.codec).clock_hz;
    if (step <= 0 && tick_distance(top_.timestamp, packet.timestamp) > most_ticks) return false;
    packet.epoch = epoch_;
    packet.extended = top_.extended + step;
    if (step > 0) {
      top_ = packet;
    } else {
      packet.standing = Standing::Late;
    }
    return true;
  }

 private:
  /// Between what timestamps and arrivals say of the time since the top.
  [[nodiscard]] Duration skew(const PacketInfo& packet) const noexcept {
    const std::int64_t ticks = static_cast<std::int32_t>(packet.timestamp - top_.timestamp);
    const Duration sent(ticks * 1'000'000'000 / payloads_.codec(packet.codec).clock_hz);
    return std::chrono::abs(packet.arrival - top_.arrival - sent);
  }

  const PayloadMap& payloads_;
  PacketInfo top_;
  std::uint32_t epoch_ = 0;
};

/// Whether the packet after it goes on from it. Sealed ones may be anybody's: they do not speak for others, and must
/// fit by their timestamps, too.
bool is_followed(const std::vector<PacketInfo>& packets, std::size_t at, const PayloadMap& payloads) noexcept {
  const PacketInfo& packet = packets[at];
  std::size_t next = at + 1;
  while (!packet.sealed && next < packets.size() && next < at + kMaxPassed && packets[next].sealed) ++next;
  if (next >= packets.size() || packets[next].ssrc != packet.ssrc) return false;
  const std::int64_t most_ticks = kMaxSeconds * payloads.codec(packet.codec).clock_hz;
  const bool near = !packet.sealed || tick_distance(packet.timestamp, packets[next].timestamp) <= most_ticks;
  return near && std::abs(distance(packet.sequence, packets[next].sequence)) <= kFollows;
}

bool begins_epoch(const std::vector<PacketInfo>& packets, std::size_t at, const PayloadMap& payloads) noexcept {
  return at == 0 || packets[at].ssrc != packets[at - 1].ssrc || is_followed(packets, at, payloads);
}

/// One epoch's packets in one window.
struct Stretch {
  std::uint32_t epoch = 0;
  std::size_t window = 0;
  std::int32_t lowest = 0;
  std::int32_t highest = 0;
};

void count_packet(const PacketInfo& packet, std::size_t window, std::optional<Stretch>& open, PacketCounts& counts) {
  if (packet.standing == Standing::Duplicate) {
    ++counts.duplicate;
    return;
  }
  ++counts.received;
  if (packet.standing == Standing::Late) ++counts.reordered;
  if (packet.standing == Standing::Stray) {
    ++counts.expected;
    return;
  }
  if (!open || open->epoch != packet.epoch || open->window != window) {
    open = Stretch{packet.epoch, window, packet.extended, packet.extended};
    ++counts.expected;
    return;
  }
  const Stretch before = *open;
  open->lowest = std::min(open->lowest, packet.extended);
  open->highest = std::max(open->highest, packet.extended);
  counts.expected += static_cast<std::uint64_t>((open->highest - before.highest) + (before.lowest - open->lowest));
}

}  // namespace

std::vector<PacketInfo> list_packets(const spool::MediaStore& media, const calls::Track& track,
                                     const PayloadMap& payloads, const ArrivalRange& range, PayloadProof& proof) {
  std::vector<PacketInfo> packets;
  packets.reserve(std::min<std::size_t>(track.stats.packets + track.stats.duplicates, kMaxReserve));
  const auto reader = media.read(track.id);
  Decryptor decryptor(track);
  for (Bytes chunk = reader->next(); !chunk.empty(); chunk = reader->next()) {
    decryptor.begin_chunk(chunk);
    rtp::Chunk::for_each(chunk, [&](const rtp::Packet& stored) {
      if (!range.contains(stored.arrival)) return;
      const auto [packet, sealed] = decryptor.open(stored);
      const Reading reading = sealed ? payloads.sealed(packet.payload_type, packet.arrival)
                                     : payloads.read(packet.payload_type, packet.arrival, packet.payload);
      if (!sealed) proof.observe(packet, payloads.find(packet.payload_type, packet.arrival));
      packets.push_back({.arrival = packet.arrival,
                         .timestamp = packet.timestamp,
                         .ssrc = packet.ssrc,
                         .sequence = packet.sequence,
                         .ticks = reading.ticks,
                         .codec = reading.codec,
                         .pauses = reading.pauses,
                         .sealed = sealed});
    });
  }
  return packets;
}

std::vector<std::uint32_t> order_packets(std::vector<PacketInfo>& packets, const PayloadMap& payloads) {
  Sequence sequence(payloads);
  bool sorted = true;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    PacketInfo& packet = packets[i];
    if (sequence.take(packet)) {
      sorted = sorted && packet.standing == Standing::Fresh;
    } else if (begins_epoch(packets, i, payloads)) {
      sequence.begin(packet);
    } else {
      packet.standing = Standing::Stray;
    }
  }
  std::vector<std::uint32_t> order(packets.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t i) { return packets[i].standing == Standing::Stray; });
  if (sorted) return order;
  const auto place = [&](std::uint32_t i) { return std::pair(packets[i].epoch, packets[i].extended); };
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::tuple(place(i), packets[i].sealed, i); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (place(order[i]) == place(order[i - 1])) packets[order[i]].standing = Standing::Duplicate;
  }
  std::erase_if(order, [&](std::uint32_t i) { return packets[i].standing == Standing::Duplicate; });
  return order;
}

void count_packets(const std::vector<PacketInfo>& packets, const std::vector<ArrivalRange>& windows,
                   PacketCounts& counts) {
  std::size_t window = 0;
  std::optional<Stretch> open;
  for (const PacketInfo& packet : packets) {
    while (window < windows.size() && windows[window].to < packet.arrival) ++window;
    if (window < windows.size() && windows[window].contains(packet.arrival)) {
      count_packet(packet, window, open, counts);
    } else if (open && packet.standing == Standing::Late && packet.epoch == open->epoch &&
               packet.extended > open->lowest && packet.extended < open->highest) {
      ++counts.received;
      ++counts.reordered;
    }
  }
  counts.lost = counts.expected > counts.received ? counts.expected - counts.received : 0;
}

}  // namespace tapestry::mux
