#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/spells.h"
#include "core/time.h"
#include "sipparse/conference_info.h"
#include "sipparse/message.h"

// What conference packages (RFC 4575) tell of who takes part in a conversation.
namespace tapestry::calls {

/// Bounds: subscriptions of a conversation, participants that one of them told of, endpoints of each, and changes of
/// each of their states. What lies beyond is left out; Rosters::overflowed says so.
inline constexpr std::size_t kMaxRosters = 8;
inline constexpr std::size_t kMaxRosterMembers = 128;
inline constexpr std::size_t kMaxRosterEndpoints = 8;
inline constexpr std::size_t kMaxRosterChanges = 128;

/// An endpoint that a participant is in the conference with.
struct RosterEndpoint {
  std::string uri;
  std::string status;  ///< as in sip::ConferenceEndpoint
  std::string audio;   ///< likewise
};

/// A participant, whether still there or not.
struct RosterMember {
  std::string uri;   ///< address of record
  std::string name;  ///< display text; may be empty
  std::vector<RosterEndpoint> endpoints{};
  std::vector<std::string> known{};  ///< URIs of endpoints that it ever had
  Spells present{};
  Spells held{};   ///< all endpoints are `on-hold`
  Spells muted{};  ///< no endpoint is heard: `muted-via-focus`, or audio that is recvonly or inactive
};

/// What one subscription told.
struct Roster {
  std::string focus;         ///< the conference's address of record
  std::string subscription;  ///< Call-ID of its NOTIFYs
  std::optional<std::uint64_t> version{};
  Time last{};                  ///< of its last document
  std::optional<Time> ended{};  ///< when the subscription did
  std::vector<RosterMember> members{};
};

/// Those of one conversation.
struct Rosters {
  std::vector<Roster> list{};
  bool overflowed = false;

  /// Takes over what another conversation knew that turned out to be the same.
  void join(Rosters&& other);
};

/// The conference that a NOTIFY tells of; nothing when it holds no application/conference-info+xml.
std::optional<sip::ConferenceInfo> conference_info_in(const sip::Message& message);
/// The conference's address of record; empty when there is none.
std::string focus_of(const sip::ConferenceInfo& document);

/// Where a document came from.
struct RosterSource {
  std::string_view subscription;  ///< Call-ID
  Time time;                      ///< of the NOTIFY
  Time begun;                     ///< of the conversation: earlier times in the document are not believed, nor later
                                  ///< ones than the NOTIFY's
  bool ends = false;              ///< the subscription's last one
};

/// Takes a document: full and partial ones, participants and endpoints that are deleted (RFC 4575 §4). One whose
/// version is not above the subscription's last changes nothing. Changes count from the NOTIFY on, joins and leaves
/// from the time that the document tells for them, when it lies within the conversation.
void take_roster(Rosters& rosters, const sip::ConferenceInfo& document, const RosterSource& source);

}  // namespace tapestry::calls
