#include "mux/voice.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "mux/quality.h"
#include "mux/timestamps.h"

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

/// Lists a voice's packets, again when they prove that a codec is not what it was announced as.
std::vector<PacketInfo> list_and_prove(const spool::MediaStore& media, Voice& voice) {
  PayloadProof proof;
  std::vector<PacketInfo> packets = list_packets(media, *voice.track, voice.payloads, voice.range, proof);
  if (!proof.correct(voice.payloads)) return packets;
  return list_packets(media, *voice.track, voice.payloads, voice.range, proof);
}

/// What the voice's packets tell of how they came; added to `counts`, too.
void count_and_measure(Voice& voice, PacketCounts& counts) {
  PacketCounts own;
  count_packets(voice.packets, voice.arrivals, own);
  counts.expected += own.expected;
  counts.received += own.received;
  counts.duplicate += own.duplicate;
  counts.reordered += own.reordered;
  counts.lost = counts.expected > counts.received ? counts.expected - counts.received : 0;
  voice.quality = measure_quality(voice.packets, voice.order, voice.payloads, voice.arrivals, own);
  voice.quality.flow = voice.track->flow;
  voice.quality.rtcp = voice.track->stats.rtcp;
}

}  // namespace

std::vector<Voice> find_voices(const calls::ChannelPlan& channel, const std::vector<calls::Track>& tracks,
                               const spool::MediaStore& media, ArrivalRange recording, PacketCounts& counts) {
  std::map<std::size_t, std::vector<ArrivalRange>> stretches;
  for (const calls::TrackSpan& span : channel.spans) {
    assert(span.track < tracks.size());
    stretches[span.track].push_back({std::max(span.from, recording.from), std::min(span.to, recording.to)});
  }
  std::vector<Voice> voices;
  for (auto& [index, ranges] : stretches) {
    ranges = join(std::move(ranges));
    if (ranges.empty()) continue;
    Voice voice{.track = &tracks[index],
                .payloads = PayloadMap(tracks[index].payloads, tracks[index].encryption),
                .range = {ranges.front().from - kMargin, ranges.back().to + kMargin},
                .arrivals = std::move(ranges),
                .packets = {},
                .order = {},
                .windows = {},
                .quality = {},
                .timeline = {}};
    voice.packets = list_and_prove(media, voice);
    voice.order = order_packets(voice.packets, voice.payloads);
    mend_timestamps(voice.packets, voice.order, voice.payloads);
    count_and_measure(voice, counts);
    voices.push_back(std::move(voice));
  }
  return voices;
}

bool is_wideband(const Voice& voice) noexcept {
  std::size_t window = 0;
  for (const PacketInfo& packet : voice.packets) {
    while (window < voice.arrivals.size() && voice.arrivals[window].to < packet.arrival) ++window;
    if (window == voice.arrivals.size()) return false;
    const bool heard = packet.standing == PacketInfo::Standing::Fresh || packet.standing == PacketInfo::Standing::Late;
    if (heard && packet.ticks > 0 && voice.arrivals[window].contains(packet.arrival) &&
        voice.payloads.codec(packet.codec).wideband()) {
      return true;
    }
  }
  return false;
}

void place(Voice& voice, Time start, Rate rate) {
  for (const ArrivalRange& one : voice.arrivals) {
    voice.windows.push_back({rate.samples(one.from - start), rate.samples(one.to - start)});
  }
  normalise(voice.windows);
  const std::vector<PacketInfo> packets = std::move(voice.packets);
  const std::vector<std::uint32_t> order = std::move(voice.order);
  if (voice.windows.empty()) return;
  const Interval window{voice.windows.front().from, voice.windows.back().to};
  voice.timeline = place_packets(packets, order, voice.payloads, start, rate, window);
}

}  // namespace tapestry::mux
