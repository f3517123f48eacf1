#pragma once
#include <optional>
#include <string>
#include <utility>

#include "calls/pause_desk.h"
#include "calls/signalling.h"
#include "core/pattern.h"

namespace tapestry::calls {

/// What paused a conversation or asked for it: a message of `sender`, as it was seen. No card number is in it.
PauseMark mark_of(const std::string& rule, const sip::Message& message, const MessageInfo& info);

/// Pauses conversations for where they are, which needs no marker: while a leg is with a destination that rules name,
/// and from the beginning where a queue fails closed. Correlator's thread only.
class PausedPlaces {
 public:
  /// All outlive it. Throws std::runtime_error when the expression is wrong.
  PausedPlaces(const Rules& rules, PauseDesk& desk, ConversationTable& conversations);

  /// [pause] fail_closed, ready; none for an empty one. Throws std::runtime_error when it is wrong.
  [[nodiscard]] static std::optional<Pattern> fail_closed(const std::string& expression);
  /// Conversations that begin from now on fail closed by that expression.
  void take_fail_closed(std::optional<Pattern> expression) noexcept { fail_closed_ = std::move(expression); }
  /// The desk's rules are others than `before`: a leg that is where one that is new wants nothing kept pauses at once.
  /// `now` is packet time.
  void look(CallTable& calls, const pause::Markers& before, Time now);

  /// A message was taken into the call.
  void on_message(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);
  /// The call is over: what its leg held is let go.
  void on_over(Call& call);

 private:
  void begin(Call& call, const sip::Message& message, const MessageInfo& info);
  void watch(Call& call, std::size_t rule, const Asked& seen);
  [[nodiscard]] bool is_there(const Call& call, std::size_t rule) const;
  [[nodiscard]] bool is_where_it_was(const Call& call, const std::string& rule) const;

  const Rules& rules_;
  PauseDesk& desk_;
  ConversationTable& conversations_;
  std::optional<Pattern> fail_closed_;
};

}  // namespace tapestry::calls
