#pragma once
#include <cstdint>
#include <deque>

#include "calls/call.h"
#include "calls/conversation_table.h"
#include "calls/journal.h"
#include "calls/key_listener.h"
#include "pause/gate.h"

namespace tapestry::calls {

/// What stands between media and the spool: nothing that came in a pause passes, and no key of a telephone-event. Keys
/// are listened to here, too. Where they may end a pause, what came in it waits for a moment: a chunk may be handed on
/// before another one that holds the keys. Correlator's thread only.
class MediaGate {
 public:
  /// Paused media waits so long for keys that end the pause, and takes so much memory at most.
  static constexpr Duration kWait = std::chrono::seconds(2);
  static constexpr std::size_t kMaxWaitingBytes = 64U << 20U;

  /// All outlive it.
  MediaGate(CallTable& calls, ConversationTable& conversations, KeyListener& keys, Output& output)
      : calls_(calls), conversations_(conversations), keys_(keys), output_(output) {}

  /// What may be kept of a chunk of the track; valid until the next call. May be empty. `clear`: it is not encrypted.
  /// What turns out not to be paused after all goes to the output by itself.
  const rtp::Chunk& admit(Call& call, OpenTrack& open, bool clear, const rtp::Chunk& chunk);
  /// What is kept after all goes into it, too; null: nowhere. It outlives the gate.
  void write_to(Journal* journal) noexcept { journal_ = journal; }
  /// Packet time went on: what waited for too long was paused.
  void advance(Time now);
  /// The call is closed.
  void forget(const Call& call);

 private:
  /// Packets of an open pause.
  struct Waiting {
    std::uint64_t call = 0;  ///< serial
    TrackId track = 0;
    pause::EventTypes events{};
    rtp::Chunk chunk{};
  };
  void wait(const Call& call, const Track& track, const pause::EventTypes& events, const rtp::Chunk& chunk,
            const pause::Pauses& pauses);
  void let_go(const Conversation& conversation);

  void keep(const Waiting& one, const rtp::Chunk& chunk);

  CallTable& calls_;
  ConversationTable& conversations_;
  KeyListener& keys_;
  Output& output_;
  Journal* journal_ = nullptr;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  rtp::Chunk kept_;
  rtp::Chunk late_;
};

}  // namespace tapestry::calls
