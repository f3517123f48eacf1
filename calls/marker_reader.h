#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "calls/key_listener.h"
#include "calls/pause_desk.h"
#include "calls/paused_places.h"
#include "calls/signalling.h"

namespace tapestry::calls {

/// Finds markers in messages. A pause holds from its request on, whatever becomes of that; a resume when its request
/// was answered with a 2xx. Copies and retransmissions count once. Correlator's thread only.
class MarkerReader {
 public:
  /// All outlive it. Throws std::runtime_error when an expression is wrong.
  MarkerReader(const Rules& rules, PauseDesk& desk, CallTable& calls, const PauseOrigin& origin,
               ConversationTable& conversations, KeyListener& keys);

  /// What take_rules() takes: all that can be wrong in [pause] and [[marker]] is found out here.
  struct Prepared {
    pause::Markers markers;
    std::optional<Pattern> fail_closed;
  };
  /// Throws std::runtime_error when an expression is wrong.
  [[nodiscard]] Prepared prepare(const PauseRules& rules) const;
  /// The rules are others from now on, as of packet time `now`; none: nothing was captured yet.
  void take_rules(Prepared&& rules, std::optional<Time> now);

  /// A message was taken into the call, and the links that it makes were found.
  void on_message(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);
  /// A request outside of all dialogs that names the call's with both tags.
  void on_outside(const Call& call, const sip::Message& message, const MessageInfo& info);
  /// A response to one, maybe.
  void on_outside_response(const sip::Message& message, const MessageInfo& info);
  /// The call is over: what its leg held is let go.
  void on_over(Call& call) { places_.on_over(call); }

 private:
  /// A resume outside of all dialogs, until it is accepted.
  struct Outside {
    std::string call_id;
    std::uint32_t cseq = 0;
    std::uint64_t call = 0;  ///< serial of the call that it is about
    Asked asked;
  };
  [[nodiscard]] Asked asked_of(const pause::RuleName& rule, pause::Action action, const sip::Message& message,
                               const MessageInfo& info) const;
  void read_state(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                  std::vector<Asked>& found) const;
  void read_keys(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);
  void read_session(Call& session, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);
  void take(Call& call, const sip::Message& message, const MessageSides& sides, Asked asked);
  void await(Call& call, const TransactionKey& transaction, const Asked& asked);
  /// `why_not`: why nothing came of what was asked; empty when it was accepted.
  void settle(Call& call, const Acceptance& answer, const std::string& message, const std::string& why_not);
  [[nodiscard]] Call& about(Call& call, const sip::Message& message);

  PauseDesk& desk_;
  CallTable& calls_;
  const PauseOrigin& origin_;
  ConversationTable& conversations_;
  KeyListener& keys_;
  PausedPlaces places_;
  std::deque<Outside> outside_;  ///< at most kMaxOutside, oldest first
};

}  // namespace tapestry::calls
