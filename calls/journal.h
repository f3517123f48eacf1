#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "calls/srtp_keys.h"
#include "core/address.h"
#include "pause/pauses.h"
#include "rtp/chunk.h"
#include "rtp/flow_stats.h"
#include "sipparse/message.h"

namespace tapestry::calls {

struct CaptureDrop;
struct MessageInfo;

/// A call as a journal knows it.
struct CallName {
  std::uint64_t serial = 0;  ///< never used again by the same correlator
  std::string_view call_id;  ///< empty: media without signalling
};

/// Somebody lets go of a pause.
struct PauseRelease {
  std::string holder;
  Time at{};
  pause::PauseEnd how = pause::PauseEnd::CallEnd;
  std::optional<pause::PauseMark> mark{};
};

/// What a correlator decided about a conversation's pauses: a holder, its end, or a pause that is over already because
/// of keyed digits.
using PauseDecision = std::variant<pause::Holder, PauseRelease, pause::Pause>;

/// A message that was taken into account.
struct TakenMessage {
  CallName call;  ///< serial 0: of no call
  const sip::Message& message;
  const MessageInfo& info;
  bool paused = false;  ///< what it carries is inside a pause
};

/// A chunk that a call was given.
struct TakenMedia {
  CallName call;
  const rtp::FlowKey& key;
  const rtp::FlowStats& stats;   ///< the flow's, with the chunk
  const rtp::FlowStats& before;  ///< and without it
  Time first{};
  Time last{};
  const rtp::Chunk* kept = nullptr;  ///< what of it may be kept; null: nothing
  bool late = false;                 ///< it was given before, and is kept only now
};

/// Writes down what a correlator was told and what it decided, so that another one can go on from there: what goes into
/// a journal is enough to find the same conversations again, and holds nothing that a pause covers. All are called
/// by the correlator's thread while it works; views die with the call. Each does nothing unless it is overridden.
class Journal {
 public:
  virtual ~Journal() = default;
  virtual void message(const TakenMessage&) {}
  virtual void media(const TakenMedia&) {}
  /// Both calls' SDPs name both ends of one stream.
  virtual void shared_media(const CallName&, const CallName&, Time) {}
  virtual void srtp_key(const Endpoint&, const Endpoint&, const SrtpKey&) {}
  /// Packets were lost on their way to the correlator.
  virtual void drop(const CaptureDrop&) {}
  virtual void pause(const CallName&, const PauseDecision&) {}
  /// What the call's messages and media carried in [from, to) is inside a pause, although it was told before.
  virtual void erase(const CallName&, Time, Time) {}
  /// A conversation of these calls is closed; `number`: Interaction::number, or 0 when there is nothing to record.
  virtual void closed(const std::vector<CallName>&, std::uint64_t) {}
};

/// TakenMedia as a journal gives it back.
struct RecordedMedia {
  std::string_view call;  ///< Call-ID, or any name for media without signalling, which then begins with kUnsignalled
  rtp::FlowKey key;
  rtp::FlowStats stats;
  rtp::FlowStats before;
  Time first{};
  Time last{};
  Bytes chunk;  ///< stored form of what was kept; may be empty
  bool late = false;
};

/// No Call-ID begins with it (RFC 3261 §25.1).
inline constexpr char kUnsignalled = '\x01';

}  // namespace tapestry::calls
