#pragma once
#include <cstdint>
#include <string_view>

namespace tapestry::sip {

/// Header fields that the recorder reads; every other is Other and found by name.
enum class HeaderName : std::uint8_t {
  Other,
  CallId,
  From,
  To,
  CSeq,
  Via,
  Contact,
  ContentType,
  ContentLength,
  ContentEncoding,
  ContentDisposition,
  MaxForwards,
  Route,
  RecordRoute,
  Replaces,
  Join,
  ReferTo,
  ReferredBy,
  ReferSub,
  TargetDialog,
  Require,
  Supported,
  ProxyRequire,
  Allow,
  Event,
  Expires,
  MinExpires,
  SessionExpires,
  Date,
  Warning,
  RetryAfter,
  Timestamp,
  Subject,
  UserAgent,
  Server,
  PAssertedIdentity,
  PPreferredIdentity,
  RemotePartyId,
  Diversion,
  HistoryInfo,
  UserToUser,
  SessionId,
  Identity,
  CallInfo,
  Reason,
  RAck,
  RSeq,
  Authorization,
  ProxyAuthorization,
  WwwAuthenticate,
  ProxyAuthenticate,
  MimeVersion,
  Unsupported,
};

/// The header field that a name of any case, full or compact, stands for (RFC 3261 §7.3.3 and IANA's registry of SIP
/// headers).
HeaderName header_name(std::string_view raw_name) noexcept;

/// Full name of a compact form that HeaderName does not list (`u`: `Allow-Events`); any other text comes back as it is.
std::string_view full_header_name(std::string_view raw_name) noexcept;

}  // namespace tapestry::sip
