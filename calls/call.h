#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calls/interaction.h"
#include "calls/note.h"
#include "core/address.h"
#include "core/time.h"
#include "sipparse/correlation_keys.h"
#include "sipparse/sdp.h"

// What is known of one call while it is open: plain structs, written by signalling.cpp, offers.cpp and media.cpp, read
// by closing.cpp.
namespace tapestry::calls {

/// Bounds within one call. What lies beyond is left out; Call::overflowed says so.
inline constexpr std::size_t kMaxTags = 64;
inline constexpr std::size_t kMaxHops = 32;
inline constexpr std::size_t kMaxBranches = 64;
inline constexpr std::size_t kMaxInvites = 64;
inline constexpr std::size_t kMaxClaims = 128;
inline constexpr std::size_t kMaxTracks = 256;
inline constexpr std::size_t kMaxUris = 8;
inline constexpr std::size_t kMaxKeys = 32;
inline constexpr std::size_t kMaxHolds = 1024;

constexpr std::size_t index_of(Side side) noexcept { return side == Side::Caller ? 0 : 1; }

/// An INVITE without To tag as seen on one hop.
struct Invite {
  std::uint32_t cseq = 0;
  std::string via_branch{};
  std::string request_uri{};  ///< address of record
  IpAddress source{};
  IpAddress destination{};
  int final_status = 0;  ///< 300..699 once it failed on this hop
};

/// One To tag: an early or confirmed dialog.
struct Branch {
  std::string to_tag{};
  std::string via_branch{};  ///< of the first response seen: names the Invite that reached this callee
  IpAddress address{};       ///< which sent that response
  std::string asserted_uri{};
  std::string contact_uri{};
  std::string display_name{};
  std::string user_agent{};
  std::optional<Time> answered{};
  std::optional<Time> ended{};
  std::string ended_by{};
};

/// What messages say of one end.
struct SideEvidence {
  std::vector<std::string> uris{};  ///< addresses of record, the most telling first
  std::string display_name{};
  std::vector<IpAddress> addresses{};
  std::string user_agent{};
  bool anonymous = false;
};

/// Whether one end holds the other: times of the requests that said so and were accepted.
struct HoldState {
  bool holds = false;
  Time since;
  std::vector<std::pair<Time, Time>> past;
};

/// Names an INVITE, UPDATE or PRACK transaction of a call, on whatever hop.
struct TransactionKey {
  std::string method{};
  std::uint32_t cseq = 0;
  Side requester = Side::Caller;
  friend bool operator==(const TransactionKey&, const TransactionKey&) = default;
};

/// What an SDP says of its first audio stream.
struct AudioState {
  sip::Direction direction = sip::Direction::SendRecv;
  bool black_hole = false;
};

/// An offer that waits for its answer (RFC 3264), from `offerer`: the requester, or who answered an INVITE without SDP.
struct PendingOffer {
  TransactionKey transaction{};
  std::string via_branch{};  ///< of the request: an ACK with the same one answers a failure
  Side offerer = Side::Caller;
  Time time{};  ///< of the request
  std::optional<AudioState> audio{};
  bool initial = false;
  bool late = false;  ///< the offer came in the 2xx; its answer comes in the ACK
};

/// A 2xx that was captured before its request.
struct EarlyAnswer {
  TransactionKey transaction{};
  Time time{};
  std::optional<AudioState> audio{};
};

/// The formats that an end accepted, from a time on.
struct FormatsSince {
  Time since;
  std::vector<sip::PayloadFormat> formats;
};

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
};

/// A key from an a=crypto line of `side`, for what it sends.
struct OfferedKey {
  Side side = Side::Caller;
  std::uint32_t tag = 0;  ///< of the line
  SrtpKey key;
};

/// A flow, or the part of it, that belongs to this call.
struct OpenTrack {
  Track track;
  rtp::FlowId flow = 0;
  rtp::FlowStats before;  ///< the flow's statistics when this track began
  std::size_t hop = 0;    ///< of the claim that it matched
  bool source_matched = false;
  bool destination_matched = false;
  bool kept = false;  ///< chunks went to the spool
};

/// Everything under one Call-ID (or one pair of endpoints, for media without signalling).
struct Call {
  std::uint64_t serial = 0;
  std::string call_id;
  bool unsignalled = false;
  bool recording_session = false;
  bool begins_before_capture = false;
  bool overflowed = false;
  bool evicted = false;  ///< closed by a bound of ours

  Time first_seen;
  Time last_seen;
  std::optional<Time> last_media;
  Duration touched{};              ///< correlator's clock at the last message or media
  std::optional<Duration> over{};  ///< the same when the call ended; none while it is open

  std::vector<std::string> caller_tags;
  std::vector<std::string> callee_tags;
  std::vector<Hop> hops;
  std::vector<Invite> invites;
  std::vector<Branch> branches;
  std::optional<Time> rang;
  std::optional<Time> cancelled;
  std::optional<Time> acknowledged;
  int final_status = 0;  ///< of the initial INVITE, when it failed; 0: none yet
  std::string final_reason;
  bool final_at_caller = false;  ///< the failure is what the caller got, not only one branch of a fork

  std::array<SideEvidence, 2> sides;
  std::array<HoldState, 2> holds;
  std::vector<PendingOffer> offers;
  std::vector<EarlyAnswer> early_answers;
  std::vector<TransactionKey> settled;  ///< the last ones whose outcome is known: later copies change nothing
  std::vector<MediaClaim> claims;
  std::vector<OfferedKey> srtp_keys;  ///< in the order in which they were told, at most kMaxSrtpKeys of each side
  std::vector<OpenTrack> tracks;
  std::vector<sip::CorrelationKey> keys;  ///< of all its messages; late ones count as well
  Notes notes;                            ///< what they carry beside
  std::uint64_t messages = 0;
  std::uint64_t retransmissions = 0;
  std::vector<std::uint64_t> recent;  ///< hashes of the last messages, a ring
  std::size_t recent_at = 0;

  /// The dialog that a recording is of: answered, and the longest open one when several were; nullptr when none was
  /// answered.
  [[nodiscard]] const Branch* answered_branch() const noexcept;
  [[nodiscard]] Branch* find_branch(std::string_view to_tag) noexcept;
};

/// Appends unless it is there or `limit` is reached; false in the latter case.
template <class T>
bool add_once(std::vector<T>& list, const T& value, std::size_t limit) {
  for (const T& have : list) {
    if (have == value) return true;
  }
  if (list.size() >= limit) return false;
  list.push_back(value);
  return true;
}

}  // namespace tapestry::calls
