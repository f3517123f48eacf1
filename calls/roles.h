#pragma once
#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "calls/call.h"
#include "calls/correlator.h"
#include "calls/rules.h"
#include "core/hash.h"
#include "core/pattern.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Addresses of record that registered (RFC 3261 §10), with and without the host that they registered from. Bounded:
/// when it is full, new ones are not added, and counted.
class Registrations {
 public:
  /// A REGISTER, or a response to one. What was asked for on the very way that a 2xx goes back counts, so that nobody
  /// registers by a response alone.
  void on_message(const sip::Message& message, const MessageInfo& info);
  /// Whether `uri` (address of record) registered, or its user did from one of `addresses`.
  [[nodiscard]] bool has(std::string_view uri, const std::vector<IpAddress>& addresses) const;
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  /// A REGISTER that waits for its response.
  struct Asked {
    std::string call_id;
    std::uint32_t cseq = 0;
    IpAddress phone;
    IpAddress registrar;
    friend bool operator==(const Asked&, const Asked&) = default;
  };
  void add(std::string key);
  std::deque<Asked> asked_;  ///< at most kMaxAsked, oldest first
  std::unordered_set<std::string, TextHash, std::equal_to<>> known_;
  std::uint64_t refused_ = 0;
};

/// What is known of one end of a call by itself.
struct Standing {
  Party party;            ///< Role::Unknown when no rule tells
  bool internal = false;  ///< it registered, or has a short number on a private address
  bool no_party = false;  ///< a rule says that it is a host (recorder, PBX, trunk): who speaks through it is not known
};

/// Reads the [[party]] table. Correlator's thread only.
class Roles {
 public:
  /// Throws std::runtime_error when a rule's expression is wrong.
  explicit Roles(const std::vector<PartyRule>& rules);

  /// The first rule that matches what the call tells of that end: addresses of record (From or To, P-Asserted-Identity,
  /// the Request-URI that reached the answering phone, Contact), signalling and media addresses. In a fork the dialled
  /// address comes last: it names none of the phones.
  [[nodiscard]] Standing standing(const Call& call, Side side, const Registrations& registrations) const;
  /// What the first rule that knows a host by its address alone says of it; Unknown without one.
  [[nodiscard]] Role role_of(const IpAddress& host) const noexcept;

 private:
  struct Entry {
    PartyRule rule;
    std::vector<Pattern> uri;  ///< none or one
  };
  std::vector<Entry> entries_;
};

}  // namespace tapestry::calls
