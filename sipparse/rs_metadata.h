#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/correlation_keys.h"

namespace tapestry::sip {

/// Bound: of more participants, streams or Session-IDs in one document nothing is kept.
inline constexpr std::size_t kMaxRsEntries = 32;

/// A <participant> (RFC 7865 §6.5).
struct RsParticipant {
  std::string id;
  std::string aor;                  ///< URI of its first nameID
  std::string name;                 ///< that one's <name>; may be empty
  std::vector<std::string> labels;  ///< SDP labels of the streams that it sends
};

/// application/rs-metadata+xml (RFC 7865).
struct RsMetadata {
  std::vector<std::string> session_ids;  ///< of <sipSessionID>: the local ones, as written
  std::vector<RsParticipant> participants;
  /// What vendors add: `ucid` of an element AvayaUCID, `genesys-calluuid` of GenesysUUID; at most kMaxCorrelationKeys.
  std::vector<CorrelationKey> keys;
};

/// Reads a document; nothing when it is none or beyond the bounds of sipparse/xml.h. Linear in its octets.
std::optional<RsMetadata> parse_rs_metadata(std::string_view document);

}  // namespace tapestry::sip
