#include "mux/timeline.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <span>

#include "mux/timestamps.h"

namespace tapestry::mux {
namespace {

/// How far timestamps and arrivals may part for good: where few packets tell of it; where the network's delay may have
/// changed; where a timestamp has left its row.
constexpr std::int64_t kStepNs = 1'000'000'000;
constexpr std::int64_t kDelayStepNs = 250'000'000;
constexpr std::int64_t kTimestampStepNs = 60'000'000;
constexpr std::size_t kFewNeighbours = 25;
constexpr std::size_t kNeighbours = 150;  ///< 3 s of packets on either side tell a step from a delay
constexpr Duration kUsualPacket = std::chrono::milliseconds(20);
constexpr Duration kJoin = std::chrono::milliseconds(500);  ///< of foreign packets, and of where the sender was there
constexpr std::int64_t kMaxStretch = to_fine(kNarrowband.hz);

using Order = std::span<const std::uint32_t>;

class Placer {
 public:
  Placer(const std::vector<PacketInfo>& packets, const PayloadMap& payloads, Time start, Rate rate, Interval window)
      : packets_(packets), payloads_(payloads), start_(start), rate_(rate), window_(window) {}

  Timeline place(Order order);

 private:
  [[nodiscard]] const Codec& codec(std::uint32_t i) const noexcept { return payloads_.codec(packets_[i].codec); }
  [[nodiscard]] Content content(std::uint32_t i) const noexcept { return codec(i).content; }
  /// Whether the packet's timestamp tells when it was sent: an event's is that of its beginning.
  [[nodiscard]] bool timed(std::uint32_t i) const noexcept {
    return content(i) == Content::Audio || content(i) == Content::Noise;
  }
  /// By how much later packet `i` came than its timestamp and packet `base` let expect.
  [[nodiscard]] std::int64_t lateness(std::uint32_t base, std::uint32_t i) const noexcept;
  [[nodiscard]] bool begins_run(Order timed, std::size_t at, std::size_t run) const noexcept;
  void place_run(Order order);
  void place_timed(std::uint32_t i, const ClockFit& clock, std::int64_t ticks);
  void place_untimed(std::uint32_t i);
  void count_missing(const PacketInfo& packet) noexcept;
  void explain_hole(Position to, Position packet_samples);
  void cover(Interval where);

  const std::vector<PacketInfo>& packets_;
  const PayloadMap& payloads_;
  const Time start_;
  const Rate rate_;
  const Interval window_;
  Timeline timeline_;
  const PacketInfo* last_ = nullptr;  ///< before the current one, by sequence
  std::optional<std::uint8_t> last_heard_;
  std::uint64_t missing_ = 0;  ///< since the last timed packet
  bool silent_ = false;        ///< the last timed packet was comfort noise
  bool placed_ = false;        ///< end_ means something
  Position end_ = 0;           ///< of the last timed packet
};

std::int64_t Placer::lateness(std::uint32_t base, std::uint32_t i) const noexcept {
  const auto ticks = static_cast<std::int32_t>(packets_[i].timestamp - packets_[base].timestamp);
  return (packets_[i].arrival - packets_[base].arrival).count() - ticks_to_ns(ticks, codec(base).clock_hz);
}

bool Placer::begins_run(Order timed, std::size_t at, std::size_t run) const noexcept {
  const std::uint32_t base = timed[at - 1];
  if (packets_[base].epoch != packets_[timed[at]].epoch) return true;
  if (codec(base).clock_hz != codec(timed[at]).clock_hz) return true;
  if (std::abs(lateness(base, timed[at])) <= kTimestampStepNs) return false;
  const std::size_t begin = at - std::min(at - run, kNeighbours);
  const std::size_t end = std::min(timed.size(), at + kNeighbours);
  const auto least = [&](Order part) {
    std::int64_t ns = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t i : part) ns = std::min(ns, lateness(base, i));
    return ns;
  };
  const std::int64_t before = least(timed.subspan(begin, at - begin));
  const std::int64_t after = least(timed.subspan(at, end - at));
  if (std::abs(after - before) > kStepNs) return true;
  if (at - begin < kFewNeighbours || end - at < kFewNeighbours) return false;
  // A delay that falls shows only that what came before was late.
  if (continues(packets_[base], packets_[timed[at]])) return after - before > kDelayStepNs;
  return std::abs(after - before) > kTimestampStepNs;
}

Timeline Placer::place(Order order) {
  std::vector<std::uint32_t> with_time;
  with_time.reserve(order.size());
  std::ranges::copy_if(order, std::back_inserter(with_time), [this](std::uint32_t i) { return timed(i); });
  std::size_t begin = 0;
  auto rest = order.begin();
  for (std::size_t i = 1; i < with_time.size(); ++i) {
    if (!begins_run(with_time, i, begin)) continue;
    begin = i;
    const auto end = std::find(rest, order.end(), with_time[i]);
    place_run({rest, end});
    rest = end;
  }
  place_run({rest, order.end()});
  normalise(timeline_.covered, rate_.samples(kJoin));
  return std::move(timeline_);
}

void Placer::place_run(Order order) {
  const auto first = std::ranges::find_if(order, [this](std::uint32_t i) { return timed(i); });
  ClockFit clock(first == order.end() ? rate_.hz : codec(*first).clock_hz, rate_);
  const auto for_each_timed = [&](auto use) {
    std::int64_t ticks = 0;
    std::uint32_t timestamp = first == order.end() ? 0 : packets_[*first].timestamp;
    for (const std::uint32_t i : order) {
      if (timed(i)) {
        ticks += static_cast<std::int32_t>(packets_[i].timestamp - timestamp);
        timestamp = packets_[i].timestamp;
      }
      use(i, ticks);
    }
  };
  for_each_timed([&](std::uint32_t i, std::int64_t ticks) {
    if (timed(i)) clock.add(ticks, packets_[i].arrival - start_);
  });
  if (first != order.end()) clock.finish();
  for_each_timed([&](std::uint32_t i, std::int64_t ticks) {
    count_missing(packets_[i]);
    if (timed(i)) {
      place_timed(i, clock, ticks);
    } else {
      place_untimed(i);
    }
  });
}

void Placer::count_missing(const PacketInfo& packet) noexcept {
  if (last_ != nullptr && last_->epoch == packet.epoch) {
    missing_ += static_cast<std::uint64_t>(packet.extended - last_->extended - 1);
  } else {
    missing_ = 0;
    silent_ = false;
  }
  last_ = &packet;
}

void Placer::place_timed(std::uint32_t i, const ClockFit& clock, std::int64_t ticks) {
  const PacketInfo& packet = packets_[i];
  const bool audio = content(i) == Content::Audio;
  const Position samples = codec(i).samples(packet.ticks, rate_.hz);
  const FinePosition at = clock.at(ticks);
  const FinePosition end = samples == 0 ? at : clock.at(ticks + packet.ticks);
  explain_hole(round_fine(at), audio ? samples : rate_.samples(kUsualPacket));
  cover({round_fine(at), std::max(round_fine(end), round_fine(at) + 1)});
  if (samples > 0 && round_fine(end) > window_.from && round_fine(at) < window_.to) {
    Slot slot;
    slot.at = at;
    slot.stretch = static_cast<std::int32_t>(std::clamp(end - at - to_fine(samples), -kMaxStretch, kMaxStretch));
    slot.packet = i & 0x7fffffffU;
    slot.after_loss = missing_ > 0;
    timeline_.slots.push_back(slot);
    if (packet.codec != last_heard_) timeline_.heard.insert(packet.codec);
    last_heard_ = packet.codec;
  }
  end_ = placed_ ? std::max(end_, round_fine(end)) : round_fine(end);
  placed_ = true;
  silent_ = !audio || packet.pauses;
  missing_ = 0;
}

void Placer::explain_hole(Position to, Position packet_samples) {
  if (!placed_ || to <= end_) return;
  if (silent_) cover({end_, to});
  if (missing_ == 0) return;
  // What is much longer than the missing packets was mostly a pause of the sender.
  const Position lost = static_cast<Position>(missing_) * packet_samples;
  Loss loss{.where = {end_, to}, .packets = missing_};
  if (to - end_ > 2 * lost && silent_) {
    loss.where.from = to - lost;
  } else if (to - end_ > 2 * lost) {
    loss.where.to = end_ + lost;
  }
  timeline_.losses.push_back(loss);
  cover(loss.where);
}

void Placer::place_untimed(std::uint32_t i) {
  const Position at = rate_.samples(packets_[i].arrival - start_);
  const Interval where{at, at + rate_.samples(kUsualPacket)};
  cover(where);
  if (content(i) == Content::Event) return;
  missing_ = 0;
  std::vector<ForeignStretch>& foreign = timeline_.foreign;
  const bool more = !foreign.empty() && foreign.back().codec == packets_[i].codec && at >= foreign.back().where.from &&
                    at <= foreign.back().where.to + rate_.samples(kJoin);
  if (more) {
    foreign.back().where.to = std::max(foreign.back().where.to, where.to);
  } else {
    foreign.push_back({where, packets_[i].codec});
  }
}

void Placer::cover(Interval where) {
  Intervals& covered = timeline_.covered;
  if (!covered.empty() && where.from >= covered.back().from && where.from <= covered.back().to + rate_.samples(kJoin)) {
    covered.back().to = std::max(covered.back().to, where.to);
  } else {
    covered.push_back(where);
  }
}

}  // namespace

Timeline place_packets(const std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                       const PayloadMap& payloads, Time start, Rate rate, Interval window) {
  return Placer(packets, payloads, start, rate, window).place(order);
}

}  // namespace tapestry::mux
