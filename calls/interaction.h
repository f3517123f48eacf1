#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/note.h"
#include "calls/srtp_keys.h"
#include "core/address.h"
#include "core/time.h"
#include "pause/pause.h"
#include "rtp/chunk.h"
#include "rtp/flow_stats.h"

// What calls hands to mux and vconout when a conversation is closed: plain structs that own everything.
namespace tapestry::calls {

/// One RTP stream kept for one call: the spool's name for its chunks.
using TrackId = std::uint64_t;

/// Which end of a dialog: who sent the initial INVITE, or who was called.
enum class Side : std::uint8_t { Caller, Callee };
constexpr Side other(Side side) noexcept { return side == Side::Caller ? Side::Callee : Side::Caller; }

/// CC-02 roles, and the kinds of host that are no parties.
enum class Role : std::uint8_t { Unknown, Agent, Customer, Supervisor, Sme, Thirdparty, Bot, Recorder, Pbx, Trunk };
std::string_view to_string(Role role) noexcept;  ///< `agent`; empty for Unknown

struct Party {
  Role role = Role::Unknown;
  std::string uri;   ///< address of record, `sip:`, `sips:` or `tel:`; empty when unknown or anonymous
  std::string name;  ///< from the configuration, else the display name seen; may be empty
  std::string uuid;  ///< from the configuration
  std::string type;  ///< `person`, `bot` or `organization`
  bool name_configured = false;
  std::string stir{};          ///< PASSporT (RFC 8225) in compact form, as it was sent, not verified; empty: none
  std::string contact_list{};  ///< CC-02's; may be empty
};

/// How a payload type is to be read, from `since` on.
struct PayloadMapping {
  Time since;
  std::uint8_t payload_type = 0;
  std::string encoding;  ///< upper-case as in sip::PayloadFormat
  std::uint32_t clock_hz = 8000;
  std::uint8_t channels = 1;
  std::string parameters;
};

/// Why there is no audio. Names are those of the gaps attachment.
enum class GapReason : std::uint8_t {
  Pci,
  Hold,
  Loss,
  Codec,
  Undecryptable,
  OneWay,
  LateStart,
  EarlyEnd,
  Drop,
  NoMedia,
  Inactive,
  NotRecorded,      ///< no part of what is to be recorded
  VideoNotRecorded  ///< there was video beside the audio; on no channel
};
std::string_view to_string(GapReason reason) noexcept;  ///< `one-way`, `late-start`, ...

using pause::Pause;
using pause::PauseEnd;
using pause::PauseMark;
using pause::to_string;

/// A stretch without audio on some channels of a recording.
struct Gap {
  GapReason reason = GapReason::Loss;
  Time start;
  Time end;
  std::vector<int> channels;     ///< 0, 1 or both
  std::string detail;            ///< for people: a codec's name, `12 packets`; empty when there is nothing to say
  std::optional<Pause> pause{};  ///< with GapReason::Pci
};

/// What became of a stream: `recording`, or why not. Names are those of the report.
enum class Use : std::uint8_t {
  Recording,
  SecondHop,
  Duplicate,
  HoldMusic,
  Bot,
  Monitor,
  Undecryptable,
  Codec,
  Unassigned,
  EarlyMedia,
  NotAudio,
  OtherSource,
  NotAnswered,
  AfterEnd,
  RecordingSession
};
std::string_view to_string(Use use) noexcept;  ///< `second hop`, `hold music`, `unassigned`, ...

/// From a time up to another, which is not in it.
struct ClearSpan {
  Time from;
  Time to;
};

/// One RTP stream of a call, whether it is heard in a recording or not.
struct Track {
  TrackId id = 0;
  rtp::FlowKey flow;
  Side sender = Side::Caller;
  std::string media;                     ///< `audio`, `video`, ... of its m-line
  std::vector<PayloadMapping> payloads;  ///< sorted by since
  std::vector<std::string> codecs;       ///< encodings of the payload types that were seen, sorted
  std::string encryption;                ///< SRTP profile, `DTLS-SRTP`, or `SRTP` when nobody says how; empty: in clear
  std::vector<ClearSpan> in_clear;       ///< when an encrypted one is in clear, by what both ends agreed on; in order
  std::vector<SrtpKey> srtp_keys;  ///< candidates, sorted by since; without any it is Undecryptable. For no output
  bool guessed_keys = false;       ///< they were not told for this stream's own addresses
  rtp::FlowStats stats;
  Use use = Use::Unassigned;
};

/// A stretch of a track that belongs to a channel.
struct TrackSpan {
  std::size_t track = 0;  ///< index into Interaction::tracks
  Time from;
  Time to;
};

/// What one channel of a recording is made of; stretches in order of time, may overlap (then they are summed).
struct ChannelPlan {
  std::vector<TrackSpan> spans;
};

/// One agent's recording to be made: channel 0 customer and others, channel 1 agent.
struct RecordingPlan {
  Time start;
  Time end;
  std::vector<ChannelPlan> channels;  ///< 2
  std::vector<Gap> gaps;              ///< known from signalling (hold, inactive); mux adds what it finds in the media
  bool drops_touched = false;         ///< Interaction::drops_touched
};

enum class EventKind : std::uint8_t { Join, Drop, Hold, Unhold, Mute, Unmute, KeyDown, KeyUp };
std::string_view to_string(EventKind kind) noexcept;

/// party_history entry.
struct PartyEvent {
  std::size_t party = 0;  ///< index into Interaction::parties
  Time time;
  EventKind kind = EventKind::Join;
  char button = 0;  ///< of KeyDown and KeyUp: `0` to `9`, `*`, `#`, `A` to `D`
};

enum class DialogKind : std::uint8_t { Recording, Transfer, Incomplete };

/// Who was transferred by whom to whom (core-04 §4.3.11); indexes of parties and of the conversation's dialogs.
struct TransferPlan {
  std::size_t transferee = 0;
  std::size_t transferor = 0;
  std::size_t transfer_target = 0;
  std::optional<std::size_t> original;
  std::optional<std::size_t> consultation;
  std::optional<std::size_t> target_dialog;
};

/// A vCon dialog to be written.
struct DialogPlan {
  DialogKind kind = DialogKind::Recording;
  Time start;
  Time end;
  std::vector<std::vector<std::size_t>> channel_parties;  ///< party indexes per channel; for Incomplete: caller, callee
  std::optional<std::size_t> originator;                  ///< party index, when it is not the first listed
  std::size_t agent = 0;                                  ///< party index of whose recording it is
  std::string disposition;                                ///< Incomplete only: `busy`, `no-answer`, ...
  std::vector<PartyEvent> history;                        ///< in order of time
  std::vector<RecordingPlan>
      recording;          ///< one for Recording; none for Incomplete, and for a call whose media never passed
  std::vector<Gap> gaps;  ///< why a Recording has no content; empty otherwise
  std::optional<TransferPlan> transfer;  ///< Transfer only
};

/// One way that a dialog's messages took between two hosts.
struct Hop {
  Endpoint source;  ///< of the INVITE (or of the first message seen)
  Endpoint destination;
  std::string transport;  ///< `UDP`, `TCP`, `TLS`, `WS` or `WSS` (WebSocket)
};

/// What other dialogs of the same conversation carry as well (sip::CorrelationKey).
struct DialogKey {
  std::string kind;  ///< `session-id`, `ucid`, ...
  std::string value;
};

/// One SIP dialog (RFC 3261 §12), for the call-signalling attachment.
struct DialogSummary {
  std::string call_id;
  std::string from_tag;
  std::string to_tag;
  std::vector<Hop> hops;
  Time invited;
  std::optional<Time> answered;
  std::optional<Time> ended;
  int final_status = 0;  ///< of the INVITE; 0 when none was seen
  std::string final_reason;
  std::string ended_by;           ///< `bye caller`, `bye callee`, `cancel`, `status`, `timeout`, `capture end`
  std::string caller_user_agent;  ///< User-Agent or Server; may be empty
  std::string callee_user_agent;
  bool begins_before_capture = false;
  std::uint64_t messages = 0;
  std::uint64_t retransmissions = 0;
  std::vector<DialogKey> keys;         ///< in order of their first appearance under this Call-ID
  std::vector<std::size_t> parties{};  ///< of its ends, those that are parties: indexes into Interaction::parties
};

/// What says that two calls serve one conversation, the surest first.
enum class LinkKind : std::uint8_t {
  Replaces,       ///< INVITE with Replaces (RFC 3891)
  Join,           ///< INVITE with Join (RFC 3911)
  TargetDialog,   ///< Target-Dialog (RFC 4538)
  DialogInfo,     ///< a dialog package says that one replaced the other (RFC 4235)
  ReferReplaces,  ///< Refer-To with Replaces (RFC 5589)
  Focus,          ///< one conference focus (RFC 4579), at one time
  Refer,          ///< the INVITE that a REFER asked for (RFC 3515)
  Key,            ///< an identifier that both carry (sip::CorrelationKey)
  CallId,         ///< one names the other's Call-ID, or its own is made of it
  SharedMedia,    ///< both SDPs name both ends of one stream
  RelayedMedia,   ///< the same payloads on a stream of each
  LocalMix,       ///< a phone is in both at once, and neither is held
  Consultation,   ///< a phone called somebody while it held the other
  Proximity       ///< one host answered the one and placed the other; names and times agree
};
std::string_view to_string(LinkKind kind) noexcept;  ///< `replaces`, `refer`, ...

/// One piece of evidence. Kept for people who ask why calls were joined or left apart.
struct Link {
  std::string call_id;
  std::string other_call_id;
  LinkKind kind = LinkKind::Key;
  int strength = 0;  ///< of 100
  bool joined = false;
  Time time;
  std::string evidence;  ///< for people: the key, the target
  friend bool operator==(const Link&, const Link&) = default;
};

/// What a supervisor does on an agent's line. Names are those of the call-signalling attachment.
enum class SupervisionKind : std::uint8_t {
  Monitor,  ///< listens
  BargeIn,  ///< speaks to all
  Whisper   ///< speaks to the agent alone
};
std::string_view to_string(SupervisionKind kind) noexcept;  ///< `monitor`, `barge-in`, `whisper`

/// A stretch in which a supervisor did one of these.
struct Supervision {
  std::size_t party = 0;  ///< index into Interaction::parties
  SupervisionKind kind = SupervisionKind::Monitor;
  Time from;
  Time to;
  std::string call_id;   ///< of the supervisor's call
  std::string evidence;  ///< for people: what on the wire says so
};

/// One customer conversation, closed: all that the finisher needs.
struct Interaction {
  std::uint64_t number = 0;  ///< 1, 2, 3, ... in order of closing
  Time start;                ///< first message (or packet, for media without signalling)
  Time end;
  std::vector<Party> parties;
  std::vector<DialogPlan> dialogs;
  std::vector<Track> tracks;
  std::vector<DialogSummary> signalling;
  std::vector<Link> links;                 ///< between its calls, and to calls that were left apart; in order of time
  std::vector<Supervision> supervision{};  ///< in order of time
  Notes notes;
  Texts texts;
  std::vector<PartySession> sessions;
  ContactCentre fields;
  std::vector<Pause> pauses{};          ///< in order of start, not touching, all closed
  bool pci_suspected = false;           ///< a card number was keyed, or as many digits, without a pause
  std::optional<std::uint64_t> amends;  ///< number of the closed conversation that this one goes on with
  std::string disposition;              ///< of the conversation: `answered`, `busy`, `no-answer`, ...
  bool drops_touched = false;           ///< a bound of ours was reached while it was open
};

}  // namespace tapestry::calls
