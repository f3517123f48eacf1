#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "calls/call.h"
#include "calls/registrations.h"
#include "calls/rules.h"
#include "core/pattern.h"

namespace tapestry::calls {

/// What is known of one end of a call by itself.
struct Standing {
  Party party;            ///< Role::Unknown when no rule tells
  bool internal = false;  ///< it registered, or has a short number on a private address
  bool no_party = false;  ///< a rule says that it is a host (recorder, PBX, trunk): who speaks through it is not known
};

struct KnownEnd;  // roles.cpp

/// Reads the [[party]] table. Correlator's thread only.
class Roles {
 public:
  /// Throws std::runtime_error when a rule's expression is wrong.
  explicit Roles(const std::vector<PartyRule>& rules);

  /// The first rule that matches what the call tells of that end: addresses of record (From or To, P-Asserted-Identity,
  /// the Request-URI that reached the answering phone, Contact), signalling and media addresses. In a fork the dialled
  /// address comes last: it names none of the phones. A contact or
  /// GRUU stands for the address of record that it was bound to when the call began: of a callee the surest of all.
  [[nodiscard]] Standing standing(const Call& call, Side side, const Registrations& registrations) const;
  /// The same of somebody of whom only an address of record, a name and addresses are known.
  [[nodiscard]] Standing standing_of(const std::string& uri, const std::string& name,
                                     const std::vector<IpAddress>& addresses, const Registrations& registrations) const;
  /// What the first rule that knows a host by its address alone says of it; Unknown without one.
  [[nodiscard]] Role role_of(const IpAddress& host) const noexcept;

 private:
  struct Entry {
    PartyRule rule;
    std::vector<Pattern> uri;  ///< none or one
  };
  [[nodiscard]] Standing judge(const KnownEnd& told, const Registrations& registrations) const;
  std::vector<Entry> entries_;
};

}  // namespace tapestry::calls
