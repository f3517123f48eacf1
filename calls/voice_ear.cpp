#include "calls/voice_ear.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <tuple>

namespace tapestry::calls {
namespace {

using Tick = VoiceTrace::Tick;

constexpr Tick kBlock = 4096;
constexpr Tick kShortest = 2000;  ///< of the last block
constexpr Tick kEarliest = -200;  ///< captures swap directions
constexpr Tick kLatest = 1200;    ///< what a mixer and its buffers take
/// Streams are handed on a second at a time, each in its own time.
constexpr Tick kSlack = 3000;
constexpr Tick kSamples = 4;  ///< of 8 kHz in one tick
constexpr std::size_t kMostSamples = 2048;
/// Timestamps and arrivals may part by so much before the stream is taken to begin anew.
constexpr Tick kMostSkew = 600;
/// RMS below which a block proves nothing: -45 dBFS.
constexpr double kLoud = 184;
/// Two voices of one loudness in one stream correlate with each by 0.7, a voice with another's stream by 0.08 at most.
constexpr double kHeard = 0.25;
constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kPcma = 8;

std::vector<float> part_of(const VoiceTrace& trace, Tick from, Tick length) {
  std::vector<float> part(static_cast<std::size_t>(length));
  for (Tick n = 0; n < length; ++n) part[static_cast<std::size_t>(n)] = trace.at(from + n);
  return part;
}

double power_of(std::span<const float> part) {
  double sum = 0;
  for (const float sample : part) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return sum;
}

/// The highest correlation of `said` with any stretch of `got` that is as long.
double best_correlation(std::span<const float> said, std::span<const float> got) {
  const double mine = power_of(said);
  double theirs = power_of(got.first(said.size()));
  double best = 0;
  for (std::size_t lag = 0; lag + said.size() <= got.size(); ++lag) {
    float sum = 0;
    for (std::size_t n = 0; n < said.size(); ++n) sum += said[n] * got[lag + n];
    if (theirs > 0) best = std::max(best, static_cast<double>(sum) / std::sqrt(mine * theirs));
    if (lag + said.size() == got.size()) break;
    const auto out = static_cast<double>(got[lag]);
    const auto in = static_cast<double>(got[lag + said.size()]);
    theirs += in * in - out * out;
  }
  return best;
}

}  // namespace

void VoiceTrace::restart(const rtp::Packet& packet) {
  base_ = tick_of(packet.arrival);
  first_timestamp_ = packet.timestamp;
}

/// What was never told in between is silence.
void VoiceTrace::reach(Tick from, Tick end) {
  if (ring_.empty()) ring_.resize(static_cast<std::size_t>(kTicks));
  if (end_ == 0 || end - end_ > kTicks) begin_ = end_ = from;
  for (; end_ < end; ++end_) ring_[static_cast<std::size_t>(end_ % kTicks)] = 0;
  begin_ = std::max(begin_, end_ - kTicks);
}

void VoiceTrace::add(const rtp::Packet& packet, Law law) {
  const std::size_t count = std::min(packet.payload.size(), kMostSamples);
  if (count == 0) return;
  if (end_ == 0) restart(packet);
  Tick at = base_ + static_cast<std::int32_t>(packet.timestamp - first_timestamp_) / kSamples;
  if (std::abs(at - tick_of(packet.arrival)) > kMostSkew) {
    restart(packet);
    at = base_;
  }
  // A stream that breaks off may lie before what is there: it is late, or its clock was set back.
  if (end_ != 0 && at < end_) return;
  const Tick length = static_cast<Tick>(count) / kSamples;
  const Tick from = at;
  reach(from, from + length);
  std::array<std::int16_t, kMostSamples> samples{};
  decode(law, packet.payload.first(count), std::span(samples).first(count));
  for (Tick n = 0; n < length; ++n) {
    int sum = 0;
    for (Tick k = 0; k < kSamples; ++k) sum += samples[static_cast<std::size_t>(n * kSamples + k)];
    ring_[static_cast<std::size_t>((from + n) % kTicks)] = static_cast<std::int16_t>(sum / kSamples);
  }
}

float VoiceTrace::at(Tick tick) const noexcept {
  if (tick < begin_ || tick >= end_) return 0;
  return static_cast<float>(ring_[static_cast<std::size_t>(tick % kTicks)]);
}

bool VoiceEar::speaks(std::uint64_t call, Side side) const {
  const auto found = watched_.find(call);
  return found != watched_.end() && found->second[index_of(side)];
}

bool VoiceEar::is_watched(const Conversation& conversation) const {
  return !watched_.empty() && conversation.calls.size() > 1 &&
         std::ranges::any_of(conversation.calls, [this](std::uint64_t call) { return watched_.contains(call); });
}

void VoiceEar::on_media(const Conversation& conversation, const Call& call, const Track& track,
                        const rtp::Chunk& chunk) {
  if (!is_watched(conversation)) return;
  auto& streams = streams_[call.serial];
  auto stream = std::ranges::find(streams, track.id, &Stream::id);
  if (stream == streams.end()) {
    if (streams.size() >= kMaxStreams) return;
    stream = streams.insert(streams.end(), {.id = track.id, .sender = track.sender});
  }
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (packet.payload_type == kPcmu || packet.payload_type == kPcma)
      stream->trace.add(packet, packet.payload_type == kPcmu ? Law::Mu : Law::A);
  });
  if (speaks(call.serial, track.sender)) judge(conversation, call.serial, *stream, false);
}

void VoiceEar::judge(const Conversation& conversation, std::uint64_t call, Stream& speaker, bool last) {
  const VoiceTrace& trace = speaker.trace;
  // What the ring no longer holds cannot be judged.
  speaker.judged = std::max(speaker.judged, trace.begin());
  while (speaker.judged + kBlock + (last ? 0 : kLatest + kSlack) <= trace.end())
    judge_block(conversation, call, speaker, kBlock);
  const Tick rest = trace.end() - speaker.judged;
  if (last && rest >= kShortest) judge_block(conversation, call, speaker, rest);
}

void VoiceEar::judge_block(const Conversation& conversation, std::uint64_t call, Stream& speaker, Tick length) {
  const Tick from = speaker.judged;
  speaker.judged += length;
  const std::vector<float> said = part_of(speaker.trace, from, length);
  if (std::sqrt(power_of(said) / static_cast<double>(length)) < kLoud) return;
  const Window when{VoiceTrace::time_of(from), VoiceTrace::time_of(from + length)};
  for (const std::uint64_t other : conversation.calls) {
    const auto found = streams_.find(other);
    if (other == call || found == streams_.end()) continue;
    for (const Stream& stream : found->second) {
      if (speaks(other, stream.sender) || stream.trace.begin() > from || stream.trace.end() < from + length) continue;
      const auto got = part_of(stream.trace, from + kEarliest, length + kLatest - kEarliest);
      const bool heard = best_correlation(said, got) >= kHeard;
      const auto last = std::ranges::find_if(speaker.hearings.rbegin(), speaker.hearings.rend(),
                                             [&](const Hearing& one) { return one.stream == stream.id; });
      if (last != speaker.hearings.rend() && last->heard == heard) {
        last->to = when.end;
      } else if (speaker.hearings.size() < kMaxHearings) {
        speaker.hearings.push_back({speaker.id, stream.id, when.start, when.end, heard});
      }
    }
  }
}

std::vector<Hearing> VoiceEar::close(const Conversation& conversation) {
  std::vector<Hearing> all;
  for (const std::uint64_t call : conversation.calls) {
    const auto found = streams_.find(call);
    if (found == streams_.end()) continue;
    for (Stream& stream : found->second) {
      if (!speaks(call, stream.sender)) continue;
      judge(conversation, call, stream, true);
      all.insert(all.end(), stream.hearings.begin(), stream.hearings.end());
    }
  }
  for (const std::uint64_t call : conversation.calls) {
    streams_.erase(call);
    watched_.erase(call);
  }
  std::ranges::sort(all, {}, [](const Hearing& one) { return std::tie(one.speaker, one.stream, one.from); });
  return all;
}

}  // namespace tapestry::calls
