#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::sip {

/// Bound: of more endpoints in one document nothing is kept.
inline constexpr std::size_t kMaxConferenceEndpoints = 128;

/// One <endpoint> of a <user> of a conference (RFC 4575 §5.6, §5.7): what does not stand there is empty. A user
/// without endpoints comes as one without endpoint.
struct ConferenceEndpoint {
  std::string user;           ///< URI of the user
  std::string display;        ///< the user's <display-text>
  std::string roles;          ///< entries joined with blanks
  std::string user_state;     ///< `full`, `partial` or `deleted`
  std::string endpoint;       ///< URI
  std::string state;          ///< as user_state, of the endpoint
  std::string status;         ///< `connected`, `on-hold`, `muted-via-focus`, `alerting`, `disconnected`, ...
  std::string joined;         ///< joining-method
  std::string joined_at;      ///< <when> of <joining-info>, RFC 3339
  std::string disconnection;  ///< disconnection-method: `departed`, `booted`, `failed`, `busy`
  std::string left_at;        ///< <when> of <disconnection-info>, RFC 3339
  std::string referred_by;    ///< <by> of <referred>
  std::string audio;          ///< status of the first audio medium: `sendrecv`, `recvonly`, ...
  bool focus = false;         ///< the user is another conference (<cascaded-focus>)
};

/// application/conference-info+xml (RFC 4575 §5).
struct ConferenceInfo {
  std::string entity;  ///< URI of the conference
  std::string version;
  std::string state;       ///< `full`, `partial` or `deleted`
  std::string user_count;  ///< decimal
  bool has_users = false;  ///< there is a <users> element
  std::string users;       ///< its state, as user_state
  std::vector<ConferenceEndpoint> endpoints;
};

/// Reads a document; nothing when it is none or beyond the bounds of sipparse/xml.h. Linear.
std::optional<ConferenceInfo> parse_conference_info(std::string_view document);

}  // namespace tapestry::sip
