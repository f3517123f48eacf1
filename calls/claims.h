#pragma once
#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/address.h"
#include "core/time.h"
#include "sipparse/sdp.h"

// What the SDP of one call says of its media: parts of Call.
namespace tapestry::calls {

inline constexpr std::size_t kMaxClaims = 128;  ///< of one call

/// Names an INVITE, UPDATE or PRACK transaction of a call, on whatever hop.
struct TransactionKey {
  std::string method{};
  std::uint32_t cseq = 0;
  Side requester = Side::Caller;
  friend bool operator==(const TransactionKey&, const TransactionKey&) = default;
};

/// The formats that an end accepted, from a time on.
struct FormatsSince {
  Time since;
  std::vector<sip::PayloadFormat> formats;
};

/// m-lines of a session description, by index. A line keeps its place for as long as the session lasts (RFC 3264 §6).
using LineSet = std::bitset<sip::kMaxMedia>;

/// An address that one end's SDP names for media: whatever arrives there is sent by the other end.
struct MediaClaim {
  Endpoint endpoint;
  Side side = Side::Caller;
  std::size_t hop = 0;     ///< of the message that named it first
  std::string media;       ///< `audio`, ...
  std::string encryption;  ///< SRTP suite last offered there, `DTLS-SRTP`, or empty: none ever was
  bool candidate = false;  ///< an ICE candidate, not the m-line's own address
  Time since;
  std::vector<FormatsSince> formats;
  LineSet lines{};  ///< where it stood
};

/// Claims of one call, by index.
using ClaimSet = std::bitset<kMaxClaims>;

/// A key from an a=crypto line of `side`, for what it sends.
struct OfferedKey {
  Side side = Side::Caller;
  std::uint32_t tag = 0;  ///< of the line
  ClaimSet claims;        ///< of its m-lines; none where they had no address
  bool chosen = false;    ///< the other end took the line: one of its own has the same tag
  SrtpKey key;
};

/// What one end's SDP says of an m-line.
struct SessionLine {
  ClaimSet claims;                  ///< empty for a line that is refused, or whose address is none
  std::string encryption;           ///< encryption_of()
  std::vector<std::uint32_t> tags;  ///< of its a=crypto lines
};

/// The first SDP of a transaction on one hop: it waits for the other end's.
struct HalfSession {
  std::size_t hop = 0;
  TransactionKey transaction{};
  Side sender = Side::Caller;
  bool initial = false;  ///< of an INVITE that begins a dialog: a provisional response may answer it (RFC 3261 §13.2.1)
  std::vector<SessionLine> lines{};
  std::vector<SessionLine> preview{};  ///< the other end's in a provisional response, until a 2xx settles it
};

/// What two ends agreed on for an m-line: from then on that is so between their addresses, until they agree on another.
struct Agreement {
  ClaimSet ends;             ///< claims of either end
  Time since;                ///< of the answer
  std::string encryption{};  ///< as the answer names it; empty: at least one end wants it in clear
};

}  // namespace tapestry::calls
