#include "mux/timestamps.h"

#include <cstdlib>
#include <span>

#include "mux/clock_fit.h"

namespace tapestry::mux {
namespace {

constexpr std::size_t kFewest = 10;  ///< pairs of packets below which nothing is proven

using Order = std::span<const std::uint32_t>;

struct Evidence {
  std::size_t pairs = 0;
  std::size_t continuing = 0;
  std::int64_t by_timestamp_ns = 0;
  std::int64_t by_count_ns = 0;
  std::int64_t by_arrival_ns = 0;

  [[nodiscard]] bool lies() const noexcept {
    return pairs >= kFewest && continuing * 2 < pairs &&
           std::abs(by_count_ns - by_arrival_ns) < std::abs(by_timestamp_ns - by_arrival_ns);
  }
};

/// Ticks from `before` to `now`, were every packet in between as long as `before`.
std::int64_t counted(const PacketInfo& before, const PacketInfo& now) noexcept {
  return std::int64_t{now.extended - before.extended} * before.ticks;
}

Evidence gather(const std::vector<PacketInfo>& packets, Order epoch, const PayloadMap& payloads) {
  Evidence evidence;
  for (std::size_t i = 1; i < epoch.size(); ++i) {
    const PacketInfo& before = packets[epoch[i - 1]];
    const PacketInfo& now = packets[epoch[i]];
    if (before.codec != now.codec || before.ticks == 0) continue;
    const std::uint32_t clock_hz = payloads.codec(now.codec).clock_hz;
    const auto advance = static_cast<std::int32_t>(now.timestamp - before.timestamp);
    ++evidence.pairs;
    evidence.continuing += continues(before, now) ? 1U : 0U;
    evidence.by_timestamp_ns += ticks_to_ns(advance, clock_hz);
    evidence.by_count_ns += ticks_to_ns(counted(before, now), clock_hz);
    evidence.by_arrival_ns += (now.arrival - before.arrival).count();
  }
  return evidence;
}

void count_through(std::vector<PacketInfo>& packets, Order epoch) {
  PacketInfo before = packets[epoch.front()];
  for (const std::uint32_t i : epoch.subspan(1)) {
    PacketInfo& now = packets[i];
    now.timestamp = before.timestamp + static_cast<std::uint32_t>(counted(before, now));
    const std::uint16_t usual = now.ticks != 0 ? now.ticks : before.ticks;
    before = now;
    before.ticks = usual;
  }
}

}  // namespace

bool continues(const PacketInfo& before, const PacketInfo& now) noexcept {
  return before.ticks != 0 && now.timestamp - before.timestamp == static_cast<std::uint32_t>(counted(before, now));
}

void mend_timestamps(std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                     const PayloadMap& payloads) {
  for (Order rest = order; !rest.empty();) {
    std::size_t length = 1;
    while (length < rest.size() && packets[rest[length]].epoch == packets[rest.front()].epoch) ++length;
    const Order epoch = rest.first(length);
    if (gather(packets, epoch, payloads).lies()) count_through(packets, epoch);
    rest = rest.subspan(length);
  }
}

}  // namespace tapestry::mux
