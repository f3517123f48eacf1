#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "calls/call.h"
#include "calls/conversation_table.h"
#include "core/g711.h"
#include "core/wiping_allocator.h"
#include "rtp/packet.h"

namespace tapestry::calls {

/// Whether what a stream said was in another stream, too, in a stretch of its loud parts.
struct Hearing {
  TrackId speaker = 0;
  TrackId stream = 0;
  Time from;
  Time to;
  bool heard = false;
};

/// The last seconds of one G.711 stream, at 2 kHz: enough to know a voice by. Overwritten before its memory is given
/// back.
class VoiceTrace {
 public:
  /// Half milliseconds since the epoch.
  using Tick = std::int64_t;
  static constexpr Tick kTicks = Tick{1} << 14U;  ///< kept: 8.192 s

  static Tick tick_of(Time time) noexcept { return time.time_since_epoch() / std::chrono::microseconds(500); }
  static Time time_of(Tick tick) noexcept { return Time(std::chrono::microseconds(500) * tick); }

  /// Packets in order of arrival; their places are by timestamp, from where the stream began or broke off.
  void add(const rtp::Packet& packet, Law law);
  [[nodiscard]] Tick begin() const noexcept { return begin_; }  ///< the oldest that is kept
  [[nodiscard]] Tick end() const noexcept { return end_; }      ///< behind the newest
  /// The sample there; 0 outside of what is kept.
  [[nodiscard]] float at(Tick tick) const noexcept;

 private:
  void restart(const rtp::Packet& packet);
  void reach(Tick from, Tick end);

  std::vector<std::int16_t, WipingAllocator<std::int16_t>> ring_;
  Tick base_ = 0;  ///< of first_timestamp_
  std::uint32_t first_timestamp_ = 0;
  Tick begin_ = 0;
  Tick end_ = 0;
};

/// Listens, in conversations that a supervisor takes part in, whether the supervisor's words are in what others get:
/// signalling does not tell a whisper from barging in. Correlation of loud stretches of 2 s with the other calls'
/// streams, up to 0.6 s later. G.711 in clear only; nothing that a pause covers comes here. Correlator's thread only.
class VoiceEar {
 public:
  /// Bounds: streams of one call that are listened to, and changes that are kept for each supervisor's stream.
  static constexpr std::size_t kMaxStreams = 16;
  static constexpr std::size_t kMaxHearings = 256;

  /// What `side` of the call says is a supervisor's.
  void watch(const Call& call, Side side) { watched_[call.serial][index_of(side)] = true; }
  /// A chunk of one of the call's audio streams.
  void on_media(const Conversation& conversation, const Call& call, const Track& track, const rtp::Chunk& chunk);
  /// All that was found out in the conversation's calls, which are closed now. In order of tracks and time.
  std::vector<Hearing> close(const Conversation& conversation);

 private:
  struct Stream {
    TrackId id = 0;
    Side sender = Side::Caller;
    VoiceTrace trace{};
    VoiceTrace::Tick judged = 0;  ///< of a supervisor's: up to there
    std::vector<Hearing> hearings{};
  };
  [[nodiscard]] bool is_watched(const Conversation& conversation) const;
  [[nodiscard]] bool speaks(std::uint64_t call, Side side) const;
  void judge(const Conversation& conversation, std::uint64_t call, Stream& speaker, bool last);
  void judge_block(const Conversation& conversation, std::uint64_t call, Stream& speaker, VoiceTrace::Tick length);

  std::unordered_map<std::uint64_t, std::array<bool, 2>> watched_;  ///< by serial, then side
  std::map<std::uint64_t, std::deque<Stream>> streams_;             ///< by serial
};

}  // namespace tapestry::calls
