#include "mux/quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace tapestry::mux {
namespace {

using Standing = PacketInfo::Standing;

/// Arrival and timestamp against those of another packet of the same clock.
struct Instant {
  Time arrival;
  std::uint32_t timestamp = 0;
  std::uint32_t epoch = 0;
  std::uint32_t clock_hz = 0;

  [[nodiscard]] bool comparable(const Instant& other) const noexcept {
    return epoch == other.epoch && clock_hz == other.clock_hz;
  }
  /// By how much it came later after `before` than it was sent after it.
  [[nodiscard]] Duration later_than(const Instant& before) const noexcept {
    const auto ticks = std::int64_t{static_cast<std::int32_t>(timestamp - before.timestamp)};
    return arrival - before.arrival - Duration(ticks * 1'000'000'000 / clock_hz);
  }
};

class JitterMeter {
 public:
  void add(const Instant& now) noexcept {
    if (last_ && now.comparable(*last_)) {
      const Duration difference = std::chrono::abs(now.later_than(*last_));
      if (difference < kJump) jitter_ms_ += (to_seconds(difference) * 1e3 - jitter_ms_) / 16;
    }
    last_ = now;
    sum_ms_ += jitter_ms_;
    ++count_;
    most_ms_ = std::max(most_ms_, jitter_ms_);
  }
  [[nodiscard]] Jitter result() const noexcept {
    return {.mean_ms = count_ == 0 ? 0 : sum_ms_ / static_cast<double>(count_), .most_ms = most_ms_};
  }

 private:
  std::optional<Instant> last_;
  double jitter_ms_ = 0;
  double sum_ms_ = 0;
  double most_ms_ = 0;
  std::uint64_t count_ = 0;
};

/// The receiver of quality.h.
class JitterBuffer {
 public:
  /// True when the packet came too late.
  bool add(const Instant& now) noexcept {
    if (!reference_ || !now.comparable(*reference_)) return begin(now);
    const Duration later = now.later_than(*reference_);
    if (std::chrono::abs(later) >= kJump) return begin(now);
    const Duration leeway(std::llround(
        kClockError * static_cast<double>(std::max(Duration(0), now.arrival - reference_->arrival).count())));
    if (later <= leeway) {
      reference_ = now;
    } else if (later > leeway + kJitterBuffer) {
      if (!late_) late_since_ = now.arrival;
      late_ = true;
      return now.arrival - late_since_ < kResync || begin(now);
    }
    late_ = false;
    return false;
  }

 private:
  bool begin(const Instant& now) noexcept {
    reference_ = now;
    late_ = false;
    return false;
  }

  std::optional<Instant> reference_;  ///< the least delayed packet
  Time late_since_{};                 ///< when late_
  bool late_ = false;                 ///< as was the packet before
};

/// Which packets arrived in a window; asked in order of arrival.
class Windows {
 public:
  explicit Windows(const std::vector<ArrivalRange>& windows) : windows_(windows) {}
  [[nodiscard]] bool contain(Time arrival) noexcept {
    while (at_ < windows_.size() && windows_[at_].to < arrival) ++at_;
    return at_ < windows_.size() && windows_[at_].contains(arrival);
  }

 private:
  const std::vector<ArrivalRange>& windows_;
  std::size_t at_ = 0;
};

/// What the first pass, in order of arrival, leaves to the second.
struct Arrived {
  std::vector<bool> inside;
  std::vector<bool> discarded;
  std::array<std::uint64_t, 256> audio{};  ///< packets by codec
  Duration heard{};                        ///< length of the audio
};

Arrived pass_arrivals(const std::vector<PacketInfo>& packets, const PayloadMap& payloads,
                      const std::vector<ArrivalRange>& ranges, StreamQuality& quality) {
  Arrived arrived{.inside = std::vector<bool>(packets.size()),
                  .discarded = std::vector<bool>(packets.size()),
                  .audio = {},
                  .heard = {}};
  Windows windows(ranges);
  JitterMeter jitter;
  JitterBuffer buffer;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const PacketInfo& packet = packets[i];
    if (!windows.contain(packet.arrival)) continue;
    if (packet.standing == Standing::Duplicate || packet.standing == Standing::Stray) continue;
    arrived.inside[i] = true;
    const Codec& codec = payloads.codec(packet.codec);
    if (codec.content == Content::Event || codec.content == Content::Noise || codec.clock_hz == 0) continue;
    const Instant now{packet.arrival, packet.timestamp, packet.epoch, codec.clock_hz};
    jitter.add(now);
    arrived.discarded[i] = buffer.add(now);
    if (arrived.discarded[i]) ++quality.discarded;
    ++arrived.audio[packet.codec];
    arrived.heard += Duration(std::int64_t{packet.ticks} * 1'000'000'000 / codec.clock_hz);
  }
  quality.jitter = jitter.result();
  return arrived;
}

/// The number of the window in which a packet arrived.
std::size_t window_of(const std::vector<ArrivalRange>& ranges, Time arrival) {
  return static_cast<std::size_t>(std::ranges::lower_bound(ranges, arrival, {}, &ArrivalRange::to) - ranges.begin());
}

/// In order of sequence: what is missing between two packets of one stretch was lost.
Bursts pass_sequence(const std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                     const std::vector<ArrivalRange>& ranges, const Arrived& arrived) {
  BurstMeter meter;
  const PacketInfo* last = nullptr;
  std::size_t last_window = 0;
  for (const std::uint32_t i : order) {
    if (!arrived.inside[i]) continue;
    const PacketInfo& packet = packets[i];
    const std::size_t window = window_of(ranges, packet.arrival);
    if (last != nullptr && packet.epoch == last->epoch && window == last_window &&
        packet.extended > last->extended + 1) {
      meter.lost(static_cast<std::uint64_t>(packet.extended - last->extended - 1));
    }
    if (arrived.discarded[i]) {
      meter.lost();
    } else {
      meter.received();
    }
    last = &packet;
    last_window = window;
  }
  return meter.finish();
}

void name_codecs(const Arrived& arrived, const PayloadMap& payloads, StreamQuality& quality) {
  std::set<std::string> names;
  std::uint64_t all = 0;
  std::uint64_t most = 0;
  for (std::size_t n = 0; n < arrived.audio.size(); ++n) {
    if (arrived.audio[n] == 0) continue;
    const Codec& codec = payloads.codec(static_cast<std::uint8_t>(n));
    names.insert(codec.name);
    all += arrived.audio[n];
    if (arrived.audio[n] > most) quality.clock_hz = codec.clock_hz;
    most = std::max(most, arrived.audio[n]);
  }
  quality.codecs.assign(names.begin(), names.end());
  if (all > 0) quality.packet_time = arrived.heard / static_cast<std::int64_t>(all);
}

/// Mean length of a run of losses, of what it would be if losses were random (G.107 clause 7.5).
double burst_ratio(const Bursts& bursts) noexcept {
  if (bursts.runs == 0) return 1;
  const double loss = static_cast<double>(bursts.losses) / static_cast<double>(bursts.packets);
  return static_cast<double>(bursts.losses) / static_cast<double>(bursts.runs) * (1 - loss);
}

}  // namespace

void BurstMeter::received(std::uint64_t packets) noexcept {
  bursts_.packets += packets;
  good_ += packets;
}

void BurstMeter::lost(std::uint64_t packets) noexcept {
  if (packets == 0) return;
  bursts_.packets += packets;
  bursts_.losses += packets;
  if (good_ > 0) ++bursts_.runs;
  if (good_ >= kGmin) {
    close();
  } else {
    length_ += good_;
  }
  length_ += packets;
  within_ += packets;
  good_ = 0;
}

// A single loss with kGmin packets on both sides belongs to a gap.
void BurstMeter::close() noexcept {
  if (within_ > 1) {
    ++bursts_.count;
    burst_length_ += length_;
    burst_losses_ += within_;
  }
  length_ = 0;
  within_ = 0;
}

Bursts BurstMeter::finish() noexcept {
  close();
  const auto ratio = [](std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const std::uint64_t gap_length = bursts_.packets - burst_length_;
  bursts_.burst_density = ratio(burst_losses_, burst_length_);
  bursts_.gap_density = ratio(bursts_.losses - burst_losses_, gap_length);
  bursts_.burst_packets = ratio(burst_length_, bursts_.count);
  bursts_.gap_packets = ratio(gap_length, bursts_.count + 1);
  return bursts_;
}

StreamQuality measure_quality(const std::vector<PacketInfo>& packets, const std::vector<std::uint32_t>& order,
                              const PayloadMap& payloads, const std::vector<ArrivalRange>& windows,
                              const PacketCounts& counts) {
  StreamQuality quality;
  quality.packets = counts;
  const Arrived arrived = pass_arrivals(packets, payloads, windows, quality);
  quality.bursts = pass_sequence(packets, order, windows, arrived);
  name_codecs(arrived, payloads, quality);
  if (quality.codecs.size() != 1) return quality;
  const auto impairment = impairment_of(quality.codecs.front());
  if (!impairment || quality.bursts.packets == 0) return quality;
  const double loss = static_cast<double>(quality.bursts.losses) / static_cast<double>(quality.bursts.packets);
  quality.e_model = rate_quality(*impairment, loss, burst_ratio(quality.bursts));
  return quality;
}

}  // namespace tapestry::mux
