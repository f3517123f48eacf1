#include "mux/voice.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace tapestry::mux {
namespace {

/// Packets that arrive so much outside a stretch may still belong into it, and help to find the sender's clock.
constexpr auto kMargin = std::chrono::seconds(5);

std::vector<ArrivalRange> join(std::vector<ArrivalRange> ranges) {
  std::erase_if(ranges, [](const ArrivalRange& one) { return one.to <= one.from; });
  std::ranges::sort(ranges, {}, &ArrivalRange::from);
  std::vector<ArrivalRange> joined;
  for (const ArrivalRange& one : ranges) {
    if (joined.empty() || one.from > joined.back().to) {
      joined.push_back(one);
    } else {
      joined.back().to = std::max(joined.back().to, one.to);
    }
  }
  return joined;
}

}  // namespace

std::vector<Voice> make_voices(const calls::ChannelPlan& channel, const std::vector<calls::Track>& tracks,
                               const spool::Spool& spool, Time start, Position samples, PacketCounts& counts) {
  std::map<std::size_t, std::vector<ArrivalRange>> stretches;
  const Time end = start + to_duration(samples);
  for (const calls::TrackSpan& span : channel.spans) {
    assert(span.track < tracks.size());
    stretches[span.track].push_back({std::max(span.from, start), std::min(span.to, end)});
  }
  std::vector<Voice> voices;
  for (auto& [index, ranges] : stretches) {
    ranges = join(std::move(ranges));
    if (ranges.empty()) continue;
    Voice voice{.track = &tracks[index],
                .payloads = PayloadMap(tracks[index].payloads, tracks[index].encryption),
                .range = {ranges.front().from - kMargin, ranges.back().to + kMargin},
                .arrivals = std::move(ranges),
                .windows = {},
                .timeline = {}};
    for (const ArrivalRange& one : voice.arrivals) {
      voice.windows.push_back({to_samples(one.from - start), to_samples(one.to - start)});
    }
    normalise(voice.windows);
    if (voice.windows.empty()) continue;
    std::vector<PacketInfo> packets = list_packets(spool, *voice.track, voice.payloads, voice.range);
    const std::vector<std::uint32_t> order = order_packets(packets);
    count_packets(packets, voice.arrivals, counts);
    const Interval window{voice.windows.front().from, voice.windows.back().to};
    voice.timeline = place_packets(packets, order, voice.payloads, start, window);
    voices.push_back(std::move(voice));
  }
  return voices;
}

}  // namespace tapestry::mux
