#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "calls/pause_desk.h"
#include "calls/tone_ear.h"
#include "dtmf/code_matcher.h"
#include "dtmf/digit_guard.h"
#include "dtmf/event_tracker.h"
#include "pause/gate.h"

namespace tapestry::calls {

/// Listens to keys: codes that pause and resume, and digits that nobody should have keyed without a pause. Keys are
/// known for as long as they may be part of a code or of a card's number, and are in nothing that is told of them.
/// Correlator's thread only.
class KeyListener {
 public:
  /// All outlive it.
  KeyListener(const Rules& rules, CallTable& calls, ConversationTable& conversations, PauseDesk& desk,
              const PauseOrigin& origin);

  /// Telephone-events of one of the call's streams, in clear.
  void on_events(Call& call, const Track& track, const pause::EventTypes& events, const rtp::Chunk& chunk);
  /// Tones of one of the call's streams, when it is G.711 in clear and a rule has a code.
  void on_tones(Call& call, const Track& track, const rtp::Chunk& chunk);
  /// Keys that a message of `sender` tells: INFO, NOTIFY (RFC 4730, and older ways).
  void on_keys(Call& call, Side sender, std::string_view keys, const PauseMark& mark, const Endpoint& source,
               const Endpoint& destination);
  /// The rules, and with them the desk's, are others from now on. Codes that are in both go on where they are.
  void take_rules();
  /// Whether keys may end a pause.
  [[nodiscard]] bool keys_resume() const noexcept { return desk_.markers().keys_resume(); }
  /// Packet time went on: ends presses whose end was lost.
  void advance(Time now);
  /// The call is closed.
  void forget(const Call& call);

 private:
  /// Where keys were heard: a stream, or one end's messages.
  struct Place {
    std::uint64_t call = 0;  ///< serial
    Side sender = Side::Caller;
    TrackId track = 0;   ///< 0: messages
    bool tones = false;  ///< of the track, not its events
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Code {
    pause::RuleName rule;
    pause::Action action = pause::Action::Pause;
    std::string keys;  ///< that it is made of
    dtmf::CodeMatcher matcher;
  };
  struct Ear {
    std::string message;
    std::string from;
    Endpoint source;
    Endpoint destination;
    dtmf::EventTracker tracker{};
    ToneEar tones{};
    std::vector<Code> codes{};
    dtmf::DigitGuard guard;
  };
  /// All codes that are looked for; those that are among `had` go on.
  [[nodiscard]] std::vector<Code> codes(const std::vector<Code>& had) const;
  Ear& ear_at(const Place& place, const Call& call, std::string message, const Endpoint& source,
              const Endpoint& destination);
  void hear(Call& call, Side sender, Ear& ear, const dtmf::Press& press);
  void match(const Call& call, Side sender, Ear& ear, Code& code, const dtmf::Match& found);
  void guard(const Call& call, Side sender, Ear& ear, const dtmf::Press& press);

  const Rules& rules_;
  CallTable& calls_;
  ConversationTable& conversations_;
  PauseDesk& desk_;
  const PauseOrigin& origin_;
  std::map<Place, Ear> ears_;
};

}  // namespace tapestry::calls
