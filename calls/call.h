#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calls/claims.h"
#include "calls/interaction.h"
#include "calls/note.h"
#include "calls/spells.h"
#include "core/address.h"
#include "core/time.h"
#include "pause/gate.h"
#include "pause/marker_rule.h"
#include "pause/pauses.h"
#include "pause/record_attribute.h"
#include "sipparse/correlation_keys.h"
#include "sipparse/dialog_reference.h"
#include "sipparse/sdp.h"
#include "sipparse/session_id.h"

// What is known of one call while it is open: plain structs, written by signalling.cpp, offers.cpp and media.cpp, read
// by closing.cpp.
namespace tapestry::calls {

/// Bounds within one call. What lies beyond is left out; Call::overflowed says so.
inline constexpr std::size_t kMaxTags = 64;
inline constexpr std::size_t kMaxHops = 32;
inline constexpr std::size_t kMaxBranches = 64;
inline constexpr std::size_t kMaxInvites = 64;
inline constexpr std::size_t kMaxTracks = 256;
inline constexpr std::size_t kMaxUris = 8;
inline constexpr std::size_t kMaxKeys = 32;
inline constexpr std::size_t kMaxHolds = 1024;
inline constexpr std::size_t kMaxReferrals = 16;
inline constexpr std::size_t kMaxReferences = 16;
inline constexpr std::size_t kMaxAwaited = 16;
inline constexpr std::size_t kMaxSeenMarkers = 64;
inline constexpr std::size_t kMaxOfferedHosts = 8;
inline constexpr std::size_t kMaxPressed = 256;
inline constexpr std::size_t kMaxAccepted = 8;
inline constexpr std::size_t kMaxRecorded = 32;

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
  std::string via_branch{};     ///< of the first response seen: names the Invite that reached this callee
  IpAddress address{};          ///< which sent that response
  std::string asserted_uri{};   ///< P-Asserted-Identity, else Remote-Party-ID
  std::string asserted_name{};  ///< its display name
  std::string contact_uri{};
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

/// What an SDP says of its audio: of its first line that goes both ways, else of its first one.
struct AudioState {
  sip::Direction direction = sip::Direction::SendRecv;
  bool black_hole = false;
  bool ended = false;  ///< all its audio lines have port 0
  LineSet lines{};     ///< its audio lines
  LineSet silenced{};  ///< those of them that hold whoever is there
};

/// When an end that had spoken on one audio line held whoever is there.
struct LineHold {
  Side side = Side::Caller;
  std::size_t line = 0;
  Spells held{};
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

/// A REFER in this call (RFC 3515), or one outside of it that names it (Target-Dialog), and what came of it.
struct Referral {
  Side referrer = Side::Caller;
  std::uint32_t cseq = 0;
  Time time;
  sip::ReferTarget target;
  std::string referred_by;  ///< address of record; may be empty
  std::string call_id;      ///< of a REFER outside of the call; else empty
  int status = 0;           ///< of the REFER's response; 0: none seen
  int outcome = 0;          ///< the last status that a NOTIFY's sipfrag told; 0: none
  std::uint64_t call = 0;   ///< serial of the call that it led to; 0: none so far
};

/// Another dialog that this call's INVITE names, or that its REFER hands on.
struct Reference {
  LinkKind kind = LinkKind::Replaces;
  sip::DialogReference dialog;
  Time time;
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
  pause::Tail paused{};
};

/// A marker as it was seen: who asks for what, when.
struct Asked {
  pause::RuleName rule = pause::RuleName();  ///< none: no marker's
  pause::Action action = pause::Action::Pause;
  pause::PauseMark mark{};
  Time requested{};  ///< when the message that asks was sent; the mark's time may be that of its answer
  Endpoint source{};
  Endpoint destination{};
  std::string dialog{};     ///< SeenMessage::dialog of the message that asks
  std::string place{};      ///< where it was seen: the Call-ID, or the stream of keys
  std::string channel{};    ///< of a PBX that it is about; each is held for itself
  std::uint64_t about = 0;  ///< serial of the call that it names, when that is not the one that carries it
};

/// A resume that counts when its request is answered with a 2xx.
struct AwaitedResume {
  TransactionKey transaction{};
  Asked asked{};
};

/// A message as its sender made it: the same on every hop and in every retransmission.
struct SeenMessage {
  Side sender = Side::Caller;
  std::string dialog;  ///< both tags
  std::string method;
  std::uint32_t cseq = 0;
  int status = 0;  ///< 0: a request
  friend bool operator==(const SeenMessage&, const SeenMessage&) = default;
};

/// A 2xx as it was seen.
struct Acceptance {
  TransactionKey transaction{};
  std::string dialog{};  ///< SeenMessage::dialog
  IpAddress source{};
  IpAddress destination{};
  Time time{};
};

/// Where an SDP wants media that nobody has accepted yet.
struct OfferedHosts {
  TransactionKey transaction{};
  Side sender = Side::Caller;
  std::vector<IpAddress> hosts{};
};

/// What of a call's messages may mark a pause.
struct MarkerState {
  std::array<pause::Recording, 2> state{};       ///< by sender: a=record, as it was accepted
  std::array<pause::Recording, 2> preference{};  ///< a=recordpref
  std::vector<SeenMessage> seen;                 ///< that marked something: the last kMaxSeenMarkers
  std::vector<SeenMessage> seen_keys;            ///< that told keys: as many
  std::vector<AwaitedResume> awaited;
  std::vector<Acceptance> accepted;                   ///< the last 2xx: one may be captured before its request
  std::vector<std::string> payments;                  ///< holders that this leg is, while it is up
  std::array<std::vector<IpAddress>, 2> media_hosts;  ///< by sender: where its last accepted SDP wants media
  std::vector<OfferedHosts> offered_hosts;            ///< that are not accepted yet, at most kMaxOfferedHosts
};

/// A key that was pressed.
struct KeyPress {
  Side side = Side::Caller;
  char key = 0;
  Time start;
  Time end;
};

/// Somebody who takes part in a call that a recording session records.
struct RecordedParticipant {
  std::string identity;  ///< identity_of() the address of record
  std::string uri;       ///< address of record
  std::string name;      ///< may be empty
  std::string labels;    ///< of the recording session's streams that carry what they say, with blanks between
};

/// What a recording session tells of the call that it records; at most kMaxRecorded of each.
struct RecordedMetadata {
  std::vector<RecordedParticipant> participants;
  std::vector<std::string> session_ids;  ///< RFC 7989
  std::vector<sip::CorrelationKey> keys;
  bool stopped = false;  ///< all its media is inactive
};

/// Why a call is closed without its own end: for DialogSummary::ended_by.
enum class CloseReason : std::uint8_t { Over, Timeout, CaptureEnd };

/// Everything under one Call-ID (or one pair of endpoints, for media without signalling).
struct Call {
  std::uint64_t serial = 0;
  std::string call_id;
  bool unsignalled = false;
  bool recording_session = false;
  RecordedMetadata recorded;  ///< of a recording session
  bool begins_before_capture = false;
  bool overflowed = false;
  bool evicted = false;                       ///< closed by a bound of ours
  Duration kept_until{};                      ///< correlator's clock: it is not set aside before
  bool set_aside = false;                     ///< over, and waits for the other calls of its conversation
  CloseReason closed_by = CloseReason::Over;  ///< why it was set aside

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
  bool completed_elsewhere = false;  ///< its CANCEL said so (RFC 3326, cause 200)
  std::optional<Time> acknowledged;
  int final_status = 0;  ///< of the initial INVITE, when it failed; 0: none yet
  std::string final_reason;
  bool final_at_caller = false;  ///< the failure is what the caller got, not only one branch of a fork

  std::array<SideEvidence, 2> sides;
  std::array<Spells, 2> holds;       ///< by side: it holds the other; times of requests that said so and were accepted
  std::vector<LineHold> line_holds;  ///< the same by audio line, as its offers said
  std::array<Spells, 2> mutes;       ///< by side: its SDP says that it sends nothing, though nobody is held
  std::array<Spells, 2> mute_infos;  ///< by side: an INFO of it says so
  std::optional<Side> listener;      ///< its session descriptions never let that side send (an announcement, a page)
  std::vector<PendingOffer> offers;
  std::vector<EarlyAnswer> early_answers;
  std::vector<TransactionKey> settled;  ///< the last ones whose outcome is known: later copies change nothing
  std::vector<MediaClaim> claims;
  std::vector<HalfSession> half_sessions;
  std::vector<Agreement> agreements;  ///< in the order in which they were made
  std::vector<OfferedKey> srtp_keys;  ///< in the order in which they were told, at most kMaxSrtpKeys of each side
  std::vector<OpenTrack> tracks;
  std::vector<sip::CorrelationKey> keys;  ///< of all its messages; late ones count as well
  std::size_t indexed_keys = 0;           ///< how many of them were looked up
  std::size_t indexed_references = 0;
  std::size_t indexed_referrals = 0;
  std::array<bool, 2> indexed_ends{};  ///< by side: whether its host and name were
  bool indexed_focus = false;
  std::vector<Referral> referrals;
  std::vector<Reference> references;
  std::string referred_by;         ///< who asked for its INVITE (RFC 3892); empty when nobody is named
  std::string focus;               ///< an end's Contact, when it is a conference's (`isfocus`, RFC 4579 §4.1)
  Side focus_side = Side::Callee;  ///< whose; a conference calls its participants, too (§5.5)
  bool focus_at_once = false;      ///< it said so when the call began, not by a later change of its Contact
  std::string announcement;        ///< Request-URI of an INVITE that asks a server to play something (RFC 4240 §3)
  Notes notes;                     ///< what they carry beside
  Texts texts;
  std::vector<std::pair<std::size_t, std::uint32_t>> text_names;  ///< sender and CSeq of each of texts
  std::string passport;                                           ///< of the caller (RFC 8225); empty: none
  std::array<std::optional<sip::SessionId>, 2> session_ids;       ///< as each side sent it
  ContactCentre fields;
  MarkerState markers;
  std::vector<KeyPress> pressed;  ///< with Rules::list_keys, outside of pauses, at most kMaxPressed
  std::uint64_t messages = 0;
  std::uint64_t retransmissions = 0;
  std::vector<std::uint64_t> recent;  ///< hashes of the last messages, a ring
  std::size_t recent_at = 0;

  /// The dialog that a recording is of: answered, and the longest open one when several were; nullptr when none was
  /// answered.
  [[nodiscard]] const Branch* answered_branch() const noexcept;
  /// It was answered, and is not over.
  [[nodiscard]] bool is_up() const noexcept;
  [[nodiscard]] Branch* find_branch(std::string_view to_tag) noexcept;
};

/// Tracks in order of their first packets, those that began at one time by addresses and SSRC: which of two packets of
/// one moment was captured first changes nothing.
void sort_tracks(Call& call);

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
