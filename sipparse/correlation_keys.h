#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/message.h"

namespace tapestry::sip {

/// An identifier that the hosts on a call's way hand on from dialog to dialog, so that two dialogs which carry the same
/// one belong to the same conversation.
struct CorrelationKey {
  std::string_view kind;  ///< static: `session-id`, `ucid`, `icid`, `cisco-guid`, ..., `x-cid`
  std::string value;      ///< in one form whatever the header's: hexadecimal digits in lower case, UCIDs as 20 digits
  friend bool operator==(const CorrelationKey&, const CorrelationKey&) = default;
};

/// Bounds: of more keys, and of longer values, nothing is kept.
inline constexpr std::size_t kMaxCorrelationKeys = 16;
inline constexpr std::size_t kMaxKeyLength = 128;

/// What a message carries of Session-ID (RFC 7989; local and remote are two keys, the null UUID is none), the Avaya
/// UCID inside User-to-User (also where Refer-To or Contact hands it on, escaped), Av-Global-Session-ID and Contact's
/// gsid, P-Charging-Vector's icid-value (RFC 7315), Cisco-Guid (four decimals become 32 digits), Cisco-Gucid,
/// X-Genesys-CallUUID, x-inin-cnv, X-BroadWorks-Correlation-Info, X-CID, X-Call-ID, Parent-Call-ID and
/// X-Correlation-ID; and `call-completion`, the users of both ends where an INVITE (`m=BS` and the like in its
/// Request-URI) or a response to one (Call-Info) tells of the completion of calls (RFC 6910). Any other User-to-User is none: it may be a customer's number. In the order of the headers, each
/// once. Linear.
std::vector<CorrelationKey> correlation_keys(const Message& message);

}  // namespace tapestry::sip
