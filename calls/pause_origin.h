#pragma once
#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/roles.h"
#include "calls/rules.h"

namespace tapestry::calls {

/// Who sent a marker, as far as it matters.
enum class Origin : std::uint8_t {
  Agent,       ///< somebody of the house: agents, supervisors, bots, whoever registered
  Host,        ///< the PBX, or a B2BUA of this conversation: maybe on its own, maybe for somebody else
  Controller,  ///< configured
  Outside      ///< the customer's side, or nobody knows
};

/// Judges senders from all that is known while their call is open. Correlator's thread only.
class PauseOrigin {
 public:
  /// All outlive it.
  PauseOrigin(const Rules& rules, CallTable& calls, const Roles& roles, const Registrations& registrations)
      : rules_(rules), calls_(calls), roles_(roles), registrations_(registrations) {}

  /// Of what `sender` sent from `host` in a call of the conversation.
  [[nodiscard]] Origin of(const Call& call, Side sender, const IpAddress& host, const Conversation& conversation) const;
  /// Of keys that `sender` pressed and that came from `source`: whatever host passes them on, they are those of who
  /// speaks there.
  [[nodiscard]] Origin of_keys(const Call& call, Side sender, const Endpoint& source,
                               const Conversation& conversation) const;
  /// Of a recording session that is about the conversation: whoever records may be beside it, but the customer's own
  /// host may not.
  [[nodiscard]] Origin of_session(const IpAddress& host, const Conversation& conversation) const;
  /// Of a request outside of all dialogs that named one with both tags (RFC 4538 §1: who knows them is a part of it):
  /// everybody but the customer's own host and name.
  [[nodiscard]] Origin outside(const std::string& from, const IpAddress& host, const Conversation& conversation) const;
  /// Whether that end is somebody of the house. Where no rule knows either end, nor anybody else of the conversation,
  /// the callee is taken for one.
  [[nodiscard]] bool is_inside(const Call& call, Side side, const Conversation& conversation) const;
  /// Whether the host is known as the customers' or their trunk, and no controller.
  [[nodiscard]] bool is_outside(const IpAddress& host) const noexcept;
  /// Whether that end is a machine.
  [[nodiscard]] bool is_robot(const Call& call, Side side) const;

 private:
  [[nodiscard]] bool is_controller(const IpAddress& host) const noexcept;
  /// Whether what claims to be of `sender` comes from the other side's host.
  [[nodiscard]] bool is_from_other_side(const Call& call, Side sender, const IpAddress& host) const;
  /// Whether an end of any of its calls is known to be of the house.
  [[nodiscard]] bool knows_somebody(const Conversation& conversation) const;
  /// Whether it connects two calls of the conversation: it was called in one, and placed another for somebody else.
  [[nodiscard]] bool is_between(const IpAddress& host, const Conversation& conversation) const;

  const Rules& rules_;
  CallTable& calls_;
  const Roles& roles_;
  const Registrations& registrations_;
};

}  // namespace tapestry::calls
